/** The answer of a real Collector for each answer of its destination: what docs/destinations.md says of it. */
import { scratchFolder } from '../../support/scratch';
import { hec } from './hecServer';
import { startServer, type HttpServer, type Reply } from './httpServer';
import { deployed, otelcol, startCollector, type Collector } from './otelcol';

let reply: Reply;
let server: HttpServer;
let collector: Collector | undefined;

beforeAll(() => void otelcol(), 1_200_000);
beforeEach(async () => {
	server = await startServer(() => reply);
});
afterEach(async () => {
	await collector?.kill();
	await server.close();
});

async function answers(file: string, replies: Record<string, Reply>): Promise<Record<string, number>> {
	const env = {
		SPLUNK_HEC_URL: `${server.url}/services/collector`,
		SPLUNK_HEC_TOKEN: 'token-of-the-test',
		DATADOG_OTLP_LOGS: `${server.url}/v1/logs`,
		DD_API_KEY: 'key-of-the-test',
	};
	collector = await startCollector(deployed(file), env);
	const seen: Record<string, number> = {};
	for (const [name, given] of Object.entries(replies)) {
		reply = given;
		seen[name] = await post(collector.url);
	}
	await server.close();
	seen['down'] = await post(collector.url);
	return seen;
}

async function post(url: string): Promise<number> {
	const record = { timeUnixNano: '1770798600500000000', body: { stringValue: 'a record' } };
	const response = await fetch(`${url}/v1/logs`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] }),
	});
	// whatever its destination asked for, it asks for no pause
	expect(response.headers.get('retry-after')).toBeNull();
	await response.text();
	return response.status;
}

const statuses = (...codes: number[]) =>
	Object.fromEntries(codes.map((status) => [status, { status, headers: { 'retry-after': '7' } }]));

test('splunk_hec: 500 for what HEC refuses for good, 503 for all else, even when repeating cannot help', async () => {
	const seen = await answers('splunk.yaml', {
		...statuses(200, 404, 408, 413, 429, 500, 502, 503, 504),
		'400': hec.badData,
		'401': hec.unauthorized,
		'403': hec.wrongToken,
	});
	expect(seen).toEqual({
		...{ '200': 200, '400': 500, '401': 500, '403': 500, '404': 503, '408': 503, '413': 503 },
		...{ '429': 503, '500': 503, '502': 503, '503': 503, '504': 503, down: 503 },
	});
});

test('otlp_http: the same status, except 408 and 413 (500) and 502 and 504 (503)', async () => {
	const seen = await answers('datadog.yaml', statuses(200, 400, 401, 403, 404, 408, 413, 429, 500, 502, 503, 504));
	expect(seen).toEqual({
		...{ '200': 200, '400': 400, '401': 401, '403': 403, '404': 404, '408': 500, '413': 500 },
		...{ '429': 429, '500': 500, '502': 503, '503': 503, '504': 503, down: 503 },
	});
});

test('splunk_hec with a buffer: 200 while there is room on its disk, then 503', async () => {
	reply = hec.busy;
	const env = { SPLUNK_HEC_URL: server.url, SPLUNK_HEC_TOKEN: 'token-of-the-test', QUEUE_DIRECTORY: scratchFolder() };
	const small = ['queue_size: 2', 'num_consumers: 1'].map((n) => `yaml:exporters::splunk_hec::sending_queue::${n}`);
	collector = await startCollector(deployed('splunk-buffered.yaml'), env, undefined, small);
	const seen = [];
	for (let n = 0; n < 5; n++) seen.push(await post(collector.url));
	expect(seen).toEqual([200, 200, 503, 503, 503]);
});

test('splunk_hec takes a web page for success, otlp_http too: a wrong address behind a Collector goes unseen', async () => {
	const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Please sign in</html>' };
	expect(await answers('splunk.yaml', { page })).toMatchObject({ page: 200 });
	await collector!.kill();
	server = await startServer(() => reply);
	expect(await answers('datadog.yaml', { page })).toMatchObject({ page: 200 });
});
