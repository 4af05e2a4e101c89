import { ArcusErp } from '../../nodes/ArcusErp/ArcusErp.node';
import { arcusEntries } from '../../sandbox/fixtures';
import { execute, rows } from './support/context';
import { createWorld, type World } from './support/world';

let world: World;
beforeEach(() => (world = createWorld()));

const entries = (parameters: Record<string, unknown>) =>
	rows(world, new ArcusErp(), {
		resource: 'auditLogEntry',
		operation: 'getAll',
		returnAll: true,
		...parameters,
	} as never);

const query = () => Object.fromEntries(new URL(world.requests[0]!.url, 'https://x.test').searchParams);

it('sends every filter', async () => {
	await entries({
		filters: {
			action: ' order.updated ',
			actorId: 'a',
			actorLabel: 'b',
			actorType: 'api_key',
			createdAfter: '2026-02-01T00:00:00Z',
			ipAddress: '203.0.113.77',
			outcome: 'success',
			resourceId: 'r',
			resourceType: 'order',
			sessionId: 's',
			severity: 'info',
			createdBefore: '2026-02-12T00:00:00Z',
		},
	});
	expect(query()).toMatchObject({
		action: 'order.updated',
		actor_id: 'a',
		actor_label: 'b',
		actor_type: 'api_key',
		from_date: '2026-02-01T00:00:00.000000Z',
		ip_address: '203.0.113.77',
		outcome: 'success',
		resource_id: 'r',
		resource_type: 'order',
		session_id: 's',
		severity: 'info',
		to_date: '2026-02-12T00:00:00.000000Z',
	});
});

it('takes a number of an expression for a filter, instead of leaving it out', async () => {
	const operations = ['auditLogEntry getAll', 'auditLogEntry getStats', 'activityEvent getAll'];
	for (const [resource, operation] of operations.map((one) => one.split(' '))) {
		world.requests.length = 0;
		await entries({ resource, operation, filters: { resourceType: 42 } });
		expect(query()).toMatchObject({ resource_type: '42' });
	}
});

it('filters itself by what the API has no filter for', async () => {
	const denied = await entries({ filters: { outcome: 'denied' } });
	expect(denied.map(({ outcome }) => outcome)).toEqual(['denied']);
	expect(query()).not.toHaveProperty('outcome');
});

it.each(['ignored', 'rejected'] as const)('searches here when the parameter is %s', async (search) => {
	world.arcus.switches.search = search;
	const found = await entries({ operation: 'search', searchText: 'so-001042 created' });
	expect(found.map(({ action }) => action)).toEqual(['order.created']);
});

it('returns the list without what the key may not expand, and says so', async () => {
	world.arcus.switches.expandScopes = { diff: 'orders:read' };
	const parameters = { resource: 'auditLogEntry', operation: 'getAll', options: { expand: ['diff'] } };
	const { output, hints } = await execute(world, new ArcusErp(), { parameters });
	expect(output.length).toBeGreaterThan(0);
	expect(hints.join()).toMatch(/refused to fill in/);
});

it('names the scope that a key lacks', async () => {
	world.arcus.switches.expandScopes = { diff: 'orders:read' };
	const entry = { __rl: true, mode: 'id', value: 'a58b41f4-1adc-4594-ab08-a87e3a264318' };
	const run = entries({ operation: 'get', entry, options: { expand: ['diff'] } });
	await expect(run).rejects.toMatchObject({ description: expect.stringMatching(/scope orders:read/) as string });
});

it.each(['verify', 'getStats'])('returns that %s is not available instead of failing', async (operation) => {
	world.arcus.switches.verify = 'not-implemented';
	world.arcus.switches.stats = 'not-implemented';
	expect(await entries({ operation })).toEqual([{ available: false }]);
});

it('says how far a verdict goes', async () => {
	const [whole] = await entries({ operation: 'verify' });
	expect(whole).toMatchObject({ available: true, verified: true, mayBeIncomplete: false });
	const [part] = await entries({ operation: 'verify', rows: 3 });
	expect(part).toMatchObject({ chainLength: 3, mayBeIncomplete: true });
	expect(world.requests[0]!.body).toBe('{"limit":1000}');
});

it('asks for the activity of one resource at its own address', async () => {
	const [order] = arcusEntries
		.map((text) => JSON.parse(text) as { resource: { type: string; id: string } })
		.filter(({ resource }) => resource.type === 'order');
	const filters = { resourceType: 'order', resourceId: order!.resource.id };
	const events = await entries({ resource: 'activityEvent', filters });
	expect(events.length).toBeGreaterThan(0);
	expect(world.requests[0]!.url).toMatch(new RegExp(`/resources/order/${order!.resource.id}/activity`));
});

it('uses paths with the entity where the credential has one', async () => {
	world.arcus.switches.paths = 'entity';
	world.credentials.arcusErpApi!.entityId = 'd61363b4-2e52-4e8e-8683-8b3959a66e7a';
	expect((await entries({})).length).toBeGreaterThan(0);
	expect(world.requests[0]!.url).toMatch(/^\/v1\/entities\/d61363b4/);
});
