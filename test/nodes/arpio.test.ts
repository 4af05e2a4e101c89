import { Arpio } from '../../nodes/Arpio/Arpio.node';
import { execute, rows } from './support/context';
import { ids } from './support/operations';
import { createWorld, type World } from './support/world';

let world: World;
beforeEach(() => (world = createWorld()));

const events = (filters: Record<string, unknown>, more = {}) =>
	rows(world, new Arpio(), {
		resource: 'auditEvent',
		operation: 'getAll',
		returnAll: true,
		simplify: false,
		filters: filters as never,
		...more,
	});

it.each([
	[{ access: 'write' }, (row: { access?: unknown }) => row.access === 'write'],
	[{ type: 'startApplicationRecovery' }, (row: { type?: unknown }) => row.type === 'startApplicationRecovery'],
	[{ result: 'failure' }, (row: { result?: unknown }) => row.result !== 'success'],
	[
		{ application: { __rl: true, mode: 'list', value: ids.application } },
		(row: { resources?: unknown }) => JSON.stringify(row.resources ?? []).includes(ids.application),
	],
])('filters events by %j itself', async (filters, fits) => {
	const all = await events({});
	const some = await events(filters);
	expect(some.length).toBeGreaterThan(0);
	expect(some).toEqual(all.filter(fits));
});

it('filters by what an event is about', async () => {
	const found = await events({ categories: ['failover', 'failback'] }, { simplify: true });
	expect(found.length).toBeGreaterThan(0);
	for (const { category } of found) expect(['failover', 'failback']).toContain(category);
});

it('reads full pages when it filters, whatever the limit', async () => {
	await events({ access: 'write' }, { returnAll: false, limit: 1 });
	expect(world.requests[0]!.url).toContain('pageSize=100');
});

it('sends times in UTC with microseconds, in the time zone of the workflow', async () => {
	const filters = { createdAfter: '2026-02-11T10:00:00', createdBefore: '2026-02-11T09:30:00.123456Z' };
	const parameters = { resource: 'auditEvent', operation: 'getAll', filters };
	await execute(world, new Arpio(), { parameters, timezone: 'Europe/Berlin' });
	const query = new URL(world.requests[0]!.url, 'https://x.test').searchParams;
	expect(query.get('timestampStart')).toBe('2026-02-11T09:00:00.000000Z');
	expect(query.get('timestampEnd')).toBe('2026-02-11T09:30:00.123456Z');
});

it('refuses a span that ends before it begins, and a time that is none', async () => {
	await expect(events({ createdAfter: '2026-02-02', createdBefore: '2026-02-01' })).rejects.toThrow(
		/Created After is later than Created Before/,
	);
	await expect(events({ createdAfter: 'last week' })).rejects.toThrow(/Created After is not a date and time/);
	expect(world.requests).toEqual([]);
});

it('says when a list without tokens may be cut', async () => {
	world.arpio.switches.envelope = 'array';
	const parameters = { resource: 'auditEvent', operation: 'getAll', returnAll: true, options: { pageSize: 3 } };
	const { hints } = await execute(world, new Arpio(), { parameters });
	expect(hints.join()).toMatch(/there may be more/);
});

it('takes the environments of recovery points from an application', async () => {
	const application = { __rl: true, mode: 'list', value: ids.application };
	const points = await rows(world, new Arpio(), { resource: 'recoveryPoint', operation: 'getAll', application });
	expect(points.length).toBeGreaterThan(0);
	expect(world.requests.map(({ url }) => url)).toEqual([
		expect.stringMatching(/\/applications\//),
		expect.stringMatching(/\/syncPairs\/111122223333\/eu-central-1\/.*\/recoveryPoints/),
	]);
	const kept = await rows(world, new Arpio(), {
		resource: 'recoveryPoint',
		operation: 'getAll',
		application,
		filters: { protectedOnly: true },
	});
	expect(kept).toEqual(points.filter((point) => point.protected === true));
});

it('gets one recovery point, and says when there is none', async () => {
	const application = { __rl: true, mode: 'list', value: ids.application };
	const get = (recoveryPointId: string) =>
		rows(world, new Arpio(), { resource: 'recoveryPoint', operation: 'get', application, recoveryPointId });
	expect(await get('hp5HT0VMBLAUJHxE4zIKeD')).toMatchObject([
		{ recoveryPointId: 'hp5HT0VMBLAUJHxE4zIKeD', protected: true },
	]);
	await expect(get('none')).rejects.toThrow(/does not know what was asked for/);
	await expect(get(' ')).rejects.toThrow(/no recovery point ID/);
});

it('gets every status change of the resources, from page to page, and no more than the limit', async () => {
	const application = { __rl: true, mode: 'list', value: ids.application };
	const changes = (more: object) =>
		rows(world, new Arpio(), { resource: 'application', operation: 'getStatusChanges', application, ...more });
	const backup = await changes({ scope: 'backup', returnAll: true });
	expect(backup.map(({ state }) => state)).toEqual(['ok', 'failed', 'ok']);
	expect(world.requests.map(({ url }) => /resourceStatusChanges\/backup(\?nextToken=)?/.exec(url)?.[1])).toEqual([
		undefined,
		'?nextToken=',
	]);
	expect(await changes({ returnAll: true })).toHaveLength(2);
	const before = world.requests.length;
	await changes({ scope: 'backup', limit: 2 });
	expect(world.requests).toHaveLength(before + 1);
});

it('does not page in circles through status changes', async () => {
	world.interfere = () => ({ status: 200, body: '{"resourceStatusChanges":[{}],"nextToken":"same"}' });
	const application = { __rl: true, mode: 'list', value: ids.application };
	const run = rows(world, new Arpio(), { resource: 'application', operation: 'getStatusChanges', application });
	await expect(run).rejects.toThrow(/same continuation token twice/);
});

it('says which environment is missing', async () => {
	const run = rows(world, new Arpio(), {
		resource: 'recoveryPoint',
		operation: 'getAll',
		environments: 'manual',
		sourceRegion: 'eu-central-1',
	});
	await expect(run).rejects.toMatchObject({
		description: expect.stringMatching(/Source AWS Account ID, Target AWS/) as string,
	});
});

it('asks for a pick where none was made', async () => {
	const application = { __rl: true, mode: 'list', value: '' };
	await expect(rows(world, new Arpio(), { resource: 'application', operation: 'get', application })).rejects.toThrow(
		/No application is picked/,
	);
});
