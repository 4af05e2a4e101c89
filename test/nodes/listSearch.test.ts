import { ArcusErp } from '../../nodes/ArcusErp/ArcusErp.node';
import { Arpio } from '../../nodes/Arpio/Arpio.node';
import { AuditApi } from '../../nodes/AuditApi/AuditApi.node';
import { loadContext } from './support/context';
import { createWorld, type World } from './support/world';

let world: World;
beforeEach(() => (world = createWorld()));

it('finds applications by name or ID', async () => {
	const type = new Arpio();
	const search = (filter?: string) => type.methods.listSearch.searchApplications.call(loadContext(world, type), filter);
	const { results } = await search();
	expect(results.length).toBeGreaterThan(1);
	const [first] = results;
	expect((await search(first!.name.toLowerCase())).results).toContainEqual(first);
	expect((await search(String(first!.value))).results).toEqual([first]);
	expect((await search('no such application')).results).toEqual([]);
});

it('lists and searches entries, page by page', async () => {
	const type = new ArcusErp();
	const search = (filter?: string, cursor?: string) =>
		type.methods.listSearch.searchEntries.call(loadContext(world, type), filter, cursor);
	const { results } = await search();
	expect(results[0]).toEqual({
		name: 'account.merged · 2026-02-11 09:30:00 · Merged 2 accounts',
		value: 'a58b41f4-1adc-4594-ab08-a87e3a264318',
	});
	const found = await search('failover');
	expect(found.results.every(({ name }) => /failover/i.test(name))).toBe(true);
	expect((await search(undefined, String(results[0]!.value))).results[0]).toEqual(results[1]);
});

it('lists and searches events', async () => {
	const type = new AuditApi();
	const search = (filter?: string) => type.methods.listSearch.searchEvents.call(loadContext(world, type), filter);
	const { results } = await search();
	expect(results.length).toBeGreaterThan(3);
	const found = await search('account*');
	expect(found.results.length).toBeGreaterThan(0);
	expect(found.results.length).toBeLessThan(results.length);
});

it('says in the list when the key is wrong', async () => {
	world.credentials.arpioApi!.apiKey = 'wrong:key';
	const type = new Arpio();
	const run = type.methods.listSearch.searchApplications.call(loadContext(world, type));
	await expect(run).rejects.toThrow(/did not accept the API key/);
});

it('says at once in the list that the credential is paused for longer than anybody waits in front of it', async () => {
	const type = new Arpio();
	const search = () => type.methods.listSearch.searchApplications.call(loadContext(world, type));
	world.interfere = () => ({ status: 503, headers: { 'retry-after': '11' } });
	const start = world.clock.now();
	await expect(search()).rejects.toMatchObject({ description: expect.stringMatching(/paused until/) as string });
	world.interfere = () => undefined;
	await expect(search()).rejects.toThrow(/not available right now/);
	expect([world.clock.now() - start, world.requests.length]).toEqual([0, 1]);
	world.clock.advance(1000);
	expect((await search()).results.length).toBeGreaterThan(0);
});
