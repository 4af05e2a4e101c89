/** `check` against every preset: what it sends to a receiver on loopback, and what it says of each refusal. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addCheck } from '../../../../forwarder/cli/check/check';
import { presets } from '../../../../forwarder/config/presets';
import { scratchFolder } from '../../../support/scratch';
import { arpio, KEY, listen, type Fake } from '../fakeProvider';
import { runCli } from '../runCli';

let provider: Fake;

beforeAll(async () => {
	provider = await listen(arpio([]));
});
afterAll(() => provider.close());

interface Receiver {
	path: string;
	header?: [name: string, value: string];
	env: Record<string, string>;
}

/** What each vendor documents, with `base` instead of its host. */
const RECEIVERS: Record<string, Receiver> = {
	datadog: { path: '/v1/logs', header: ['dd-api-key', 'canary-dd'], env: { DD_API_KEY: 'canary-dd' } },
	'splunk-collector': { path: '/v1/logs', env: {} },
	'splunk-otlp-addon': { path: '/v1/logs', env: {} },
	elastic: {
		path: '/v1/logs',
		header: ['authorization', 'ApiKey canary-elastic'],
		env: { ELASTIC_API_KEY: 'canary-elastic' },
	},
	loki: { path: '/otlp/v1/logs', env: {} },
	newrelic: { path: '/v1/logs', header: ['api-key', 'canary-nr'], env: { NEW_RELIC_LICENSE_KEY: 'canary-nr' } },
	honeycomb: { path: '/v1/logs', header: ['x-honeycomb-team', 'canary-hc'], env: { HONEYCOMB_API_KEY: 'canary-hc' } },
	dynatrace: {
		path: '/api/v2/otlp/v1/logs',
		header: ['authorization', 'Api-Token canary-dt'],
		env: { DT_API_TOKEN: 'canary-dt' },
	},
	'grafana-cloud': {
		path: '/otlp/v1/logs',
		header: ['authorization', 'Basic MTpjYW5hcnktZ2M='],
		env: { GRAFANA_CLOUD_OTLP_AUTH: '1:canary-gc' },
	},
	signoz: {
		path: '/v1/logs',
		header: ['signoz-ingestion-key', 'canary-sz'],
		env: { SIGNOZ_INGESTION_KEY: 'canary-sz' },
	},
	openobserve: {
		path: '/api/acme/v1/logs',
		header: ['authorization', 'Basic YUBiOmNhbmFyeS1vbw=='],
		env: { OPENOBSERVE_AUTH: 'a@b:canary-oo' },
	},
};

/** A receiver that answers as OTLP should when path and key are right, and with `otherwise` when not. */
async function receiverFor({ path, header }: Receiver, otherwise?: { status: number; body?: string; type?: string }) {
	return listen((request, response) => {
		const sized = request.headers['content-length'] === '0';
		const known = header === undefined || request.headers[header[0]] === header[1];
		request.resume().on('end', () => {
			const right = request.method === 'POST' && request.url === path && known && sized;
			const { status, body = '', type = 'text/plain' } = otherwise ?? { status: right ? 200 : 418 };
			response.writeHead(status, { 'content-type': status === 200 && !otherwise ? 'application/x-protobuf' : type });
			response.end(body.replace('<key>', String(header && request.headers[header[0]])));
		});
	});
}

async function check(preset: string, receiver: Fake, env: Record<string, string>) {
	const path = join(scratchFolder(), 'relay.yaml');
	const base = preset === 'openobserve' ? `${receiver.url}/api/acme` : receiver.url;
	await writeFile(
		path,
		[
			'destinations:',
			`  - { name: siem, preset: ${preset}, endpoint: "${base}" }`,
			'sources:',
			`  - { name: dr, provider: arpio, baseUrl: "${provider.url}", accountId: acc, apiKey: "\${env:KEY}" }`,
		].join('\n'),
	);
	const ran = await runCli(['check', '--json', '-c', path], { env: { KEY, ...env } }, [addCheck]);
	const { checks } = JSON.parse(ran.out) as { checks: Record<string, string>[] };
	const { status, detail, fix } = checks.find(({ subject }) => subject === 'destination siem')!;
	return { ...ran, status, detail, fix };
}

test('every preset is tried here', () => {
	expect(Object.keys(RECEIVERS).sort()).toEqual(Object.keys(presets).sort());
});

test.each(Object.entries(RECEIVERS))(
	'%s: an empty export at the right path with the right header',
	async (preset, row) => {
		const receiver = await receiverFor(row);
		const { code, status, detail } = await check(preset, receiver, row.env).finally(() => receiver.close());
		expect({ code, status }).toEqual({ code: 0, status: 'ok' });
		expect(detail).toContain(`${receiver.url}${row.path} accepts OTLP`);
	},
);

const PAGE = { status: 200, body: '<!doctype html><title>Log in</title>', type: 'text/html' };
const denied = (status: number) => ({ status, body: 'denied <key>' });

test.each([
	['datadog', denied(403), 'API key belongs to another site'],
	['datadog', denied(404), 'no OTLP intake'],
	['splunk-collector', denied(401), 'not the HEC token'],
	['splunk-collector', denied(404), 'logs pipeline'],
	['splunk-collector', PAGE, 'port 8000 is Splunk Web'],
	['splunk-otlp-addon', denied(404), '4317 is gRPC'],
	['elastic', denied(401), 'Authorization: ApiKey <encoded key>'],
	['elastic', PAGE, 'probably Kibana'],
	['loki', { status: 401, body: 'no org id' }, 'X-Scope-OrgID'],
	['loki', denied(404), 'must end with /otlp'],
	['newrelic', denied(403), 'keys that begin with eu01 need site: eu'],
	['honeycomb', denied(401), 'does not know this team key'],
	['dynatrace', denied(401), 'Authorization: Api-Token <token>'],
	['dynatrace', denied(403), 'lacks the scope logs.ingest'],
	['dynatrace', PAGE, 'live.dynatrace.com'],
	['grafana-cloud', denied(401), 'Basic <instance id>:<access policy token>'],
	['grafana-cloud', denied(403), 'logs:write'],
	['signoz', denied(403), 'belong to another region'],
	['openobserve', denied(401), 'Basic <email>:<password>'],
	['openobserve', denied(404), 'https://<host>/api/<organization>'],
	['honeycomb', { status: 302 }, 'Redirects are not followed'],
	['signoz', PAGE, 'A web server answered'],
])('%s answers %o: %s', async (preset, answer, words) => {
	const row = RECEIVERS[preset]!;
	const receiver = await receiverFor(row, answer);
	const { code, status, fix, out, err } = await check(preset, receiver, row.env).finally(() => receiver.close());
	expect({ code, status }).toEqual({ code: 1, status: 'failed' });
	expect(fix).toContain(words);
	// the receiver repeats the key
	for (const secret of ['canary', row.header?.[1] ?? 'canary']) expect(out + err).not.toContain(secret);
});

test.each(Object.entries(RECEIVERS).filter(([, { header }]) => header))(
	'%s refuses a wrong key: the variable is named, the key is not',
	async (preset, row) => {
		const receiver = await receiverFor(row, denied(401));
		const [variable] = Object.keys(row.env);
		const ran = await check(preset, receiver, { [variable!]: 'canary-wrong' }).finally(() => receiver.close());
		expect(ran.fix).toContain(`environment variable ${variable}`);
		expect(ran.out + ran.err).not.toContain('canary');
	},
);

test('a Collector takes an empty export without asking Splunk, and check says so', async () => {
	const row = RECEIVERS['splunk-collector']!;
	const receiver = await receiverFor(row);
	const { detail } = await check('splunk-collector', receiver, {}).finally(() => receiver.close());
	expect(detail).toContain('the HEC token and index are not tried out');
});
