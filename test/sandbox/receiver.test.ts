import { createRequire } from 'node:module';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { decodeLogs } from '../../sandbox/otlpDecode';
import {
	partialSuccess,
	startReceiver,
	type Answer,
	type Receiver,
	type ReceiverOptions,
} from '../../sandbox/receiver';

interface Message {
	encode(object: unknown): { finish(): Uint8Array };
	decode(bytes: Uint8Array): {
		partialSuccess?: { rejectedLogRecords?: { toString(): string }; errorMessage?: string };
	};
}
// generated from the official protos, and not by us
const { v1 } = (
	createRequire(__filename)('otlp-decode/build/src/generated/root.js') as {
		opentelemetry: { proto: { collector: { logs: { v1: Record<string, Message> } } } };
	}
).opentelemetry.proto.collector.logs;
const requestType = v1['ExportLogsServiceRequest']!;
const responseType = v1['ExportLogsServiceResponse']!;

const time = 1_770_801_247_000_000_000n;
const long = (value: bigint) => ({
	low: Number(BigInt.asIntN(32, value)),
	high: Number(BigInt.asIntN(32, value >> 32n)),
});
const batch = (...names: string[]) =>
	Buffer.from(
		requestType
			.encode({
				resourceLogs: [
					{
						resource: { attributes: [{ key: 'service.name', value: { stringValue: 'audit-relay' } }] },
						scopeLogs: [
							{
								scope: { name: 'arpio', version: '1' },
								logRecords: names.map((eventName) => ({
									timeUnixNano: long(time),
									observedTimeUnixNano: long(time + 1n),
									severityNumber: 17,
									severityText: 'ERROR',
									eventName,
									body: { stringValue: '{"n":9007199254740993}' },
									attributes: [
										{ key: 'yes', value: { boolValue: true } },
										{ key: 'big', value: { intValue: long(9_007_199_254_740_993n) } },
										{ key: 'minus', value: { intValue: long(-5n) } },
										{ key: 'half', value: { doubleValue: 0.5 } },
										{ key: 'list', value: { arrayValue: { values: [{ stringValue: 'é' }, { intValue: long(2n) }] } } },
										{ key: 'map', value: { kvlistValue: { values: [{ key: 'k', value: { stringValue: 'v' } }] } } },
										{ key: 'bytes', value: { bytesValue: Buffer.from([1, 2]) } },
										{ key: 'empty', value: {} },
									],
									flags: 1,
									traceId: Buffer.alloc(16, 7),
								})),
							},
						],
					},
				],
			})
			.finish(),
	);

describe('reading OTLP', () => {
	it('reads what the official encoder wrote', () => {
		const records = decodeLogs(batch('a', 'b'));
		expect(records.map(({ eventName }) => eventName)).toEqual(['a', 'b']);
		expect(records[0]).toEqual({
			resource: { 'service.name': 'audit-relay' },
			scope: { name: 'arpio', version: '1' },
			time,
			observed: time + 1n,
			severityNumber: 17,
			severityText: 'ERROR',
			eventName: 'a',
			body: '{"n":9007199254740993}',
			attributes: {
				yes: true,
				big: 9_007_199_254_740_993n,
				minus: -5,
				half: 0.5,
				list: ['é', 2],
				map: { k: 'v' },
				bytes: Buffer.from([1, 2]),
				empty: null,
			},
		});
	});

	it('throws on anything else', () => {
		expect(() => decodeLogs(Buffer.from('<html>'))).toThrow();
		expect(() => decodeLogs(batch('a').subarray(0, -3))).toThrow();
	});

	it('writes a partial success the official decoder understands', () => {
		const { partialSuccess: read } = responseType.decode(partialSuccess(300, 'too old'));
		expect([read?.rejectedLogRecords?.toString(), read?.errorMessage]).toEqual(['300', 'too old']);
	});
});

describe('the receiver', () => {
	let receiver: Receiver;
	afterEach(() => receiver.close());

	const start = async (options: ReceiverOptions = {}) => {
		receiver = await startReceiver(options);
	};
	const post = (body: Buffer, headers: Record<string, string> = {}) =>
		fetch(`${receiver.url}/v1/logs`, {
			method: 'POST',
			body,
			headers: { 'content-type': 'application/x-protobuf', ...headers },
		});
	const answering = async (answer: Answer) => {
		await start({ answers: () => answer });
		return post(batch('a'));
	};

	it('stores and answers with an empty protobuf', async () => {
		const names: string[] = [];
		await start({ accept: (records) => names.push(...records.map(({ eventName }) => eventName)) });
		const response = await post(batch('a', 'b'), { 'x-key': 'k' });
		expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
			200,
			'application/x-protobuf',
			'',
		]);
		expect([names, receiver.stored.length, receiver.requests[0]?.headers['x-key']]).toEqual([['a', 'b'], 2, 'k']);
	});

	it.each([
		['gzip', gzipSync],
		['zstd', zstdCompressSync],
	])('takes %s and keeps the plain bytes', async (encoding, compress) => {
		await start();
		const bytes = batch('a');
		const packed = compress(bytes);
		expect((await post(packed, { 'content-encoding': encoding })).status).toBe(200);
		expect(receiver.requests[0]).toMatchObject({ body: bytes, wireBytes: packed.length });
	});

	it('refuses what is not an OTLP request', async () => {
		await start({ maxBytes: 1000 });
		expect((await fetch(receiver.url)).status).toBe(404);
		expect((await fetch(`${receiver.url}/v1/logs`)).status).toBe(405);
		expect((await post(Buffer.from('{}'), { 'content-type': 'application/json' })).status).toBe(415);
		expect((await post(batch('a'), { 'content-encoding': 'br' })).status).toBe(415);
		expect((await post(Buffer.from('<html>'))).status).toBe(400);
		expect((await post(batch('a'), { 'content-encoding': 'gzip' })).status).toBe(400);
		expect((await post(batch(...Array<string>(20).fill('a')))).status).toBe(413);
		expect(receiver.requests).toHaveLength(0);
	});

	it('can answer any status with Retry-After, and stores only what it accepts', async () => {
		const response = await answering({ kind: 'status', status: 503, retryAfter: { seconds: 3 } });
		expect([response.status, response.headers.get('retry-after'), receiver.stored.length]).toEqual([503, '3', 0]);
		receiver.setAnswers(() => ({ kind: 'status', status: 202 }));
		await post(batch('a'));
		expect([receiver.stored.length, receiver.requests.length]).toEqual([1, 2]);
	});

	it('can accept in part', async () => {
		const response = await answering({ kind: 'partial', rejected: 1, message: 'no' });
		const body = responseType.decode(new Uint8Array(await response.arrayBuffer()));
		expect([body.partialSuccess?.errorMessage, receiver.stored.length]).toEqual(['no', 0]);
	});

	it('can answer with JSON, a page or garbage', async () => {
		const json = await answering({ kind: 'json', body: { partialSuccess: {} } });
		expect(await json.json()).toEqual({ partialSuccess: {} });
		receiver.setAnswers(() => ({ kind: 'html' }));
		expect(await (await post(batch('a'))).text()).toContain('<html>');
		receiver.setAnswers(() => ({ kind: 'garbage' }));
		const garbage = new Uint8Array(await (await post(batch('a'))).arrayBuffer());
		expect(() => responseType.decode(garbage)).toThrow();
		expect(receiver.stored).toHaveLength(2);
	});

	it.each([
		['before', 0],
		['after', 1],
	] as const)('can reset %s storing', async (when, stored) => {
		await expect(answering({ kind: 'reset', when })).rejects.toThrow();
		expect(receiver.stored).toHaveLength(stored);
	});

	it('can be slow, cut its answer short, or never answer', async () => {
		expect((await answering({ kind: 'slow', pauseMs: 10 })).status).toBe(200);
		receiver.setAnswers(() => ({ kind: 'truncated' }));
		await expect(post(batch('a')).then((response) => response.text())).rejects.toThrow();
		receiver.setAnswers(() => ({ kind: 'silent' }));
		const silent = fetch(`${receiver.url}/v1/logs`, {
			method: 'POST',
			body: batch('a'),
			headers: { 'content-type': 'application/x-protobuf' },
			signal: AbortSignal.timeout(30),
		});
		await expect(silent).rejects.toThrow(/timeout/i);
		expect(receiver.stored).toHaveLength(2);
	});
});
