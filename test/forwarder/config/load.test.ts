import { dirname, join } from 'node:path';
import { fingerprint } from '../../../forwarder/config/fingerprint';
import { formatDuration, parseDuration } from '../../../core/durations';
import { loadConfig } from '../../../forwarder/config/load';
import { loadStatePlace } from '../../../forwarder/config/loadPart';
import { jsonSchema } from '../../../forwarder/config/schema/json';
import { readSecrets } from '../../../forwarder/config/secrets';
import { STARTER } from '../../../forwarder/config/starter';
import { allProviders, providerNames, providers } from '../../../providers/registry';
import { fromMillis } from '../../../core/time';
import { ENV, GOOD, load, NOW, refused, writeConfig } from './scratch';

const DATADOG = GOOD.replace('endpoint: https://collector.example:4318', 'preset: datadog');
const NO_DESTINATION = GOOD.slice(GOOD.indexOf('sources:'));

describe('defaults', () => {
	test('a minimal file is completed', async () => {
		const path = await writeConfig(GOOD);
		const config = await loadConfig(path, ENV, NOW);
		expect(config).toMatchObject({
			state: { path: join(dirname(path), 'audit-relay.db') },
			server: { host: '127.0.0.1', port: 9464 },
			destinations: [
				{ name: 'siem', endpoint: 'https://collector.example:4318/v1/logs', compression: 'gzip', timeoutMs: 10_000 },
			],
			sources: [
				{
					provider: providers.arpio,
					baseUrl: 'https://api.arpio.io',
					settings: { accountId: 'acc' },
					sizes: { pageSize: 100, maxPageSize: 1000 },
					start: fromMillis(NOW),
					pollIntervalMs: 60_000,
					latenessMs: 600_000,
					dropReads: false,
					destinations: ['siem'],
				},
			],
		});
		expect(config.sources[0]!.reconcile).toBeUndefined();
	});

	test('auditapi looks at the past again unless told not to', async () => {
		const auditapi = GOOD.replace('provider: arpio\n    accountId: acc', 'provider: auditapi');
		expect((await load(auditapi)).sources[0]!.reconcile).toEqual({ everyMs: 3_600_000, spanMs: 172_800_000 });
		const off = auditapi.replace('provider: auditapi', 'provider: auditapi\n    reconcile: { enabled: false }');
		expect((await load(off)).sources[0]!.reconcile).toBeUndefined();
	});

	test('the status server can be switched off', async () => {
		expect((await load(`server: { enabled: false }\n${GOOD}`)).server).toBeUndefined();
		expect((await load(`server: { listen: "[::1]:80" }\n${GOOD}`)).server).toEqual({ host: '::1', port: 80 });
		expect((await load(`server: { hosts: [relay.svc] }\n${GOOD}`)).server).toMatchObject({ hosts: ['relay.svc'] });
	});

	test.each([
		['7d', NOW - 7 * 86_400_000],
		['2026-01-31', Date.parse('2026-01-31')],
		['2026-01-31T10:00:00+02:00', Date.parse('2026-01-31T08:00:00Z')],
	])('start %s', async (start, expected) => {
		const text = GOOD.replace('accountId: acc', `accountId: acc\n    start: ${start}`);
		expect((await load(text)).sources[0]!.start).toBe(fromMillis(expected));
	});

	test('an endpoint that names /v1/logs stays as it is', async () => {
		const text = GOOD.replace(':4318', ':4318/otlp/v1/logs/');
		expect((await load(text)).destinations[0]!.endpoint).toBe('https://collector.example:4318/otlp/v1/logs');
	});
});

describe('preset datadog', () => {
	test('fills in endpoint, age limit and attribute names, and takes the key from DD_API_KEY', async () => {
		const [destination] = (await load(DATADOG, { ...ENV, DD_API_KEY: 'dd' })).destinations;
		expect(destination).toMatchObject({
			endpoint: 'https://otlp.datadoghq.com/v1/logs',
			maxEventAgeMs: 18 * 3_600_000,
			renameAttributes: { 'session.id': 'audit.session.id' },
		});
		await expect(readSecrets(destination!.headers)).resolves.toEqual({ 'dd-api-key': 'dd' });
	});

	test('another site', async () => {
		const text = DATADOG.replace('preset: datadog', 'preset: datadog\n    site: datadoghq.eu');
		const [destination] = (await load(text, { ...ENV, DD_API_KEY: 'dd' })).destinations;
		expect(destination!.endpoint).toBe('https://otlp.datadoghq.eu/v1/logs');
	});

	test('without a key', async () => {
		expect((await refused(DATADOG)).message).toContain(
			'destinations[0].headers.dd-api-key: is missing: Datadog needs the header dd-api-key. Set DD_API_KEY to an API key (no application key), or write headers: { dd-api-key: "${env:NAME}" }.',
		);
	});
});

describe('OpenTelemetry variables', () => {
	test('make a destination when the file has none', async () => {
		const config = await load(NO_DESTINATION, {
			...ENV,
			OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example/base/',
			OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20b,x=1=2',
			OTEL_EXPORTER_OTLP_TIMEOUT: '2500',
			OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
			OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=prod,team=a%2Cb',
		});
		expect(config.destinations[0]).toMatchObject({
			name: 'otlp',
			endpoint: 'https://collector.example/base/v1/logs',
			compression: 'none',
			timeoutMs: 2500,
		});
		await expect(readSecrets(config.destinations[0]!.headers)).resolves.toEqual({ 'api-key': 'a b', x: '1=2' });
		expect(config.resourceAttributes).toEqual({ 'deployment.environment.name': 'prod', team: 'a,b' });
		expect(config.sources[0]!.destinations).toEqual(['otlp']);
	});

	test('the endpoint for logs is the whole URL and wins', async () => {
		const config = await load(NO_DESTINATION, {
			...ENV,
			OTEL_EXPORTER_OTLP_ENDPOINT: 'https://general.example',
			OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'https://logs.example/intake',
		});
		expect(config.destinations[0]!.endpoint).toBe('https://logs.example/intake');
	});

	test('http to another host needs OTEL_EXPORTER_OTLP_INSECURE', async () => {
		const env = { ...ENV, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
		expect((await refused(NO_DESTINATION, env)).message).toContain(
			'OTEL_EXPORTER_OTLP_ENDPOINT: http:// would send the key in clear text to another host. Use https://, or set OTEL_EXPORTER_OTLP_INSECURE=true.',
		);
		await expect(load(NO_DESTINATION, { ...env, OTEL_EXPORTER_OTLP_INSECURE: 'true' })).resolves.toBeDefined();
	});

	test('a malformed header list is named, not quoted', async () => {
		const env = { ...ENV, OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c.example', OTEL_EXPORTER_OTLP_HEADERS: 'canary' };
		const { message } = await refused(NO_DESTINATION, env);
		expect(message).toContain('OTEL_EXPORTER_OTLP_HEADERS: entry 1 is not name=value.');
		expect(message).not.toContain('canary');
	});
});

describe('starter file', () => {
	const settings = allProviders().flatMap((provider) => Object.values(provider.settings));
	const examples = Object.fromEntries(settings.flatMap(({ example }) => (example ? [[example, 'x']] : [])));
	const env = {
		...ENV,
		...examples,
		ARPIO_API_KEY: 'a:b',
		DD_API_KEY: 'd',
		OTLP_TOKEN: 't',
	};

	test('loads as it is', async () => {
		expect((await load(STARTER, env)).sources.map(({ name }) => name)).toEqual(['arpio']);
	});

	test('loads with every example switched on', async () => {
		const text = STARTER.replace(/^( {2,})# (- |\w+:| {2}\w+:)/gm, '$1$2');
		const config = await load(text, env);
		expect(config.sources.map(({ name }) => name)).toEqual(providerNames);
		expect(config.destinations.map(({ name }) => name)).toEqual(['collector', 'datadog']);
		expect(config.sources[0]!.redact).toEqual(['requestInfo.query.nextToken']);
	});
});

test('the JSON Schema describes every key', () => {
	const undescribed: string[] = [];
	const visit = (schema: Record<string, unknown>, at: string) => {
		for (const [key, value] of Object.entries(
			(schema['properties'] ?? {}) as Record<string, Record<string, unknown>>,
		)) {
			if (!value['description'] && !value['$ref']) undescribed.push(`${at}.${key}`);
			visit(value, `${at}.${key}`);
			if (value['items']) visit(value['items'] as Record<string, unknown>, `${at}.${key}[]`);
		}
	};
	visit(jsonSchema(), '');
	expect(undescribed).toEqual([]);
	expect(jsonSchema()).toMatchObject({
		additionalProperties: false,
		anyOf: [{ required: ['sources'] }, { required: ['include'] }],
	});
});

describe('fingerprint', () => {
	const of = async (text: string) => fingerprint((await load(text)).sources[0]!);

	test.each([
		['page size', 'accountId: acc\n    pageSize: 7'],
		['interval', 'accountId: acc\n    pollInterval: 5s'],
		['base URL written with a slash', 'accountId: acc\n    baseUrl: https://api.arpio.io/'],
	])('does not depend on the %s', async (_, change) => {
		expect(await of(GOOD.replace('accountId: acc', change))).toBe(await of(GOOD));
	});

	test.each([
		['account', 'accountId: other'],
		['base URL', 'accountId: acc\n    baseUrl: https://other.example'],
		['filter', 'accountId: acc\n    filter: { dropReads: true }'],
	])('depends on the %s', async (_, change) => {
		expect(await of(GOOD.replace('accountId: acc', change))).not.toBe(await of(GOOD));
	});
});

test.each([
	['500ms', 500],
	['1.5h', 5_400_000],
	['7d', 604_800_000],
	['7', undefined],
	['-1s', undefined],
	['1 day', undefined],
])('duration %s', (text, ms) => {
	expect(parseDuration(text)).toBe(ms);
});

test('durations are printed with their two largest units', () => {
	expect([450, 61_000, 3_600_000, 183_600_000].map(formatDuration)).toEqual(['450ms', '1m 1s', '1h', '2d 3h']);
});

test('where the state is can be told without keys, and with the same words when it is wrong', async () => {
	const path = await writeConfig(`state: { path: "\${env:DIR}/relay.db" }\n${GOOD}`);
	await expect(loadStatePlace(path, { DIR: '/var/lib' })).resolves.toEqual({ state: { path: '/var/lib/relay.db' } });
	await expect(loadStatePlace(path, {})).rejects.toThrow(':1:16 state.path: environment variable DIR is not set.');
	await expect(loadStatePlace(await writeConfig(`state: { pth: x }\n${GOOD}`), {})).rejects.toThrow(
		'state.pth: unknown key. Did you mean "path"?',
	);
	const relative = await writeConfig(GOOD);
	await expect(loadStatePlace(relative, {})).resolves.toEqual({
		state: { path: join(dirname(relative), 'audit-relay.db') },
	});
});
