/** Where the process's own metrics and logs go: the file decides, then the OpenTelemetry variables. */
import { readSecrets } from '../../../forwarder/config/secrets';
import { ENV, GOOD, load, refused } from './scratch';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example' };
const telemetry = async (text: string, env: Record<string, string> = {}) =>
	(await load(text, { ...ENV, ...env })).telemetry;

test('nobody is told, unless it is asked for', async () => {
	expect(await telemetry(GOOD)).toBeUndefined();
	expect(await telemetry(GOOD, ENDPOINT)).toBeUndefined();
	expect(await telemetry(GOOD, { ...ENDPOINT, OTEL_LOGS_EXPORTER: 'none' })).toBeUndefined();
});

test('a block in the file: one address, both signals, with what a destination can have', async () => {
	const block = `telemetry:
  endpoint: https://collector.example:4318
  headers: { api-key: "\${env:TELEMETRY_KEY}" }
  interval: 10s
`;
	const config = (await telemetry(block + GOOD, { TELEMETRY_KEY: 'canary' }))!;
	expect(config).toMatchObject({
		everyMs: 10_000,
		metrics: { endpoint: 'https://collector.example:4318/v1/metrics', compression: 'gzip', timeoutMs: 10_000 },
		logs: { endpoint: 'https://collector.example:4318/v1/logs' },
	});
	await expect(readSecrets(config.logs!.headers)).resolves.toEqual({ 'api-key': 'canary' });
	expect(await telemetry(`${block}  logs: false\n${GOOD}`, { TELEMETRY_KEY: 'x' })).not.toHaveProperty('logs');
	const { message } = await refused(block.replace('"${env:TELEMETRY_KEY}"', 'canary') + GOOD, ENV);
	expect(message).toContain('telemetry.headers.api-key');
	expect(message).not.toContain('canary');
});

test('the variables: each signal is asked for by its own, and has its own address', async () => {
	const both = { ...ENDPOINT, OTEL_METRICS_EXPORTER: 'otlp', OTEL_LOGS_EXPORTER: 'otlp' };
	expect(
		await telemetry(GOOD, {
			...both,
			OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'https://metrics.example/own/path',
			OTEL_METRIC_EXPORT_INTERVAL: '5000',
		}),
	).toMatchObject({
		everyMs: 5000,
		metrics: { endpoint: 'https://metrics.example/own/path' },
		logs: { endpoint: 'https://collector.example/v1/logs' },
	});
	const metrics = await telemetry(GOOD, { ...ENDPOINT, OTEL_METRICS_EXPORTER: 'prometheus,otlp' });
	expect(metrics).toMatchObject({ metrics: { endpoint: 'https://collector.example/v1/metrics' } });
	expect(metrics).not.toHaveProperty('logs');
});

test('what cannot be is said: no address, another exporter', async () => {
	const { message } = await refused(GOOD, { ...ENV, OTEL_LOGS_EXPORTER: 'otlp' });
	expect(message).toMatch(/OTEL_LOGS_EXPORTER.*no address.*OTEL_EXPORTER_OTLP_LOGS_ENDPOINT/s);
	const { warnings } = await load(GOOD, { ...ENV, OTEL_LOGS_EXPORTER: 'console' });
	expect(warnings.join()).toContain('OTEL_LOGS_EXPORTER: console is not supported');
});

test('variables that only the telemetry uses are not said to be unused', async () => {
	const used = await load(GOOD, { ...ENV, ...ENDPOINT, OTEL_METRICS_EXPORTER: 'otlp' });
	expect(used.warnings.join()).not.toContain('not used');
	const unused = await load(GOOD, { ...ENV, ...ENDPOINT });
	expect(unused.warnings.join()).toContain('not used');
});
