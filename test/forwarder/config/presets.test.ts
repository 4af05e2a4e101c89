/** One row per receiver: what a configuration with nothing but the preset and its key leads to, in literal values. */
import { readSecrets } from '../../../forwarder/config/secrets';
import { ENV, GOOD, load, refused } from './scratch';

const HOUR = 3_600_000;

const withPreset = (preset: string, more = '') =>
	GOOD.replace('endpoint: https://collector.example:4318', `preset: ${preset}${more && `\n    ${more}`}`);

interface Expected {
	endpoint: string;
	headers: Record<string, string>;
	maxEventAgeMs?: number;
	limits?: object;
}

type Row = [preset: string, more: string, env: Record<string, string>, expected: Expected];

const ROWS: Row[] = [
	[
		'datadog',
		'',
		{ DD_API_KEY: 'dd-key' },
		{
			endpoint: 'https://otlp.datadoghq.com/v1/logs',
			headers: { 'dd-api-key': 'dd-key' },
			maxEventAgeMs: 18 * HOUR,
			limits: { maxBatchBytes: 5_000_000, maxRecordBytes: 1_000_000, maxRecords: 1000 },
		},
	],
	[
		'splunk-collector',
		'endpoint: http://127.0.0.1:4318',
		{},
		{ endpoint: 'http://127.0.0.1:4318/v1/logs', headers: {}, limits: { maxRecordBytes: 1_000_000 } },
	],
	[
		'splunk-otlp-addon',
		'endpoint: http://127.0.0.1:4318/',
		{},
		{ endpoint: 'http://127.0.0.1:4318/v1/logs', headers: {} },
	],
	[
		'elastic',
		'endpoint: https://p1.ingest.us-east-1.aws.elastic.cloud:443',
		{ ELASTIC_API_KEY: 'ZW5jb2RlZA==' },
		{
			endpoint: 'https://p1.ingest.us-east-1.aws.elastic.cloud/v1/logs',
			headers: { authorization: 'ApiKey ZW5jb2RlZA==' },
		},
	],
	[
		'loki',
		'endpoint: https://loki.example:3100',
		{},
		{
			endpoint: 'https://loki.example:3100/otlp/v1/logs',
			headers: {},
			maxEventAgeMs: 168 * HOUR,
			limits: { maxRecordBytes: 256_000 },
		},
	],
	[
		'newrelic',
		'',
		{ NEW_RELIC_LICENSE_KEY: 'nr-key' },
		{
			endpoint: 'https://otlp.nr-data.net/v1/logs',
			headers: { 'api-key': 'nr-key' },
			maxEventAgeMs: 48 * HOUR,
			limits: { maxBatchBytes: 1_000_000, maxRecordBytes: 128_000 },
		},
	],
	[
		'honeycomb',
		'',
		{ HONEYCOMB_API_KEY: 'hc-key' },
		{ endpoint: 'https://api.honeycomb.io/v1/logs', headers: { 'x-honeycomb-team': 'hc-key' } },
	],
	[
		'dynatrace',
		'endpoint: https://abc12345.live.dynatrace.com',
		{ DT_API_TOKEN: 'dt0c01.x.y' },
		{
			endpoint: 'https://abc12345.live.dynatrace.com/api/v2/otlp/v1/logs',
			headers: { authorization: 'Api-Token dt0c01.x.y' },
			maxEventAgeMs: 24 * HOUR,
			limits: { maxBatchBytes: 10_000_000, maxRecordBytes: 10_000_000, maxRecords: 50_000 },
		},
	],
	[
		'grafana-cloud',
		'endpoint: https://otlp-gateway-prod-eu-west-2.grafana.net/otlp',
		{ GRAFANA_CLOUD_OTLP_AUTH: '123456:glc_token' },
		{
			endpoint: 'https://otlp-gateway-prod-eu-west-2.grafana.net/otlp/v1/logs',
			headers: { authorization: 'Basic MTIzNDU2OmdsY190b2tlbg==' },
			maxEventAgeMs: 168 * HOUR,
			limits: { maxRecordBytes: 256_000 },
		},
	],
	[
		'signoz',
		'site: eu',
		{ SIGNOZ_INGESTION_KEY: 'sz-key' },
		{ endpoint: 'https://ingest.eu.signoz.cloud/v1/logs', headers: { 'signoz-ingestion-key': 'sz-key' } },
	],
	[
		'openobserve',
		'endpoint: https://api.openobserve.example/api/acme',
		{ OPENOBSERVE_AUTH: 'root@example.com:pass' },
		{
			endpoint: 'https://api.openobserve.example/api/acme/v1/logs',
			headers: { authorization: 'Basic cm9vdEBleGFtcGxlLmNvbTpwYXNz' },
			maxEventAgeMs: 5 * HOUR,
		},
	],
];

test.each(ROWS)('%s %s', async (preset, more, env, { headers, maxEventAgeMs, ...expected }) => {
	const [destination] = (await load(withPreset(preset, more), { ...ENV, ...env })).destinations;
	expect(destination).toMatchObject({ preset, compression: 'gzip', limits: {}, ...expected });
	expect(destination!.maxEventAgeMs).toBe(maxEventAgeMs);
	expect(destination!.renameAttributes).toEqual(preset === 'datadog' ? { 'session.id': 'audit.session.id' } : {});
	await expect(readSecrets(destination!.headers)).resolves.toEqual(headers);
});

test.each([
	['datadog', 'us5.datadoghq.com', 'https://otlp.us5.datadoghq.com/v1/logs'],
	['newrelic', 'eu', 'https://otlp.eu01.nr-data.net/v1/logs'],
	['newrelic', 'fedramp', 'https://gov-otlp.nr-data.net/v1/logs'],
	['honeycomb', 'eu', 'https://api.eu1.honeycomb.io/v1/logs'],
	['signoz', 'us', 'https://ingest.us.signoz.cloud/v1/logs'],
	['signoz', 'in', 'https://ingest.in.signoz.cloud/v1/logs'],
])('%s at site %s', async (preset, site, endpoint) => {
	const env = { DD_API_KEY: 'k', NEW_RELIC_LICENSE_KEY: 'k', HONEYCOMB_API_KEY: 'k', SIGNOZ_INGESTION_KEY: 'k' };
	const { destinations } = await load(withPreset(preset, `site: ${site}`), { ...ENV, ...env });
	expect(destinations[0]!.endpoint).toBe(endpoint);
});

const KEYED = ROWS.filter(([, , env]) => Object.keys(env).length > 0);

test.each(KEYED)(
	'%s %s without its key: the header and the variable are named',
	async (preset, more, env, expected) => {
		const { message, problems } = await refused(withPreset(preset, more));
		const header = Object.keys(expected.headers)[0]!;
		expect(problems.map(({ key }) => key)).toEqual([`destinations[0].headers.${header}`]);
		expect(message).toContain(`needs the header ${header}. Set ${Object.keys(env)[0]} to `);
	},
);

test.each(['datadog', 'newrelic', 'honeycomb', 'signoz'])(
	'%s at an endpoint of one’s own, a Collector for instance, needs no key there, and takes one that is set',
	async (preset) => {
		const text = withPreset(preset, 'endpoint: http://127.0.0.1:4318');
		const variable = ROWS.map(([name, , env]) => name === preset && Object.keys(env)[0]).find(Boolean) as string;
		const [without] = (await load(text)).destinations;
		expect(without).toMatchObject({ endpoint: 'http://127.0.0.1:4318/v1/logs', headers: {} });
		const [having] = (await load(text, { ...ENV, [variable]: 'k' })).destinations;
		expect(Object.keys(having!.headers)).toHaveLength(1);
	},
);

test.each(ROWS.filter(([, more]) => more.startsWith('endpoint')))('%s demands an endpoint', async (preset, _, env) => {
	const { message } = await refused(withPreset(preset), { ...ENV, ...env });
	expect(message).toMatch(/destinations\[0\]\.endpoint: is missing: .+ has no address for all\. Write endpoint: http/);
});

test('a site where the vendor has none', async () => {
	const { message } = await refused(withPreset('loki', 'site: eu'));
	expect(message).toContain(
		'site: does not apply to the preset loki. Remove it, and write endpoint: http://127.0.0.1:3100.',
	);
});

describe('a header of the configuration', () => {
	const headersOf = async (value: string, env: Record<string, string>) => {
		const more = `endpoint: https://x.example\n    headers: { Authorization: "${value}", x-tenant: a }`;
		const [destination] = (await load(withPreset('elastic', more), { ...ENV, ...env })).destinations;
		return readSecrets(destination!.headers);
	};

	test('wins over the variable, and gets the scheme when it has none', async () => {
		const headers = await headersOf('${env:MINE}', { MINE: 'bWluZQ==', ELASTIC_API_KEY: 'other' });
		expect(headers).toEqual({ Authorization: 'ApiKey bWluZQ==', 'x-tenant': 'a' });
	});

	test('keeps the scheme that it has', async () => {
		expect(await headersOf('Bearer ${env:MINE}', { MINE: 'abc' })).toMatchObject({ Authorization: 'Bearer abc' });
	});
});

test('a Basic value that is encoded already stays as it is', async () => {
	const text = withPreset('openobserve', 'endpoint: https://o.example/api/acme');
	const [destination] = (await load(text, { ...ENV, OPENOBSERVE_AUTH: 'dTpw' })).destinations;
	await expect(readSecrets(destination!.headers)).resolves.toEqual({ authorization: 'Basic dTpw' });
});

test.each([
	'https://loki.example/otlp',
	'https://loki.example/otlp/',
	'https://loki.example/otlp/v1/logs',
	'https://loki.example',
])('loki at %s: nothing is appended twice', async (endpoint) => {
	const { destinations } = await load(withPreset('loki', `endpoint: ${endpoint}`));
	expect(destinations[0]!.endpoint).toBe('https://loki.example/otlp/v1/logs');
});

test('the Collector in front of Splunk gets the time that Splunk needs, unless told otherwise', async () => {
	const endpoint = 'endpoint: http://127.0.0.1:4318';
	expect((await load(withPreset('splunk-collector', endpoint))).destinations[0]!.timeoutMs).toBe(60_000);
	const shorter = withPreset('splunk-collector', `${endpoint}\n    timeout: 5s`);
	expect((await load(shorter)).destinations[0]!.timeoutMs).toBe(5000);
});
