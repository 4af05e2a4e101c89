import { recordOf } from '../../core/record/attributes';
import { NodeHelpers, type IDataObject } from 'n8n-workflow';
import { OtlpLogs } from '../../nodes/OtlpLogs/OtlpLogs.node';
import { arcusEntries, arpioEvents, auditapiEvents } from '../../sandbox/fixtures';
import type { SourceEvent } from '../../core/contract';
import { providers } from '../../providers/registry';
import { parseInstant } from '../../core/time';
import { simplified } from '../../nodes/shared/shape';
import { encodeJson } from '../../nodes/OtlpLogs/encode/json';
import { attributesOf, recordByHand } from '../../nodes/OtlpLogs/map/byHand';
import { shipping, type Shipping } from './support/receiver';

let scene: Shipping;
beforeEach(async () => (scene = await shipping()));
afterEach(() => scene.end());

const parsed = (texts: readonly string[]) => texts.map((text) => JSON.parse(text) as IDataObject);
const pairs = (items: { pairedItem?: unknown }[]) =>
	items.map(({ pairedItem }) => (pairedItem as { item: number }).item);

const byHand = { mapping: 'manual', eventName: 'shop.order.deleted', body: 'gone', serviceName: 'shop' };

describe('from audit events', () => {
	it('ships every event of every provider with the mapping of the forwarder', async () => {
		const items = parsed([...arpioEvents, ...arcusEntries, ...auditapiEvents]);
		const { accepted, rejected } = await scene.ship(items);
		expect(rejected).toEqual([]);
		expect(pairs(accepted)).toEqual([...items.keys()]);
		expect(accepted[0]!.json).toEqual(items[0]);

		const records = scene.arrived();
		expect(records).toHaveLength(items.length);
		expect(new Set(records.map(({ resource }) => resource['service.name']))).toEqual(
			new Set(['arpio', 'arcus', 'auditapi']),
		);
		expect(records[0]).toMatchObject({
			scope: { name: 'n8n-nodes-audit-relay' },
			resource: {
				'service.name': 'arpio',
				'service.namespace': 'audit',
				'service.instance.id': 'q7RkT2mZpX0vLd9sYbNc4H',
			},
			observed: BigInt(scene.world.clock.now()) * 1_000_000n,
		});
	});

	it('keeps the time to the microsecond, types, and the text as received where it is there', async () => {
		const [raw] = arpioEvents;
		const exact = raw!.replace('{', '{"big":9007199254740993,');
		await scene.ship([{ id: 'simplified', raw: exact }]);
		const [record] = scene.arrived();
		const json = JSON.parse(exact) as { eventId: string; timestamp: string };
		expect(record!.body).toBe(exact);
		expect(record!.time % 1_000_000_000n).toBe(BigInt(json.timestamp.slice(20, 26)) * 1000n);
		expect(record!.attributes['log.record.uid']).toBe(`arpio:${json.eventId}`);
		expect(typeof record!.attributes['http.response.status_code']).toBe('number');
		const event = { id: json.eventId, time: record!.time, raw: exact, json: json as never };
		expect(record!.attributes).toEqual(recordOf(providers.arpio, event).attributes);
	});

	describe.each([
		['Arpio', 'arpio', arpioEvents],
		['Arcus ERP', 'arcus-erp', arcusEntries],
		['AuditAPI', 'auditapi', auditapiEvents],
	] as const)('a simplified item of %s', (_title, name, texts) => {
		const provider = providers[name];
		const exact = texts.map((text, index) => {
			// finer than a microsecond, as a provider may send it
			const raw = index === 0 ? text.replace(/(T\d\d:\d\d:\d\d)(?:\.\d+)?Z/, '$1.123456789Z') : text;
			const json = JSON.parse(raw) as IDataObject;
			const id = (json.eventId ?? json.id) as string;
			return { id, raw, json, time: parseInstant(json.timestamp ?? json.created_at)! };
		});

		it('keeps what was concluded from the whole event, with the item as body', async () => {
			const items = exact.map((event) => simplified(provider, event));
			await scene.ship(items);
			const records = scene.arrived();
			expect(records.map(({ body }) => JSON.parse(body as string) as unknown)).toEqual(items);
			const kept = (attributes: object) =>
				['log.record.uid', 'audit.source', 'audit.action', 'audit.outcome', 'audit.category', 'audit.alert'].map(
					(attribute) => (attributes as IDataObject)[attribute],
				);
			for (const [index, event] of exact.entries()) {
				const whole = recordOf(provider, event);
				const { time, severityNumber, severityText, eventName, attributes, resource } = records[index]!;
				expect({ time, severityNumber, severityText, eventName }).toEqual({
					time: event.time,
					severityNumber: whole.severityNumber,
					severityText: whole.severityText,
					eventName: whole.eventName,
				});
				expect(kept(attributes)).toEqual(kept(whole.attributes));
				expect(resource).toEqual({ 'service.name': provider.label, 'service.namespace': 'audit' });
			}
		});

		it('is the record of the forwarder where the text is there', async () => {
			await scene.ship(exact.map((event) => ({ ...simplified(provider, event), raw: event.raw })));
			expect(scene.arrived().map(({ body, attributes }) => [body, attributes])).toEqual(
				exact.map((event) => [event.raw, recordOf(provider, event).attributes]),
			);
		});
	});

	it.each([
		['arpio', arpioEvents[0]!.replace('"eventId"', '"event"')],
		['arcus-erp', arcusEntries[0]!.replace('"object":"audit_log_entry"', '"object":"entry"')],
		['auditapi', auditapiEvents[0]!.replace('"object":"event"', '"object":"e"')],
	] as const)('knows an event of %s by the simplified item where its text has another form', async (name, raw) => {
		const provider = providers[name];
		const event = provider.event({ raw, json: JSON.parse(raw) as unknown }) as SourceEvent;
		await scene.ship([{ ...simplified(provider, event), raw }]);
		const [{ body, attributes }] = scene.arrived() as [ReturnType<Shipping['arrived']>[number]];
		expect({ body, attributes }).toEqual({ body: raw, attributes: recordOf(provider, event).attributes });
	});

	it('ships a simplified event that has another text in a field of this name', async () => {
		const [raw] = arcusEntries;
		const event = providers['arcus-erp'].event({ raw: raw!, json: JSON.parse(raw!) as unknown }) as SourceEvent;
		await scene.ship([{ ...simplified(providers['arcus-erp'], event), raw: '{"note": 1}' }]);
		expect(scene.arrived()[0]!.attributes['log.record.uid']).toBe(`arcus:${event.id}`);
	});

	it('says where half of a surrogate pair was replaced, as the forwarder does', async () => {
		const raw = arcusEntries[0]!.replace('First entry', '\\ud83d entry');
		await scene.ship([{ raw }]);
		const [{ attributes, body }] = scene.arrived() as [ReturnType<Shipping['arrived']>[number]];
		expect(attributes).toMatchObject({ 'audit.replaced': ['audit.message'] });
		expect(attributes['audit.message']).toMatch(/^\ufffd entry/);
		expect(body).toBe(raw);
	});

	it('ships what is not an audit event as it is, dated by itself where it says when it was, and says so', async () => {
		const items = [{ name: 'Checkout' }, { id: 'a-1', time: '2026-02-11T09:00:00.5Z', action: 'order.created' }];
		const { accepted, hints } = await scene.ship(items);
		expect(accepted).toHaveLength(2);
		const [first, second] = scene.arrived();
		expect(first).toMatchObject({ body: '{"name":"Checkout"}', severityText: 'INFO', time: first!.observed });
		expect(first!.resource).toEqual({ 'service.name': 'n8n' });
		expect(second!.time).toBe(BigInt(Date.parse('2026-02-11T09:00:00.500Z')) * 1_000_000n);
		expect(hints).toEqual([expect.stringMatching(/^2 of 2 items are not audit events and were shipped as they are/)]);
	});

	it('refuses what is not an event of the source that is chosen', async () => {
		await expect(scene.ship([{ name: 'x' }], { parameters: { origin: 'arpio' } })).rejects.toMatchObject({
			message: 'The item is not an event of Arpio',
			description: expect.stringMatching(/Choose Detect/) as string,
			context: { itemIndex: 0 },
		});
		expect(scene.receiver.requests).toHaveLength(0);
	});

	it('ships an item that was rejected before as if it came for the first time', async () => {
		const [json] = parsed(arcusEntries);
		const rejection = { reason: 'The record was refused (status 400)', status: 400, certain: true };
		await scene.ship([{ ...json, rejection }]);
		expect(JSON.parse(scene.arrived()[0]!.body as string)).toEqual(json);
	});

	it('renames what Datadog would divert, and does not send what it would drop', async () => {
		const entry = { ...parsed(arcusEntries)[0]!, session_id: 's-1', created_at: '2026-02-11T15:00:00Z' };
		const old = { ...entry, created_at: '2026-02-10T21:59:59Z' };
		const large = { ...entry, metadata: { text: 'x'.repeat(1_000_000) } };
		scene.world.credentials.otlpApi = { preset: 'datadog', site: 'datadoghq.eu', apiKey: ' key ' };
		const { elsewhere } = scene.world;
		const urls: string[] = [];
		scene.world.elsewhere = (options) => {
			urls.push(options.url);
			return elsewhere!({ ...options, url: `${scene.receiver.url}/v1/logs` });
		};
		const { accepted, rejected } = await scene.ship([old, entry, large]);
		expect([pairs(accepted), pairs(rejected)]).toEqual([[1], [0, 2]]);
		expect(JSON.stringify(rejected.map(({ json }) => json.rejection))).toMatch(/older than 18 hours.*larger than 1 MB/);
		expect(urls).toEqual(['https://otlp.datadoghq.eu/v1/logs']);
		expect(scene.receiver.requests[0]!.headers['dd-api-key']).toBe('key');
		const [{ attributes }] = scene.arrived() as [ReturnType<Shipping['arrived']>[number]];
		expect(attributes).toMatchObject({ 'audit.session.id': 's-1' });
		expect(attributes).not.toHaveProperty(['session.id']);
	});
});

describe('mapped by hand', () => {
	it('fills every field', async () => {
		const attributes =
			'{"order.id": 42, "ok": true, "score": 0.5, "tags": ["a", "b"], "nested": {"x": 1}, "none": null}';
		const options = { resourceAttributes: '{"deployment.environment.name": "test"}' };
		const parameters = { ...byHand, severity: 17, time: '2026-02-11T10:14:07.5+01:00', attributes, options };
		const { accepted } = await scene.ship([{ a: 1 }], { parameters });
		expect(accepted).toHaveLength(1);
		expect(scene.arrived()).toEqual([
			expect.objectContaining({
				time: BigInt(Date.parse('2026-02-11T09:14:07.500Z')) * 1_000_000n,
				severityNumber: 17,
				severityText: 'ERROR',
				eventName: 'shop.order.deleted',
				body: 'gone',
				resource: { 'deployment.environment.name': 'test', 'service.name': 'shop' },
				attributes: { 'order.id': 42, ok: true, score: 0.5, tags: ['a', 'b'], nested: '{"x":1}' },
			}),
		]);
		const { headers } = scene.receiver.requests[0]!;
		expect(headers).toMatchObject({ 'x-tenant': '7', 'x-key': 'a,b' });
	});

	it.each([
		['severity', { severity: 99 }, /not an OpenTelemetry severity/],
		['time', { time: 'yesterday' }, /Time is not a date/],
		['body', { body: '' }, /body is empty/],
		['attributes', { attributes: '[1]' }, /attributes are not a JSON object/],
	])('refuses a wrong %s before anything is sent', async (_field, wrong, message) => {
		await expect(scene.ship([{}], { parameters: { ...byHand, ...wrong } })).rejects.toThrow(message);
		expect(scene.receiver.requests).toHaveLength(0);
	});
});

it('writes JSON as the protocol wants it', () => {
	const record = {
		time: [1_770_800_000, 123_456_789] as [number, number],
		eventName: 'e',
		severityNumber: 9,
		severityText: 'INFO' as const,
		attributes: { s: 'x', i: -3, d: 1.5, b: false, l: ['a'] },
		body: '{}',
	};
	expect(JSON.parse(encodeJson([{ record, observed: 5n, resource: { 'service.name': 'n8n' } }]))).toMatchSnapshot();
});

it('sends a time that the wire cannot hold as an attribute, and the time of receipt in its place', async () => {
	const json = parsed(arcusEntries)[0]!;
	const times = ['1969-07-20T20:17:40Z', '1970-01-01T00:00:00.5Z'];
	await scene.ship(times.map((created_at) => ({ ...json, created_at })));
	await scene.ship([{}], { parameters: { ...byHand, time: '2555-01-01T00:00:00Z' } });
	const [early, first, late] = scene.arrived();
	expect([early!.time, first!.time, late!.time]).toEqual([early!.observed, 500_000_000n, late!.observed]);
	const own = [early, first, late].map((record) => record!.attributes['audit.event.time']);
	expect(own).toEqual(['1969-07-20T20:17:40.000000Z', undefined, '2555-01-01T00:00:00.000000Z']);
});

it('replaces half of a surrogate pair in JSON, as protobuf does: no receiver can read it', () => {
	const half = 'cut \ud83d here';
	const record = {
		time: [1, 0] as [number, number],
		eventName: 'e',
		severityNumber: 9,
		severityText: 'INFO' as const,
		attributes: { [half]: half, list: [half], whole: '🚨' },
		body: half,
	};
	const json = encodeJson([{ record, observed: 5n, resource: { 'service.name': half } }]);
	expect(json.match(/cut \ufffd here/g)).toHaveLength(5);
	expect(json).toContain('🚨');
	expect(json).not.toMatch(/\\ud83d/);
});

it('writes a number beyond all bounds in the words of JSON, where null would be no number at all', () => {
	const attributes = attributesOf('{"most": 1e999, "least": -1e999}');
	const record = { ...recordByHand({ ...byHand, time: '', severity: 9, attributes, timezone: 'UTC', now: 1n }) };
	expect(encodeJson([{ record, observed: 1n, resource: {} }])).toMatch(/"Infinity".*"-Infinity"/);
});

it('gives on the files of its items', async () => {
	const binary = { data: { data: 'eA==', mimeType: 'text/plain', fileName: 'a.txt' } };
	const { accepted } = await scene.ship([{}], { parameters: byHand, binary });
	const { rejected } = await scene.ship([{}], { parameters: { ...byHand, body: '' }, binary, continueOnFail: true });
	expect([...accepted, ...rejected].map((item) => item.binary)).toEqual([binary, binary]);
});

it('maps by hand as the tool of an agent, which gives no item', () => {
	const { description } = new OtlpLogs();
	const shown = (name: string) => {
		const node = { name: '', type: '', typeVersion: 1, parameters: {} } as never;
		const values = NodeHelpers.getNodeParameters(description.properties, {}, true, false, node, {
			...description,
			name,
		});
		return values as IDataObject;
	};
	expect(shown('otlpLogs')).toEqual({ mapping: 'event', origin: 'auto', options: {} });
	expect(shown('otlpLogsTool')).toMatchObject({ mapping: 'manual', body: '', serviceName: 'n8n', severity: 9 });
	expect(shown('otlpLogsTool')).not.toHaveProperty('origin');
});
