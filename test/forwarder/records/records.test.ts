import { context, diag, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { encodeOnce, type Item } from '../../../forwarder/records/item';
import { requestOf } from '../../../forwarder/export/request';
import { parseInstant } from '../../../core/time';
import { recordsOf } from '../../support/otlp';
import { decode, resourceGroups } from '../delivery/support/decode';
import { batch, encoder, event, ids, OBSERVED, origin } from '../delivery/support/events';

const bytes = (items: Item[]) => requestOf(items);

function only(items: Item[]) {
	const records = decode(bytes(items));
	expect(records).toHaveLength(1);
	return records[0]!;
}

describe('an event as a log record', () => {
	it('keeps the time to the microsecond and the time of receipt to the nanosecond', () => {
		const record = only(encoder()(batch(1, ['e1'])));
		expect(record.timeUnixNano).toBe(parseInstant('2026-11-20T11:00:00.217018Z'));
		expect(record.observedTimeUnixNano).toBe(OBSERVED);
	});

	it('keeps a time long ago, which the SDK would read as an offset were it a number', () => {
		const record = only(encoder()(batch(1, [], { events: [event('e1', '1971-03-04T05:06:07.000001Z')] })));
		expect(record.timeUnixNano).toBe(parseInstant('1971-03-04T05:06:07.000001Z'));
	});

	it('never lets a time default to now', () => {
		const record = only(encoder()(batch(1, [], { events: [event('e1', '1970-01-01T00:00:00Z')], observed: 0n })));
		expect(record.timeUnixNano).toBe(0n);
		expect(record.observedTimeUnixNano).toBe(0n);
	});

	it('of a time before 1970, which OTLP cannot tell, has that of its receipt, and its own beside it', () => {
		const [item] = encoder()(batch(1, [], { events: [event('e1', '1969-07-20T20:17:40.5Z')] }));
		const [record] = recordsOf([item!]);
		expect(record).toMatchObject({ time: OBSERVED, attributes: { 'audit.event.time': '1969-07-20T20:17:40.500000Z' } });
		// for limits of age it is as old as it is
		expect(item).toMatchObject({ time: parseInstant('1969-07-20T20:17:40.5Z') });
		expect(item).not.toHaveProperty('restamped');
	});

	it('says where U+FFFD stands for what is not Unicode, and nothing where the provider sent it', () => {
		const raw = '{"id":"\\ud800"}';
		const attributes = { whole: 'x\ud83d\ude00\ufffd', half: 'x\ud800', list: ['x', '\udc00'] };
		const encode = encoder({ origin: () => origin({ attributes }) });
		const said = (events: ReturnType<typeof event>[]) =>
			recordsOf(encode(batch(1, [], { events }))).map((record) => record.attributes['audit.replaced']);
		expect(said([{ ...event('e1', undefined, raw), isReplaced: true }])).toEqual([['body', 'half', 'list']]);
		expect(said([event('e1', undefined, raw)])).toEqual([['half', 'list']]);
		const plain = encoder()(batch(1, [], { events: [event('e1', undefined, '{"id":"\ufffd"}')] }));
		expect(recordsOf(plain)[0]!.attributes).not.toHaveProperty(['audit.replaced']);
	});

	it('has the text as received for its body', () => {
		const raw = '{"id":"e1","n":9007199254740993,"f":1.0,"n":1,"__proto__":{"x":1e+21},"u":"\\ud800"}';
		const record = only(encoder()(batch(1, [], { events: [event('e1', undefined, raw)] })));
		expect(record.body?.stringValue).toBe(raw);
	});

	it('says which product and tenant it comes from', () => {
		const resourceAttributes = { 'service.name': 'mine', 'deployment.environment.name': 'prod' };
		const record = only(encoder({ resourceAttributes })(batch(1, ['e1'])));
		expect(
			Object.fromEntries(Object.entries(record.resource).map(([name, value]) => [name, value.stringValue])),
		).toEqual({
			'service.name': 'arpio',
			'service.namespace': 'audit',
			'service.instance.id': 'acc-1',
			'telemetry.distro.name': 'audit-relay',
			'telemetry.distro.version': '1.2.3',
			'deployment.environment.name': 'prod',
		});
		expect(record).toMatchObject({ scope: 'audit-forwarder', scopeVersion: '1.2.3', eventName: 'arpio.failover' });
	});

	it('keeps more than 128 attributes', () => {
		const attributes = Object.fromEntries(ids(300, 'a').map((name) => [name, name]));
		const record = only(encoder({ origin: () => origin({ attributes }) })(batch(1, ['e1'])));
		expect(Object.keys(record.attributes)).toHaveLength(300);
		expect(record.droppedAttributesCount).toBe(0);
	});

	it('keeps lists and names like constructor', () => {
		const attributes = { constructor: 'x', 'audit.targets': ['a', 'b'] };
		const record = only(encoder({ origin: () => origin({ attributes }) })(batch(1, ['e1'])));
		expect(record.attributes['constructor']?.stringValue).toBe('x');
		expect(record.attributes['audit.targets']?.arrayValue?.values.map(({ stringValue }) => stringValue)).toEqual([
			'a',
			'b',
		]);
	});

	it('bears no span of the forwarder', () => {
		const span = trace.setSpanContext(ROOT_CONTEXT, { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 });
		const active = jest.spyOn(context, 'active').mockReturnValue(span);
		const record = only(encoder()(batch(1, ['e1'])));
		active.mockRestore();
		expect([record.traceId, record.spanId]).toEqual(['', '']);
	});

	it('bears attributes under the names that the destination wants', () => {
		const record = only(encoder({ renameAttributes: { 'session.id': 'audit.session.id' } })(batch(1, ['e1'])));
		expect(record.attributes['audit.session.id']?.stringValue).toBe('s-1');
		expect(record.attributes['session.id']).toBeUndefined();
	});
});

describe('a gap as a log record', () => {
	const from = parseInstant('2026-01-01T00:00:00Z')!;
	const to = parseInstant('2026-01-02T00:00:00Z')!;

	it('is a warning with its span', () => {
		const gaps = [{ reason: 'retention', from, to, detail: '30 days' } as const];
		const [item] = encoder()(batch(7, [], { gaps }));
		const record = only([item!]);
		expect(record).toMatchObject({ eventName: 'audit_relay.gap', severityNumber: 13, severityText: 'WARN' });
		expect(record.timeUnixNano).toBe(OBSERVED);
		expect(
			Object.fromEntries(Object.entries(record.attributes).map(([name, value]) => [name, value.stringValue])),
		).toEqual({
			'log.record.uid': 'audit-relay:gap:dr:retention:2026-01-01T00:00:00.000000Z',
			'audit.source': 'arpio',
			'audit.category': 'gap',
			'audit.gap.reason': 'retention',
			'audit.gap.from': '2026-01-01T00:00:00.000000Z',
			'audit.gap.to': '2026-01-02T00:00:00.000000Z',
		});
		expect(JSON.parse(record.body!.stringValue!)).toMatchObject({ reason: 'retention', detail: '30 days' });
		expect(item!.eventId).toBe('audit-relay:gap:dr:retention:2026-01-01T00:00:00.000000Z');
		expect(item!.time).toBeUndefined();
	});

	it('is plain information where collection starts', () => {
		const gaps = [{ reason: 'collection_start', to, detail: '' } as const];
		const record = only(encoder()(batch(7, [], { gaps })));
		expect(record.severityNumber).toBe(9);
		expect(record.attributes['log.record.uid']?.stringValue).toBe(
			'audit-relay:gap:dr:collection_start:2026-01-02T00:00:00.000000Z',
		);
		expect(record.body?.stringValue).not.toBe('');
	});

	it('is named by when it was noticed when it has no span: the same when it travels again in another batch', () => {
		const gaps = [{ reason: 'state_lost', detail: 'x' } as const];
		const noticed = 'audit-relay:gap:dr:state_lost:2026-11-20T12:00:00.123456Z';
		expect(encoder()(batch(7, ['e1'], { gaps })).map(({ eventId }) => eventId)).toEqual(['e1', noticed]);
		expect(encoder()(batch(8, [], { gaps })).map(({ eventId }) => eventId)).toEqual([noticed]);
	});
});

describe('a batch as log records', () => {
	it('loses none of 10,000 in one tick, and writes their resource once', () => {
		const items = encoder()(batch(1, ids(10_000)));
		const encoded = bytes(items);
		expect(decode(encoded).map(({ attributes }) => attributes['log.record.uid']?.stringValue)).toEqual(
			ids(10_000).map((id) => `arpio:${id}`),
		);
		expect(resourceGroups(encoded)).toBe(1);
	});

	it('shares the resource between batches of a stream', () => {
		const encode = encoder();
		expect(resourceGroups(bytes([...encode(batch(1, ['a'])), ...encode(batch(2, ['b']))]))).toBe(1);
		expect(resourceGroups(bytes([...encode(batch(1, ['a'])), ...encode(batch(2, ['b'], { stream: 'erp' }))]))).toBe(2);
	});

	it('is encoded once for all destinations that get the same records', () => {
		let mapped = 0;
		const { provider, tenant } = origin();
		const draft: typeof provider.draft = (event) => (mapped++, provider.draft(event));
		const encode = encodeOnce(encoder({ origin: () => ({ provider: { ...provider, draft }, tenant }) }));
		const one = batch(1, ids(3));
		expect(encode(one)).toBe(encode(one));
		expect(mapped).toBe(3);
		expect(encode(batch(2, ids(3)))).toHaveLength(3);
		expect(mapped).toBe(6);
	});

	it('is the same in every attempt', () => {
		expect(bytes(encoder()(batch(1, ids(5))))).toEqual(bytes(encoder()(batch(1, ids(5)))));
	});

	it('estimates no request smaller than it is', () => {
		const raws = ['{}', `{"x":"${'ü'.repeat(1000)}"}`, `{"x":"${'x'.repeat(100_000)}"}`];
		const attributes = { a: 'ä'.repeat(300), list: ids(50), n: 1, b: true };
		const encode = encoder({ origin: () => origin({ attributes }) });
		const one = bytes(encode(batch(1, ['e'])));
		for (const raw of raws) {
			const items = encode(batch(1, [], { events: ids(20).map((id) => event(id, undefined, raw)) }));
			const estimate = items.reduce((sum, item) => sum + item.bytes, 0);
			expect(estimate).toBeGreaterThanOrEqual(bytes(items).length - one.length);
			expect(estimate).toBeLessThan(bytes(items).length * 2);
		}
	});

	it('is refused when the stream has no source any more', () => {
		expect(() => encoder({ origin: () => undefined })(batch(1, ['e1']))).toThrow('source dr is not configured');
	});

	it('has no attribute that says nothing', () => {
		const attributes = { kept: 'x', zero: 0, no: false, undef: undefined, nothing: null, empty: '', none: [] };
		const encode = encoder({ origin: () => origin({ attributes }) });
		expect(recordsOf(encode(batch(1, ['e1'])))[0]!.attributes).toEqual({ kept: 'x', zero: 0, no: false });
	});

	it('ships an event whose mapping fails with its text and a warning', () => {
		const broken = () => {
			throw new Error('unmapped');
		};
		const encode = encoder({ origin: () => ({ tenant: 't', provider: { label: 'arpio', draft: broken } }) });
		expect(recordsOf(encode(batch(1, ['e1'])))).toMatchObject([
			{
				body: '{"id":"e1"}',
				eventName: 'arpio.event',
				severityText: 'WARN',
				attributes: { 'log.record.uid': 'arpio:e1', 'audit.mapping.error': 'unmapped' },
			},
		]);
	});
});

afterEach(() => diag.disable());
