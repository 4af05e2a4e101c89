/** The OTLP Logs node in a real n8n: what a receiver decodes, and what comes out at both ends of the node. */
import { decodeRequest, type OtlpRecord } from '../../../support/otlp';
import type { Answer, ReceivedRequest } from '../../../../sandbox/receiver';
import type { Run } from '../support/run';
import { scene } from '../support/scene';
import { items, node, type NodeOfWorkflow } from '../support/workflow';
import { action } from './action';
import { jsonReceiver, type JsonReceiver } from './jsonReceiver';

let json: JsonReceiver;
beforeAll(async () => {
	json = await jsonReceiver();
});
afterAll(() => json?.close());

const real = scene({
	credentials: () => [json.credential],
});

/** Our own name of the service tells which node sent a request. */
const serviceOf = ({ body }: ReceivedRequest) => decodeRequest(body)[0]?.resource['service.name'];
const sentBy = (service: string): OtlpRecord[][] =>
	real.sandbox
		.receiver!.requests.filter((request) => serviceOf(request) === service)
		.map(({ body }) => decodeRequest(body));

const answers: Record<string, (number: number, request: ReceivedRequest) => Answer | undefined> = {
	busy: (number) => (number === 1 ? { kind: 'status', status: 429, retryAfter: { seconds: 1 } } : undefined),
	picky: (_number, { body }) =>
		body.includes('poison') ? { kind: 'status', status: 400, body: 'bad record' } : undefined,
	partial: (number) => (number === 1 ? { kind: 'partial', rejected: 1, message: 'too old' } : undefined),
};

const exact = { returnAll: true, simplify: false, options: { includeRaw: true } };
const byHand = (name: string, serviceName: string, more: Record<string, unknown> = {}): NodeOfWorkflow =>
	node(name, 'otlpLogs', { mapping: 'manual', body: '={{ $json.text }}', serviceName, ...more });

let run: Run;

beforeAll(async () => {
	const counts = new Map<unknown, number>();
	real.sandbox.receiver!.setAnswers((_number, request) => {
		const service = serviceOf(request);
		counts.set(service, (counts.get(service) ?? 0) + 1);
		return answers[String(service)]?.(counts.get(service)!, request);
	});
	const texts = items('Items', ...['one', 'two', 'poison', 'four', 'five'].map((text, n) => ({ text, n })));
	run = await real.run([
		[action('Arpio', 'arpio', 'auditEvent.getAll', exact), node('Arpio to SIEM', 'otlpLogs')],
		[
			action('Arcus ERP', 'arcusErp', 'auditLogEntry.getAll', exact),
			node('Arcus ERP to SIEM', 'otlpLogs', { options: { batchSize: 4 } }),
		],
		[
			action('AuditAPI', 'auditApi', 'event.getAll', { ...exact, filters: { createdAfter: '2026-02-11T00:00:00Z' } }),
			node('AuditAPI to SIEM', 'otlpLogs'),
		],
		[
			texts,
			byHand('Fields', 'fields', {
				severity: '={{ $json.n === 2 ? 17 : 9 }}',
				time: '2026-02-11T10:14:07.5+01:00',
				eventName: 'shop.text.read',
				attributes: '={{ { "text.number": $json.n, nested: { deep: true } } }}',
				options: { resourceAttributes: '{"deployment.environment.name": "e2e"}' },
			}),
		],
		...['Busy', 'Picky', 'Partial'].map((name) => [
			items(`Items of ${name}`, ...['one', 'two', 'poison', 'four', 'five'].map((text) => ({ text }))),
			byHand(name, name.toLowerCase(), { options: { batchSize: 3 } }),
		]),
		[
			items('Items as JSON', { text: 'one' }),
			{
				...byHand('As JSON', 'json', { options: { encoding: 'json' } }),
				credentials: { otlpApi: { id: json.credential.id, name: json.credential.name } },
			},
		],
	]);
});

it('runs through', () => expect(run.error).toBeUndefined());

it.each([
	['Arpio', 'arpio'],
	['Arcus ERP', 'arcus'],
	['AuditAPI', 'auditapi'],
])('ships the events of %s as protobuf, each to the byte and under its own id', (name, service) => {
	const records = sentBy(service).flat();
	expect(records.length).toBeGreaterThan(7);
	expect(records.map(({ body }) => body)).toEqual(run.json(name).map(({ raw }) => raw));
	const ids = run.json(name).map(({ id, eventId }) => `${service}:${String(eventId ?? id)}`);
	expect(records.map(({ attributes }) => attributes['log.record.uid'])).toEqual(ids);
	expect(run.json(`${name} to SIEM`)).toEqual(run.json(name));
	expect(run.json(`${name} to SIEM`, 1)).toEqual([]);
});

it('sends no more records at once than asked for', () => {
	const sizes = sentBy('arcus').map(({ length }) => length);
	expect(Math.max(...sizes)).toBe(4);
	expect(sizes.length).toBeGreaterThan(1);
});

it('maps every field by hand', () => {
	const [records] = sentBy('fields');
	expect(records).toHaveLength(5);
	expect(records![2]).toMatchObject({
		time: BigInt(Date.parse('2026-02-11T09:14:07.500Z')) * 1_000_000n,
		severityNumber: 17,
		severityText: 'ERROR',
		eventName: 'shop.text.read',
		body: 'poison',
		resource: { 'service.name': 'fields', 'deployment.environment.name': 'e2e' },
		attributes: { 'text.number': 2, nested: '{"deep":true}' },
	});
});

it('waits while the receiver is busy, and sends nothing twice', () => {
	expect(run.items('Busy')).toHaveLength(5);
	expect(run.took('Busy')).toBeGreaterThanOrEqual(1000);
	expect(sentBy('busy').map(({ length }) => length)).toEqual([3, 3, 2]);
	const stored = real.sandbox.receiver!.stored.filter(({ resource }) => resource['service.name'] === 'busy');
	expect(stored).toHaveLength(5);
});

it('puts the one record that is refused at the second output, with the reason and its item', () => {
	expect(run.json('Picky').map(({ text }) => text)).toEqual(['one', 'two', 'four', 'five']);
	expect(run.items('Picky', 1)).toEqual([
		expect.objectContaining({
			json: {
				text: 'poison',
				rejection: { reason: expect.stringContaining('bad record') as string, status: 400, certain: true },
			},
			pairedItem: { item: 2 },
		}),
	]);
});

it('sends parts of a partial success again, until it is known what was taken', () => {
	// the receiver refuses one of three once, and none afterwards
	expect(run.json('Partial').map(({ text }) => text)).toEqual(['one', 'two', 'poison', 'four', 'five']);
	expect(run.json('Partial', 1)).toEqual([]);
	expect(sentBy('partial').map(({ length }) => length)).toEqual([3, 1, 1, 1, 2]);
});

it('writes JSON where that is chosen, with the headers of the credential', () => {
	expect(run.items('As JSON')).toHaveLength(1);
	expect(json.requests).toEqual([
		{
			headers: expect.objectContaining({ 'content-type': 'application/json', 'x-tenant': '7' }) as object,
			body: expect.objectContaining({ resourceLogs: [expect.anything()] }) as object,
		},
	]);
	expect(JSON.stringify(json.requests[0]!.body)).toContain('"stringValue":"one"');
});
