import type { IDataObject } from 'n8n-workflow';
import { AuditApi } from '../../nodes/AuditApi/AuditApi.node';
import { execute, rows } from './support/context';
import { createWorld, type World } from './support/world';

let world: World;
beforeEach(() => (world = createWorld()));

const create = (parameters: IDataObject) =>
	rows(world, new AuditApi(), { resource: 'event', operation: 'create', action: 'a.b', ...parameters } as never);
const posted = () =>
	world.requests.filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body as string) as IDataObject);

it('creates one event per item', async () => {
	const items = [{ n: 1 }, { n: 2 }];
	const parameters = { resource: 'event', operation: 'create', payloadMode: 'item' };
	const { output } = await execute(world, new AuditApi(), { parameters, items });
	expect(posted()).toEqual(items.map((item) => ({ ...item, idempotency_key: expect.any(String) as string })));
	expect(new Set(output.map(({ json }) => json.id)).size).toBe(2);
	expect(new Set(posted().map((payload) => payload.idempotency_key)).size).toBe(2);
});

it('takes the payload from fields or JSON', async () => {
	const fields = {
		field: [
			{ name: 'account_id', value: '7' },
			{ name: ' ', value: 'left out' },
		],
	};
	await create({ fields, sendKey: false });
	await create({ payloadMode: 'json', jsonPayload: '{"x": {"y": 1}}', sendKey: false });
	expect(posted()).toEqual([{ action: 'a.b', account_id: '7' }, { x: { y: 1 } }]);
});

it('sends the timestamp in a form that AuditAPI understands', async () => {
	await create({ timestamp: '2026-02-11T10:14:07+01:00', sendKey: false });
	await create({ payloadMode: 'json', jsonPayload: '{"a":1,"timestamp":"2026-02-11T09:14:07.25Z"}', sendKey: false });
	expect(posted().map(({ timestamp }) => timestamp)).toEqual(['2026-02-11T09:14:07Z', '2026-02-11T09:14:07.250000Z']);
});

it.each([
	['a timestamp that AuditAPI would ignore', { payloadMode: 'json', jsonPayload: '{"a":1,"timestamp":"yesterday"}' }],
	['a number as timestamp', { payloadMode: 'json', jsonPayload: '{"a":1,"timestamp":1770801247}' }],
	['a wrong timestamp parameter', { timestamp: '11.02.2026' }],
	['JSON that is no object', { payloadMode: 'json', jsonPayload: '[1]' }],
	['broken JSON', { payloadMode: 'json', jsonPayload: '{' }],
	['an empty payload', { payloadMode: 'json', jsonPayload: '{}' }],
	['a timestamp alone', { payloadMode: 'json', jsonPayload: '{"timestamp":"2026-02-11T09:14:07Z"}' }],
	['an empty action', { action: ' ' }],
])('refuses %s before it sends anything', async (_what, parameters) => {
	await expect(create(parameters)).rejects.toMatchObject({ failure: { cause: 'configuration-invalid' } });
	expect(world.requests).toEqual([]);
});

it('waits until the event is stored if asked', async () => {
	world.auditapi.switches.storeDelayMs = 6_000;
	const start = world.clock.now();
	const [row] = await create({ waitUntilStored: true });
	expect(row).toMatchObject({ created: true, stored: true });
	expect(world.clock.now() - start).toBeGreaterThanOrEqual(6_000);
	expect(world.logs.auditapi.get(row!.id as string, world.clock.now())).toBeDefined();
});

it('stops waiting after the given time and says what is known', async () => {
	world.auditapi.switches.storeDelayMs = 3_600_000;
	const run = create({ waitUntilStored: true, options: { maxWait: 20 } });
	await expect(run).rejects.toThrow(/accepted event .* but had not stored it after 20 s/);
});

it('does not send twice when the answer is lost, and finds out that the event arrived', async () => {
	const { elsewhere } = world;
	expect(elsewhere).toBeUndefined();
	const real = world.request.bind(world);
	let lost = false;
	world.request = async (type, options) => {
		const answer = await real(type, options);
		if (options.method !== 'POST' || lost) return answer;
		lost = true;
		throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
	};
	const [row] = await create({});
	expect(row).toMatchObject({ created: true });
	expect(posted()).toHaveLength(1);
	expect(world.logs.auditapi.get(row!.id as string, world.clock.now())).toBeDefined();
});

it('tells the first fault when a lost event does not show up', async () => {
	world.interfere = (_number, { method }) => (method === 'POST' ? 'ECONNRESET' : undefined);
	await expect(create({})).rejects.toThrow(/No connection/);
	expect(posted()).toHaveLength(1);
});

it('does not create an event again whose key is there already', async () => {
	const options = { duplicateKey: 'order-17', checkFirst: true };
	const [first] = await create({ options, waitUntilStored: true });
	const [second] = await create({ options });
	expect(first).toMatchObject({ created: true, idempotency_key: 'order-17' });
	expect(second).toEqual({ id: first!.id, created: false, stored: true, idempotency_key: 'order-17' });
	expect(posted()).toHaveLength(1);
});

it('makes the same key for a repeat of the same item', async () => {
	await create({});
	await create({});
	await create({ action: 'a.c' });
	const [first, again, other] = posted().map((payload) => payload.idempotency_key);
	expect(again).toBe(first);
	expect(other).not.toBe(first);
});

it('says when the plan is used up', async () => {
	world.auditapi.switches.quota = 0;
	await expect(create({})).rejects.toMatchObject({ failure: { cause: 'quota-exhausted' }, httpCode: '402' });
});
