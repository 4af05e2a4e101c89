import { inspect } from 'node:util';
import type { ExportResult } from '@opentelemetry/core';
import { LoggerProvider, type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { connect, type Connections } from '../../../forwarder/export/connections';
import { AckingOtlpExporter, type ExporterOptions } from '../../../forwarder/export/exporter';
import { uids } from '../delivery/support/decode';
import { ids } from '../delivery/support/events';
import { partialSuccess, Receiver, status } from '../delivery/support/receiver';

const CANARY = 'canary-7f3a9c';

let receiver: Receiver;
let connections: Connections;

beforeEach(async () => {
	receiver = await Receiver.start();
	connections = connect(new URL(`${receiver.endpoint}/v1/logs`), 4);
});

afterEach(async () => {
	connections.close();
	await receiver.stop();
});

function exporter(more: Partial<ExporterOptions> = {}) {
	return new AckingOtlpExporter({
		connections,
		compression: 'none',
		headers: () => ({ 'dd-api-key': CANARY }),
		timeoutMs: 10_000,
		lenientResponse: false,
		userAgent: 'audit-relay/1.2.3',
		now: () => 0,
		...more,
	});
}

const forceFlush = async () => undefined;

/** As the SDK gives them to an exporter. */
function records(count = 2): ReadableLogRecord[] {
	const taken: ReadableLogRecord[] = [];
	const collect = { onEmit: (record: ReadableLogRecord) => void taken.push(record), forceFlush, shutdown: forceFlush };
	const logger = new LoggerProvider({ processors: [collect] }).getLogger('test');
	for (const id of ids(count)) logger.emit({ body: `{"id":"${id}"}`, attributes: { 'log.record.uid': `arpio:${id}` } });
	return taken;
}

describe('one request', () => {
	it('posts protobuf with its length', async () => {
		expect(await exporter().send(records())).toEqual({ kind: 'accepted' });
		const [request] = receiver.received;
		expect(request).toMatchObject({ method: 'POST', path: '/v1/logs' });
		expect(request!.headers).toMatchObject({
			'content-type': 'application/x-protobuf',
			'content-length': String(request!.bytes.length),
			'user-agent': 'audit-relay/1.2.3',
			'dd-api-key': CANARY,
		});
		expect(request!.headers['transfer-encoding']).toBeUndefined();
		expect(request!.headers['content-encoding']).toBeUndefined();
		expect(uids(request!.body)).toEqual(['arpio:e0', 'arpio:e1']);
	});

	it.each(['gzip', 'zstd'] as const)('compresses with %s', async (compression) => {
		await exporter({ compression }).send(records(200));
		const [request] = receiver.received;
		expect(request!.headers['content-encoding']).toBe(compression);
		expect(request!.headers['content-length']).toBe(String(request!.bytes.length));
		expect(request!.bytes.length).toBeLessThan(request!.body.length / 3);
		expect(uids(request!.body)).toHaveLength(200);
	});

	it('carries 10,000 records', async () => {
		await exporter().send(records(10_000));
		expect(uids(receiver.received[0]!.body)).toEqual(ids(10_000).map((id) => `arpio:${id}`));
	});

	it('sends no records as an empty body, uncompressed', async () => {
		await exporter({ compression: 'gzip' }).sendBody(new Uint8Array());
		expect(receiver.received[0]!.headers).toMatchObject({ 'content-length': '0' });
		expect(receiver.received[0]!.headers['content-encoding']).toBeUndefined();
	});

	it('reads its headers again each time and keeps its own', async () => {
		let key = 0;
		const one = exporter({ headers: async () => ({ 'X-Key': `key-${++key}`, 'Content-Type': 'text/plain' }) });
		await one.send(records());
		await one.send(records());
		expect(receiver.received.map(({ headers }) => headers['x-key'])).toEqual(['key-1', 'key-2']);
		expect(receiver.received[0]!.headers['content-type']).toBe('application/x-protobuf');
	});

	it('waits when its headers cannot be read', async () => {
		const headers = () => Promise.reject(new Error(`cannot parse ${CANARY}`));
		expect(await exporter({ headers }).send(records())).toEqual({
			kind: 'retry',
			throttled: false,
			reason: 'request headers cannot be read: unknown reason',
		});
		expect(receiver.received).toEqual([]);
	});

	// what the stock exporter says about each of these is in the comment
	it.each([
		['200 with a web page', status(200, '<html>', { 'content-type': 'text/html' }), 'misconfigured'], // SUCCESS
		['partial success', status(200, partialSuccess(2, 'old'), { 'content-type': 'application/x-protobuf' }), 'partial'], // SUCCESS
		['202', status(202), 'accepted'],
		['301', status(301, '', { location: '/elsewhere' }), 'misconfigured'],
		['307', status(307, '', { location: '/elsewhere' }), 'misconfigured'],
		['400', status(400), 'poison'],
		['401', status(401), 'misconfigured'],
		['403', status(403), 'misconfigured'],
		['404', status(404), 'misconfigured'],
		['408', status(408), 'maybe'], // FAILED for good
		['413', status(413), 'tooBig'],
		['429', status(429, '', { 'retry-after': '60' }), 'retry'], // FAILED, without code or Retry-After
		['500', status(500), 'maybe'], // FAILED for good
		['501', status(501), 'misconfigured'],
		['502', status(502), 'retry'],
		['503', status(503), 'retry'], // FAILED after 10 s
		['504', status(504), 'retry'],
	])('answered by %s is sent once', async (_, respond, kind) => {
		receiver.otherwise = respond;
		expect((await exporter().send(records())).kind).toBe(kind);
		expect(receiver.received).toHaveLength(1);
	});

	it('passes Retry-After on, also when the body of the error breaks off', async () => {
		receiver.otherwise = (response, _request, socket) => {
			response.writeHead(429, { 'retry-after': '60', 'content-length': '9' });
			response.write('slow', () => socket.destroy());
		};
		expect(await exporter().send(records())).toMatchObject({ kind: 'retry', throttled: true, afterMs: 60_000 });
	});

	it('passes Retry-After on', async () => {
		receiver.otherwise = status(429, '', { 'retry-after': '60' });
		expect(await exporter().send(records())).toMatchObject({ kind: 'retry', afterMs: 60_000, throttled: true });
	});
});

describe('no complete answer', () => {
	it.each<[string, (typeof receiver)['otherwise']]>([
		['connection closed before an answer', (_response, _request, socket) => socket.destroy()],
		['connection reset', (_response, _request, socket) => socket.resetAndDestroy()],
		[
			'connection closed in the middle of the answer',
			(response, _request, socket) => {
				response.writeHead(200, { 'content-length': '10' });
				response.write('12345', () => socket.destroy());
			},
		],
	])('%s', async (_, respond) => {
		receiver.otherwise = respond;
		expect(await exporter().send(records())).toMatchObject({ kind: 'retry', throttled: false });
	});

	it('connection refused', async () => {
		const one = exporter({ connections: connect(new URL('http://127.0.0.1:1/v1/logs'), 1) });
		expect(await one.send(records())).toEqual({
			kind: 'retry',
			throttled: false,
			reason: 'no answer (ECONNREFUSED)',
		});
	});

	it('connection closed in the middle of the request', async () => {
		const { createServer } = await import('node:net');
		const server = createServer((socket) => socket.on('error', () => undefined).once('data', () => socket.destroy()));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as { port: number };
		const one = exporter({ connections: connect(new URL(`http://127.0.0.1:${port}/v1/logs`), 1) });
		expect(await one.send(records(10_000))).toMatchObject({ kind: 'retry', throttled: false });
		server.close();
	});

	it('an answer too late counts as none, although the records arrived', async () => {
		receiver.otherwise = () => undefined;
		expect(await exporter({ timeoutMs: 50 }).send(records())).toEqual({
			kind: 'retry',
			throttled: false,
			reason: 'no answer (timeout)',
		});
		expect(receiver.received).toHaveLength(1);
	});

	it('the time limit is for the whole answer, not for its silence', async () => {
		let drip: NodeJS.Timeout | undefined;
		receiver.otherwise = (response) => {
			response.writeHead(200);
			drip = setInterval(() => response.write('x'), 10);
		};
		expect(await exporter({ timeoutMs: 100 }).send(records())).toMatchObject({ reason: 'no answer (timeout)' });
		clearInterval(drip);
	});

	it('a stop in the middle rejects', async () => {
		const stop = new AbortController();
		receiver.otherwise = () => stop.abort(new Error('stopped'));
		await expect(exporter().send(records(), stop.signal)).rejects.toThrow('stopped');
	});
});

describe('an answer without end', () => {
	const megabyte = 'x'.repeat(1024 * 1024);

	it('is cut off and never taken for success', async () => {
		let sent = 0;
		receiver.otherwise = (response) => {
			response.writeHead(200);
			const more = (): void => {
				if (response.destroyed || ++sent > 200) return;
				response.write(megabyte, more);
			};
			more();
		};
		expect(await exporter().send(records())).toMatchObject({ kind: 'misconfigured' });
		expect(sent).toBeLessThan(50);
	});

	it('still counts by its status when that is a failure', async () => {
		receiver.otherwise = status(503, megabyte.repeat(5));
		expect(await exporter().send(records())).toMatchObject({ kind: 'retry', throttled: true });
	});
});

describe('export(), the face for the SDK', () => {
	const exported = (one: AckingOtlpExporter) => new Promise<ExportResult>((resolve) => one.export(records(), resolve));

	it('says success for a full success only', async () => {
		expect(await exported(exporter())).toEqual({ code: 0 });
		receiver.otherwise = status(200, partialSuccess(1, 'old'));
		expect(await exported(exporter())).toMatchObject({ code: 1, error: { answer: { kind: 'partial', rejected: 1 } } });
		receiver.otherwise = status(500, 'sorry');
		expect(await exported(exporter())).toMatchObject({ code: 1, error: { message: 'maybe: status 500: sorry' } });
	});

	it('fails after shutdown', async () => {
		const one = exporter();
		await one.shutdown();
		expect((await exported(one)).code).toBe(1);
	});

	it('waits for what is running before it shuts down', async () => {
		const one = exporter();
		const result = exported(one);
		await one.shutdown();
		expect(await result).toEqual({ code: 0 });
	});
});

describe('secrets', () => {
	it('are cut out of what the receiver says', async () => {
		receiver.otherwise = status(403, `unknown key ${CANARY}, header Bearer ${CANARY}-token`);
		const headers = () => ({ 'dd-api-key': CANARY, authorization: `Bearer ${CANARY}-token` });
		const answer = await exporter({ headers }).send(records());
		expect(answer).toEqual({
			kind: 'misconfigured',
			message: 'status 403: unknown key [REDACTED], header [REDACTED]',
		});
	});

	it('are cut out when only the key of an Authorization header comes back', async () => {
		receiver.otherwise = status(401, `token ${CANARY}-token of type Bearer is not known`);
		const headers = () => ({ authorization: `Bearer ${CANARY}-token` });
		expect(await exporter({ headers }).send(records())).toEqual({
			kind: 'misconfigured',
			message: 'status 401: token [REDACTED] of type Bearer is not known',
		});
	});

	it('are not left over in part where the words are shortened', async () => {
		receiver.otherwise = status(400, 'x'.repeat(485) + CANARY);
		expect(inspect(await exporter().send(records()))).not.toContain('cana');
	});

	it.each<[string, () => void]>([
		['refused', () => (receiver.otherwise = status(401, CANARY))],
		['partial', () => (receiver.otherwise = status(200, partialSuccess(1, CANARY)))],
		['warned', () => (receiver.otherwise = status(200, partialSuccess(0, CANARY)))],
		['delayed', () => (receiver.otherwise = status(503, CANARY))],
		['failed', () => (receiver.otherwise = status(500, CANARY))],
		['broken', () => (receiver.otherwise = (_response, _request, socket) => socket.destroy())],
	])('are in no result that can be logged: %s', async (_, prepare) => {
		prepare();
		const one = exporter();
		const result = await new Promise<ExportResult>((resolve) => one.export(records(), resolve));
		expect(inspect(result, { depth: 20, showHidden: true })).not.toContain(CANARY);
		expect(result.error?.stack ?? '').not.toContain(CANARY);
		expect(inspect(one, { depth: 20 })).not.toContain(CANARY);
	});

	it('that cannot be a header are not shown', async () => {
		const answer = await exporter({ headers: () => ({ 'dd-api-key': `${CANARY}\r\nx: y` }) }).send(records());
		expect(inspect(answer)).not.toContain(CANARY);
	});
});
