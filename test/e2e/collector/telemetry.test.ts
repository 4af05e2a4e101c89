/** The process's own metrics and log at a real Collector. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { start } from '../../support/command';
import { scene, type Scene } from '../../support/scene';
import { scratchFolder } from '../../support/scratch';
import { until } from '../support/wait';
import { fileRecords } from './fileRecords';
import { local, otelcol, startCollector, type Collector } from './otelcol';

const BUILD_MS = 1_200_000;
let here: Scene;
let collector: Collector;

beforeAll(() => void otelcol(), BUILD_MS);
beforeEach(async () => void (here = await scene()));
afterEach(async () => {
	await collector.kill();
	await here.end();
});

interface Metrics {
	resourceMetrics: {
		resource: { attributes: { key: string; value: { stringValue: string } }[] };
		scopeMetrics: { metrics: { name: string; unit?: string }[] }[];
	}[];
}

function metricsIn(path: string): Metrics['resourceMetrics'] {
	if (!existsSync(path)) return [];
	const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
	return lines.flatMap((line) => (JSON.parse(line) as Metrics).resourceMetrics);
}

test.each(['by a block in the file', 'by the variables'])('metrics and log lines arrive, %s', async (how) => {
	const folder = scratchFolder();
	const [logs, metrics] = [join(folder, 'logs.json'), join(folder, 'metrics.json')];
	collector = await startCollector(local('telemetry.yaml'), { LOGS: logs, METRICS: metrics });
	const byVariables = {
		...{ OTEL_METRICS_EXPORTER: 'otlp', OTEL_LOGS_EXPORTER: 'otlp', OTEL_METRIC_EXPORT_INTERVAL: '1000' },
		OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
	};
	const inFile = how.includes('file');
	if (inFile) here.configure((yaml) => `telemetry:\n  endpoint: ${collector.url}\n  interval: 1s\n${yaml}`);
	const env = { ...here.options.env, ...(!inFile && byVariables) };
	const daemon = start(['run'], { ...here.options, env });
	const named = () =>
		new Map(
			metricsIn(metrics).flatMap(({ scopeMetrics }) =>
				scopeMetrics.flatMap((scope) => scope.metrics.map(({ name, unit }) => [name, unit] as const)),
			),
		);
	await until('polls have been measured', () => named().has('audit_relay.provider.request.duration'));
	expect(named().get('audit_relay.source.watermark.lag')).toBe('s');
	expect(named().get('process.resident_memory')).toBe('By');
	daemon.process.kill('SIGTERM');
	expect(await daemon.finished).toMatchObject({ code: 0 });
	const [{ resource }] = metricsIn(metrics) as [Metrics['resourceMetrics'][number]];
	const about = Object.fromEntries(resource.attributes.map(({ key, value }) => [key, value.stringValue]));
	expect(about).toMatchObject({ 'service.name': 'audit-relay', 'service.instance.id': expect.any(String) as string });
	// the last line is sent before the process ends, and the file exporter writes once a second
	const bodies = () => fileRecords(logs).map(({ body }) => body);
	await until('the log has arrived', () => bodies().some((body) => String(body).startsWith('stopped')));
	expect(bodies()).toEqual(expect.arrayContaining(['started', 'new events']));
	const started = fileRecords(logs).find(({ body }) => body === 'started')!;
	expect(started.resource).toMatchObject(about);
	expect(started.attributes).toMatchObject({ 'audit_relay.sources': ['dr', 'erp', 'app'] });
});
