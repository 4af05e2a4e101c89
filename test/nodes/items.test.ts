/** Several input items: links, continue on fail, and one limiter for one credential. */
import { ArcusErp } from '../../nodes/ArcusErp/ArcusErp.node';
import { Arpio } from '../../nodes/Arpio/Arpio.node';
import { runtime } from '../../nodes/shared/runtime';
import { execute } from './support/context';
import { allCases, ids } from './support/operations';
import { createWorld, type World } from './support/world';

let world: World;
beforeEach(() => (world = createWorld()));

const items = [{}, {}, {}];

describe.each(allCases)('%s with three items', (_title, type, parameters) => {
	/** The second item's first request fails. */
	const failTheSecond = async () => {
		const alone = createWorld();
		await execute(alone, type, { parameters });
		const perItem = alone.requests.length;
		world = createWorld();
		world.interfere = (number) => (number === perItem + 1 ? { status: 403, body: '{"message":"bad"}' } : undefined);
	};

	it('goes on after the one that fails, and links each result to its item', async () => {
		await failTheSecond();
		const { output } = await execute(world, type, { parameters, items, continueOnFail: true });
		const linked = output.map(({ pairedItem }) => (pairedItem as { item: number }).item);
		expect([...new Set(linked)]).toEqual([0, 1, 2]);
		const [failed, ...more] = output.filter((_row, index) => linked[index] === 1);
		expect(more).toEqual([]);
		expect(Object.keys(failed!.json)).toEqual(['error']);
		expect(failed!.json.error).toMatch(/is not allowed to do this.*"bad"/);
		expect(output.filter(({ json }) => json.error)).toHaveLength(1);
	});

	it('stops at the one that fails otherwise, and names it', async () => {
		await failTheSecond();
		await expect(execute(world, type, { parameters, items })).rejects.toMatchObject({ context: { itemIndex: 1 } });
	});
});

it('shares one limiter among nodes with the same credential', async () => {
	const parameters = { resource: 'application', operation: 'getAll' };
	await execute(world, new Arpio(), { parameters });
	await execute(world, new Arpio(), { parameters: { ...parameters, options: { retries: 1 } } });
	expect(runtime.domains.size).toBe(1);
	const [domain] = runtime.domains.values();
	expect(domain!.requests).toBe(2);

	world.interfere = () => ({ status: 429, headers: { 'retry-after': '60' } });
	const paused = world.clock.now() + 60_000;
	await execute(world, new Arpio(), { parameters: { ...parameters, options: { retries: 0 } }, continueOnFail: true });
	world.interfere = () => undefined;
	await execute(world, new Arpio(), { parameters });
	expect(world.clock.now()).toBeGreaterThanOrEqual(paused);
});

it('gives another key a limiter of its own', async () => {
	await execute(world, new Arpio(), { parameters: { resource: 'application', operation: 'getAll' } });
	const entry = { __rl: true, mode: 'id', value: ids.entry };
	await execute(world, new ArcusErp(), { parameters: { resource: 'auditLogEntry', operation: 'get', entry } });
	expect(runtime.domains.size).toBe(2);
	expect([...runtime.domains.keys()].join()).not.toContain(world.credentials.arpioApi!.apiKey);
});

it('waits for the reset when the provider says that nothing is left', async () => {
	const parameters = { resource: 'auditLogEntry', operation: 'getStats' };
	const reset = String(world.clock.now() / 1000 + 20);
	const body = '{"total":0}';
	const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
	world.interfere = (number) => (number === 1 ? { status: 200, headers, body } : undefined);
	const start = world.clock.now();
	await execute(world, new ArcusErp(), { parameters, items: [{}, {}] });
	expect(world.clock.now() - start).toBe(20_000);
});
