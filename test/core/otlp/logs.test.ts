/** Our encoder against the SDK's own serializer: the same bytes for whatever a record may hold. */
import type { AnyValue } from '@opentelemetry/api';
import { ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import fc from 'fast-check';
import { encodeLogs } from '../../../forwarder/export/request';
import { encodeRecords } from '../../../core/otlp/logs';
import { decodeRequest } from '../../support/otlp';

const resources = [
	resourceFromAttributes({ 'service.name': 'arpio', 'service.namespace': 'audit' }),
	resourceFromAttributes({}, { schemaUrl: 'https://opentelemetry.io/schemas/1.45.0' }),
];
const scopes = [
	{ name: 'audit-forwarder', version: '1.2.3', schemaUrl: 'https://opentelemetry.io/schemas/1.45.0' },
	{ name: '' },
	{ name: 'ünï', attributes: { a: [1, 'b'] }, droppedAttributesCount: 3 },
];

function record(more: Partial<ReadableLogRecord> = {}): ReadableLogRecord {
	return {
		hrTime: [1_771_000_000, 217_018_000],
		hrTimeObserved: [1_771_000_001, 999_999_999],
		attributes: {},
		droppedAttributesCount: 0,
		resource: resources[0]!,
		instrumentationScope: scopes[0]!,
		...more,
	};
}

const ours = (records: ReadableLogRecord[]) => Buffer.from(encodeLogs(records)).toString('hex');
const stock = (records: ReadableLogRecord[]) =>
	Buffer.from(ProtobufLogsSerializer.serializeRequest(records)!).toString('hex');

const hostile: AnyValue[] = [
	...['', 'plain', 'x'.repeat(64), 'x'.repeat(65), 'é'.repeat(63), '日本語 🚨', '\0\u007f\u0080\u07ff\u0800\uffff'],
	...['\ud800', 'a\udc00b', `${'x'.repeat(100)}\ud83d`, 'x'.repeat(127), 'x'.repeat(128), 'y'.repeat(16_384)],
	...['z'.repeat(300_000), '漢'.repeat(100_000)],
	...[0, -0, 1, -1, 127, 128, 255, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 31), -(2 ** 53), 2 ** 62],
	...[2 ** 63, -(2 ** 63), 1e21, 1.5, -0.1, NaN, Infinity, -Infinity, Number.MIN_VALUE],
	...[true, false, null, [], {}, [[]], [null, [1, ['a']], {}], new Uint8Array([0, 255]), new Uint8Array()],
	...[
		{ '': '' },
		{ a: { b: { c: [1, { d: true }] } } },
		JSON.parse('{"__proto__":{"x":1},"constructor":2}') as AnyValue,
	],
	Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`key ${index}`, index])),
];

test.each(hostile.map((value) => [value]))('a body and an attribute of a hostile value: %p', (value) => {
	const records = [record({ body: value }), record({ attributes: { value, after: 'x' } as never })];
	expect(ours(records)).toBe(stock(records));
});

test('records of several origins are grouped by the objects, in the order of their first record', () => {
	const records = [0, 1, 0, 0, 1].map((index) =>
		record({ body: `${index}`, resource: resources[index]!, instrumentationScope: scopes[index]! }),
	);
	expect(ours(records)).toBe(stock(records));
});

test('scopes of one resource come as resources of their own, which says the same', () => {
	const records = [0, 1, 2, 0].map((index) => record({ body: index, instrumentationScope: scopes[index]! }));
	const decoded = decodeRequest(encodeLogs(records));
	expect(decoded.map(({ body, scope, resource }) => [body, scope.name, resource['service.name']])).toEqual([
		[0, 'audit-forwarder', 'arpio'],
		[0, 'audit-forwarder', 'arpio'],
		[1, '', 'arpio'],
		[2, 'ünï', 'arpio'],
	]);
});

test('a request without records is empty', () => {
	expect(ours([])).toBe('');
});

test('an instant before 1970 is the number that receivers read as a signed one', () => {
	const [decoded] = decodeRequest(encodeLogs([record({ hrTime: [-2, 999_000_000], body: '' })]));
	expect(BigInt.asIntN(64, decoded!.time)).toBe(-1_001_000_000n);
});

test('a record is the same bytes alone and among others', () => {
	const records = hostile.map((body) => record({ body }));
	const alone = records.map((one) => Buffer.from(encodeRecords([one])[0]!).toString('hex'));
	expect(encodeRecords(records).map((one) => Buffer.from(one).toString('hex'))).toEqual(alone);
});

const key = fc.oneof(fc.string(), fc.constantFrom('log.record.uid', '__proto__', 'constructor', 'ключ'));
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
	value: fc.oneof(
		{ depthSize: 'small', withCrossShrink: true },
		fc.string({ unit: 'binary', maxLength: 200 }),
		fc.string({ unit: 'grapheme' }),
		fc.double(),
		fc.maxSafeInteger(),
		fc.boolean(),
		fc.constant(null),
		fc.uint8Array({ maxLength: 200 }),
		fc.array(tie('value'), { maxLength: 4 }),
		fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: false }),
	),
}));
const time = fc.tuple(fc.nat({ max: 2 ** 33 - 1 }), fc.nat({ max: 999_999_999 }));
const hex = (digits: number) =>
	fc.uint8Array({ minLength: digits / 2, maxLength: digits / 2 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const anyRecord = fc
	.record({
		hrTime: time,
		hrTimeObserved: time,
		severityNumber: fc.option(fc.integer({ min: 0, max: 24 }), { nil: undefined }),
		severityText: fc.option(fc.string(), { nil: undefined }),
		eventName: fc.option(fc.string(), { nil: undefined }),
		body: fc.option(value, { nil: undefined }),
		attributes: fc.dictionary(key, value, { maxKeys: 8, noNullPrototype: false }),
		droppedAttributesCount: fc.nat(),
		spanContext: fc.option(fc.record({ traceId: hex(32), spanId: hex(16), traceFlags: fc.nat({ max: 255 }) }), {
			nil: undefined,
		}),
		origin: fc.constantFrom(
			{ resource: resources[0]!, instrumentationScope: scopes[0]! },
			{ resource: resources[1]!, instrumentationScope: scopes[2]! },
		),
	})
	.map(({ origin, ...one }) => ({ ...one, ...origin }) as unknown as ReadableLogRecord);

test('any records at all', () => {
	fc.assert(
		fc.property(fc.array(anyRecord, { maxLength: 8 }), (records) => {
			expect(ours(records)).toBe(stock(records));
			expect(decodeRequest(encodeLogs(records))).toHaveLength(records.length);
		}),
		{ numRuns: Number(process.env['PROPERTY_RUNS'] ?? 300) },
	);
});
