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

const assigned = (...given: [name: string, value: unknown, type?: string][]) => ({
	assignments: given.map(([name, value, type = 'string']) => ({ id: name, name, value, type })),
});

it('takes the payload from fields or JSON', async () => {
	await create({ fields: assigned(['account_id', '7'], [' ', 'left out']), sendKey: false });
	await create({ payloadMode: 'json', jsonPayload: '{"x": {"y": 1}}', sendKey: false });
	expect(posted()).toEqual([{ action: 'a.b', account_id: '7' }, { x: { y: 1 } }]);
});

it('sends each field with the type that was picked for it', async () => {
	const fields = assigned(
		['account_id', '1234', 'number'],
		['order.id', 1234],
		['vip', 'true', 'boolean'],
		['tags', '["a","b"]', 'array'],
		['device', { os: 'x' }, 'object'],
		['by', undefined],
	);
	await create({ fields, sendKey: false });
	const typed = { account_id: 1234, 'order.id': '1234', vip: true, tags: ['a', 'b'], device: { os: 'x' }, by: null };
	expect(posted()).toEqual([{ action: 'a.b', ...typed }]);
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
	['JSON that is not an object', { payloadMode: 'json', jsonPayload: '[1]' }],
	['broken JSON', { payloadMode: 'json', jsonPayload: '{' }],
	['an empty payload', { payloadMode: 'json', jsonPayload: '{}' }],
	['a timestamp alone', { payloadMode: 'json', jsonPayload: '{"timestamp":"2026-02-11T09:14:07Z"}' }],
	['an empty action', { action: ' ' }],
	['text in a field of numbers', { fields: assigned(['account_id', 'abc', 'number']) }],
	['a number that would lose digits', { fields: assigned(['account_id', '90071992547409931', 'number']) }],
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

it('waits for no time that is none, instead of for ever', async () => {
	world.auditapi.switches.storeDelayMs = 3_600_000;
	const run = create({ waitUntilStored: true, options: { maxWait: 'long' } });
	await expect(run).rejects.toThrow('Max Wait is not a number from 0 on');
	expect(world.requests).toEqual([]);
});

describe('many items', () => {
	const items = Array.from({ length: 20 }, (_, n) => ({ n }));
	const many = (parameters: IDataObject, given: IDataObject[] = items) =>
		execute(world, new AuditApi(), {
			parameters: { resource: 'event', operation: 'create', payloadMode: 'item', ...parameters } as never,
			items: given,
			continueOnFail: true,
		});
	/** Lets this many requests wait for each other before they go on. */
	const underWay = () => {
		const real = world.request.bind(world);
		const count = { now: 0, most: 0 };
		world.request = async (...request) => {
			count.most = Math.max(count.most, ++count.now);
			// the next one may start in the meantime
			await new Promise((resolve) => setImmediate(resolve));
			count.now--;
			return real(...request);
		};
		return count;
	};

	it('has two requests under way at a time, and gives the results in the order of the items', async () => {
		const count = underWay();
		const { output } = await many({});
		expect(count.most).toBe(2);
		const byId = new Map(world.logs.auditapi.all().map(({ id, raw }) => [id, JSON.parse(raw) as { payload: object }]));
		expect(output.map(({ json }) => byId.get(json.id as string)?.payload)).toMatchObject(items);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual(items.map((_, item) => ({ item })));
	});

	it('keeps the pace of the credential', async () => {
		world.credentials.auditApi!.requestsPerMinute = '60';
		const start = world.clock.now();
		await many({});
		expect(world.clock.now() - start).toBe(19_000);
	});

	it('waits once for all of them, after the last was sent', async () => {
		world.auditapi.switches.storeDelayMs = 6_000;
		const start = world.clock.now();
		const { output } = await many({ waitUntilStored: true });
		expect(output.every(({ json }) => json.created && json.stored)).toBe(true);
		expect(world.clock.now() - start).toBeLessThan(12_000);
		const methods = world.requests.map(({ method }) => method);
		expect(methods.lastIndexOf('POST')).toBeLessThan(methods.indexOf('GET'));
	});

	it('waits no longer than Max Wait for all together, and says of each what is known', async () => {
		world.auditapi.switches.storeDelayMs = 3_600_000;
		const start = world.clock.now();
		const { output } = await many({ waitUntilStored: true, options: { maxWait: 20 } });
		expect(output.map(({ json }) => json.error)).toEqual(
			items.map(() => expect.stringMatching(/^AuditAPI accepted event .* after 20 s/) as string),
		);
		expect(world.clock.now() - start).toBeLessThan(25_000);
	});

	it('creates that of the first item when others have the same key, though its credential is slow to come', async () => {
		const credential = world.credentials.auditApi!;
		let reads = 0;
		const slow = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve, credential)));
		Object.defineProperty(world.credentials, 'auditApi', { get: () => (reads++ === 0 ? slow() : credential) });
		const { output } = await many({ options: { duplicateKey: 'order-17', checkFirst: true } });
		expect(output.map(({ json }) => json.created)).toEqual(items.map((_, item) => item === 0));
	});

	it('creates one event of items with the same key, if told to check', async () => {
		world.auditapi.switches.storeDelayMs = 6_000;
		const { output } = await many({ options: { duplicateKey: 'order-17', checkFirst: true } });
		expect(posted()).toHaveLength(1);
		expect(new Set(output.map(({ json }) => json.id)).size).toBe(1);
		expect(output.filter(({ json }) => json.created)).toHaveLength(1);
	});
});

it('begins nothing more after an item that failed, unless told to go on', async () => {
	world.interfere = (number) => (number === 3 ? { status: 400, body: '{"message":"bad"}' } : undefined);
	const parameters = { resource: 'event', operation: 'create', payloadMode: 'item' };
	const run = execute(world, new AuditApi(), { parameters, items: Array.from({ length: 9 }, (_, n) => ({ n })) });
	await expect(run).rejects.toMatchObject({ context: { itemIndex: 2 } });
	expect(posted().length).toBeLessThan(6);
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
