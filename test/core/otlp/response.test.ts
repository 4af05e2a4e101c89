import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { decompressed } from '../../../core/otlp/decompress';
import { readResponse } from '../../../core/otlp/response';

interface Partial {
	rejectedLogRecords?: number;
	errorMessage?: string;
}

interface Root {
	opentelemetry: {
		proto: {
			collector: {
				logs: {
					v1: {
						ExportLogsServiceResponse: {
							encode(message: { partialSuccess?: Partial | null }): { finish(): Uint8Array };
						};
					};
				};
			};
		};
	};
}

// eslint-disable-next-line @typescript-eslint/no-require-imports -- generated CommonJS without types
const root = require('otlp-decode/build/src/generated/root.js') as Root;
const { ExportLogsServiceResponse } = root.opentelemetry.proto.collector.logs.v1;

/** As code generated from the official protos writes it. */
const official = (partialSuccess?: Partial) => ExportLogsServiceResponse.encode({ partialSuccess }).finish();
const read = (rejected: number, message = '') => ({ kind: 'read', rejected, message });
const bytes = (text: string) => new TextEncoder().encode(text);
const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = 'application/json; charset=utf-8';

describe('protobuf', () => {
	it('is read as the official encoder writes it', () => {
		expect(readResponse(PROTOBUF, official())).toEqual(read(0));
		expect(readResponse(PROTOBUF, official({}))).toEqual(read(0));
		for (const rejected of [0, 1, 60, 123, 127, 128, 300, 65_536, 2 ** 31, Number.MAX_SAFE_INTEGER]) {
			for (const length of [0, 1, 58, 60, 121, 123, 200, 20_000]) {
				const errorMessage = 'ü'.repeat(length / 2);
				expect(readResponse(PROTOBUF, official({ rejectedLogRecords: rejected, errorMessage }))).toEqual(
					read(rejected, errorMessage),
				);
			}
		}
	});

	it('whatever it is called', () => {
		const body = official({ rejectedLogRecords: 2, errorMessage: 'too old' });
		for (const type of ['', JSON_TYPE, 'text/plain', 'text/html'])
			expect(readResponse(type, body)).toEqual(read(2, 'too old'));
	});

	it('with fields that we do not know beside those that we do', () => {
		const unknown = [0x18, 0x05, 0x25, 1, 2, 3, 4, 0x29, 1, 2, 3, 4, 5, 6, 7, 8, 0x32, 1, 65];
		const body = Uint8Array.from([...unknown, 0x0a, 2 + unknown.length, ...unknown, 0x08, 3, ...unknown]);
		expect(readResponse(PROTOBUF, body)).toEqual(read(3));
	});

	it.each([
		['cut off', official({ rejectedLogRecords: 2, errorMessage: 'too old' }).subarray(0, 6)],
		['cut off in a number', Uint8Array.of(0x0a, 0x02, 0x08, 0x80)],
		['with unknown fields only', bytes('accepted\n')],
		['with a negative count', official({ rejectedLogRecords: -1 })],
		['with a group', Uint8Array.of(0x0b, 0x0c)],
		['with field 0', Uint8Array.of(0x00, 0x00)],
		['with a number without end', new Uint8Array(12).fill(0x80)],
	])('is none %s', (_, body) => expect(readResponse(PROTOBUF, body)).toEqual({ kind: 'unreadable' }));

	it('is never read out of text', () => {
		for (const text of [
			'OK',
			'ok',
			'Success',
			'accepted',
			'true',
			'null',
			'123',
			'"ok"',
			'[]',
			'[{}]',
			'upstream error',
			'\n',
		])
			expect([text, readResponse('text/plain', bytes(text))]).toEqual([text, { kind: 'unreadable' }]);
	});
});

describe('JSON', () => {
	it.each([
		['{}', read(0)],
		[' \n{ }', read(0)],
		['\uFEFF{}', read(0)],
		['{"partialSuccess":{}}', read(0)],
		['{"partialSuccess":null}', read(0)],
		['{"partialSuccess":{"rejectedLogRecords":3,"errorMessage":"no"}}', read(3, 'no')],
		['{"partialSuccess":{"rejectedLogRecords":"3"}}', read(3)],
		['{"partialSuccess":{"rejectedLogRecords":null,"errorMessage":null}}', read(0)],
		[
			'{"partial_success":{"rejected_log_records":"9007199254740993","error_message":"no"}}',
			read(9007199254740992, 'no'),
		],
		['{"partialSuccess":{"errorMessage":"deprecated"}}', read(0, 'deprecated')],
		['{"code":200,"partialSuccess":{"rejectedLogRecords":"1"},"tookMs":5}', read(1)],
		['{"partialSuccess":{"rejectedLogRecords":1,"details":[1]}}', read(1)],
	])('%s', (text, wanted) => {
		for (const type of ['', JSON_TYPE, PROTOBUF, 'text/plain', 'text/html']) {
			expect(readResponse(type, bytes(text))).toEqual(wanted);
		}
	});

	it.each([
		'{"error":"nope"}',
		'{"code":200,"status":[]}',
		'{"text":"Success","code":0}',
		'{"success":true}',
		'{"partialSuccess":{"rejectedSpans":1',
		'{"partialSuccess":[]}',
		'{"partialSuccess":"1"}',
		'{"partialSuccess":{"rejectedLogRecords":"many"}}',
		'{"partialSuccess":{"rejectedLogRecords":-1}}',
		'{"partialSuccess":{"rejectedLogRecords":1.5}}',
		'{"partialSuccess":{"rejectedLogRecords":""}}',
		'{"partialSuccess":{"rejectedLogRecords":true}}',
	])('%s is not an OTLP answer', (text) =>
		expect(readResponse(JSON_TYPE, bytes(text))).toEqual({ kind: 'unreadable' }),
	);
});

it.each([
	['', '<html>login</html>'],
	[PROTOBUF, '\n <!DOCTYPE html>'],
	['text/html', ''],
	['text/html', 'Sign in'],
])('a web page (%s) is told from an answer: %s', (type, text) => {
	expect(readResponse(type, bytes(text))).toEqual({ kind: 'page' });
});

it('never throws and never invents refusals, whatever the bytes', () => {
	let seed = 1;
	const byte = () => (seed = (seed * 48271) % 2147483647) & 0xff;
	for (let round = 0; round < 5000; round++) {
		const got = readResponse(round % 2 ? PROTOBUF : JSON_TYPE, Uint8Array.from({ length: round % 40 }, byte));
		if (got.kind === 'read') expect(got.rejected).toBeGreaterThanOrEqual(0);
	}
});

describe('compressed', () => {
	const plain = bytes('{"partialSuccess":{"rejectedLogRecords":"3"}}');
	const of = async (coding: string, body: Uint8Array) =>
		Buffer.from((await decompressed(coding, body, 1000)) ?? 'too large').toString();

	it.each([
		['gzip', gzipSync(plain)],
		['x-gzip, identity', gzipSync(plain)],
		['', gzipSync(plain)],
		['deflate', deflateSync(plain)],
		['br', brotliCompressSync(plain)],
		// a client that decompresses by itself may leave the label
		['gzip', plain],
		['br', plain],
		['identity', plain],
	])('%s', async (coding, body) => expect(await of(coding, body)).toBe(Buffer.from(plain).toString()));

	it('an empty answer labelled gzip is an empty answer', async () =>
		expect(await of('gzip', new Uint8Array())).toBe(''));

	it('an answer that is cut off is not an answer', async () => {
		const cut = gzipSync(plain).subarray(0, 30);
		expect(readResponse(JSON_TYPE, (await decompressed('gzip', cut, 1000))!)).toEqual({ kind: 'unreadable' });
	});

	it('no more is unpacked than an answer may have', async () => {
		expect(await decompressed('gzip', gzipSync(Buffer.alloc(1001)), 1000)).toBeUndefined();
		expect(await decompressed('gzip', gzipSync(Buffer.alloc(1000)), 1000)).toHaveLength(1000);
	});
});
