import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { arcusClient } from '../../../providers/arcus-erp/client';
import { arcusErp } from '../../../providers/arcus-erp/provider';
import { parseInstant } from '../../../core/time';
import { listOf, scripted, thrown } from './scripted';

const fixture = (name: string) => ({
	text: readFileSync(join(__dirname, '../../../sandbox/fixtures', name), 'utf8'),
});
const none = listOf([], { has_more: false });

describe('list', () => {
	it('sends every documented filter', async () => {
		const script = scripted(none);
		await arcusClient(script.call).list({
			from: parseInstant('2026-02-01T00:00:00Z'),
			to: parseInstant('2026-02-02T00:00:00+02:00'),
			action: 'order.created',
			resourceType: 'order',
			resourceId: 'r1',
			actorType: 'api_key',
			actorId: 'a1',
			actorLabel: 'WMS',
			severity: 'security',
			outcome: 'failure',
			ipAddress: '203.0.113.77',
			sessionId: 's1',
			search: 'invoice',
			startingAfter: 'e9',
			limit: 50,
			expand: ['actor', 'chain'],
		});
		expect(script.queries()).toEqual([
			{
				from_date: '2026-02-01T00:00:00.000000Z',
				to_date: '2026-02-01T22:00:00.000000Z',
				action: 'order.created',
				resource_type: 'order',
				resource_id: 'r1',
				actor_type: 'api_key',
				actor_id: 'a1',
				actor_label: 'WMS',
				severity: 'security',
				outcome: 'failure',
				ip_address: '203.0.113.77',
				session_id: 's1',
				search: 'invoice',
				starting_after: 'e9',
				limit: '50',
				'expand[]': ['data.actor', 'data.chain'],
			},
		]);
	});

	it.each([
		[undefined, '100'],
		[0, '1'],
		[150, '150'],
		[1000, '200'],
	])('asks for limit %s as %s', async (limit, sent) => {
		const script = scripted(none);
		await arcusClient(script.call).list({ limit });
		expect(script.queries()[0]!.limit).toBe(sent);
	});

	it('applies values that the API does not document as filters here', async () => {
		const script = scripted(fixture('arcus-audit-log-entries.json'));
		const page = await arcusClient(script.call).list({ outcome: 'denied', severity: 'notice' });
		expect(script.queries()).toEqual([{ limit: '100' }]);
		expect(page.elements.map(({ json }) => json.action)).toEqual(['export.denied']);
		expect(page).toMatchObject({ filteredHere: true, next: 'bce4d890-e21f-40c0-94ff-ee29ea825f39' });
	});
});

describe('limit', () => {
	it.each([400, 422])('drops to 100 on %i naming it, and stays there', async (status) => {
		const script = scripted({ refuse: status, param: 'limit' }, none, none);
		const client = arcusClient(script.call);
		await client.list({ limit: 200 });
		await client.list({ limit: 200 });
		expect(script.queries().map(({ limit }) => limit)).toEqual(['200', '100', '100']);
	});

	it('does not drop for another parameter', async () => {
		const script = scripted({ refuse: 422, param: 'from_date' });
		expect(await thrown(arcusClient(script.call).list({ limit: 200 }))).toMatchObject({ failure: { status: 422 } });
		expect(script.requests).toHaveLength(1);
	});
});

describe('expand', () => {
	it.each([
		{ refuse: 400, code: 'invalid_expand_unknown_field' },
		{ refuse: 400, param: 'expand[]' },
		{ refuse: 403, code: 'insufficient_scope', required: 'users:read' },
	])('is left out after %j, and stays out', async (refusal) => {
		const script = scripted(refusal, none, none);
		const client = arcusClient(script.call);
		expect((await client.list({ expand: ['actor'] })).expanded).toBe(false);
		await client.list({ expand: ['actor'] });
		expect(script.queries().map((query) => query['expand[]'])).toEqual([['data.actor'], undefined, undefined]);
	});

	it('is not blamed for a missing scope of the log itself', async () => {
		const script = scripted({ refuse: 403, code: 'insufficient_scope', required: 'audit:read' });
		const error = await thrown(arcusClient(script.call).list({ expand: ['actor'] }));
		expect(error).toMatchObject({ failure: { status: 403, required: 'audit:read' } });
	});

	it('has no prefix on a single entry', async () => {
		const script = scripted(fixture('arcus-audit-log-entry.json'));
		const { entry, raw } = await arcusClient(script.call).get('id/1', ['diff', 'chain']);
		expect(script.requests[0]!.path).toBe('/audit_log_entries/id%2F1');
		expect(script.queries()).toEqual([{ 'expand[]': ['diff', 'chain'] }]);
		expect(entry.action).toBe('order.updated');
		expect(raw).toContain('"order_total": 1250.0');
	});
});

describe('search', () => {
	const page = listOf(
		[
			{ id: 'e1', description: 'Changed SO-001042' },
			{ id: 'e2', action: 'order.deleted', resource: { label: 'Widget' } },
		],
		{ has_more: false },
	);
	const ids = ({ elements }: { elements: { id?: string }[] }) => elements.map(({ id }) => id);

	it('happens here after a 400, for good', async () => {
		const script = scripted({ refuse: 400 }, page, page);
		const client = arcusClient(script.call);
		expect(ids(await client.list({ search: 'so-001042 changed' }))).toEqual(['e1']);
		expect(ids(await client.list({ search: 'WIDGET' }))).toEqual(['e2']);
		expect(script.queries().map(({ search }) => search)).toEqual(['so-001042 changed', undefined, undefined]);
	});

	it('happens here when the parameter is ignored', async () => {
		const script = scripted(page, page);
		expect(ids(await arcusClient(script.call).list({ search: 'widget' }))).toEqual(['e2']);
	});

	it('is left to the server when that finds what words here do not', async () => {
		const stemmed = listOf([{ id: 'e7', description: 'deletion' }], { has_more: false });
		const script = scripted(stemmed, page, stemmed);
		const client = arcusClient(script.call);
		expect(ids(await client.list({ search: 'deleted' }))).toEqual(['e7']);
		expect(ids(await client.list({ search: 'deleted' }))).toEqual(['e7']);
		expect(script.requests).toHaveLength(3);
	});

	it('is not blamed for a refusal that stays without it', async () => {
		const script = scripted({ refuse: 400, param: 'from_date' }, { refuse: 400, param: 'from_date' }, page);
		const client = arcusClient(script.call);
		expect(await thrown(client.list({ search: 'widget' }))).toMatchObject({ failure: { param: 'from_date' } });
		await client.list({ search: 'changed' }).catch(() => undefined);
		expect(script.queries()[2]).toMatchObject({ search: 'changed' });
	});
});

describe('paths', () => {
	it('are flat without an entity', async () => {
		const script = scripted(none);
		await arcusClient(script.call).list();
		expect(script.requests[0]!.path).toBe('/audit_log_entries');
	});

	it('fall back to the flat form after a 404 and stay there', async () => {
		const script = scripted({ refuse: 404 }, none, none);
		const client = arcusClient(script.call, { entityId: 'ent_1' });
		await client.list();
		await client.list({ startingAfter: 'e1' });
		expect(script.requests.map(({ path }) => path)).toEqual([
			'/entities/ent_1/audit_log_entries',
			'/audit_log_entries',
			'/audit_log_entries',
		]);
	});

	it('keep the entity form once it has answered', async () => {
		const script = scripted(none, { refuse: 404 });
		const client = arcusClient(script.call, { entityId: 'ent_1' });
		await client.list();
		expect(await thrown(client.get('gone'))).toMatchObject({
			failure: { status: 404, path: '/entities/ent_1/audit_log_entries/gone' },
		});
	});

	it('report the form that was configured when neither is there', async () => {
		const script = scripted({ refuse: 404 }, { refuse: 404 });
		const error = await thrown(arcusClient(script.call, { entityId: 'ent_1' }).list());
		expect(error).toMatchObject({ failure: { path: '/entities/ent_1/audit_log_entries' } });
	});

	it('are part of the fingerprint', () => {
		expect(arcusErp.endpoint({})).toBe('/audit_log_entries');
		expect(arcusErp.endpoint({ entityId: 'e 1' })).toBe('/entities/e%201/audit_log_entries');
	});
});

describe('verify and stats', () => {
	it('asks for a fresh verdict with a POST that may be repeated', async () => {
		const script = scripted(fixture('arcus-audit-verify-broken.json'));
		const from = parseInstant('2026-02-01T00:00:00Z');
		expect(await arcusClient(script.call).verify({ from, limit: 20_000 })).toEqual({
			available: true,
			verified: false,
			chainLength: 9,
			brokenAt: '6aeac07b-b53b-4f93-9856-a02e644f5bef',
			brokenReason: 'prev_hash_mismatch',
		});
		expect(script.requests[0]).toMatchObject({
			method: 'POST',
			path: '/audit_log_entries/verify',
			idempotent: true,
			body: '{"from_date":"2026-02-01T00:00:00.000000Z","limit":10000}',
		});
	});

	it('reads an unbroken chain', async () => {
		const script = scripted(fixture('arcus-audit-verify-ok.json'));
		expect(await arcusClient(script.call).verify()).toEqual({ available: true, verified: true, chainLength: 17 });
	});

	it('reads counts', async () => {
		const script = scripted(fixture('arcus-audit-stats.json'));
		const stats = await arcusClient(script.call).stats({ resourceType: 'order', severity: 'info' });
		expect(stats).toMatchObject({ available: true, total: 17, byOutcome: { success: 13, failure: 3, denied: 1 } });
		expect(script.queries()).toEqual([{ resource_type: 'order', severity: 'info' }]);
	});

	it('says that an endpoint is not there yet', async () => {
		const client = arcusClient(scripted({ refuse: 501 }, { refuse: 501 }).call);
		expect(await client.verify()).toEqual({ available: false });
		expect(await client.stats()).toEqual({ available: false });
	});

	it('does not take an odd answer for a verdict', async () => {
		expect(await thrown(arcusClient(scripted({ json: {} }).call).verify())).toMatchObject({
			failure: { kind: 'malformed' },
		});
	});
});

describe('activity', () => {
	it('lists the feed', async () => {
		const script = scripted(fixture('arcus-activity-events.json'));
		const page = await arcusClient(script.call).listActivity({ actorType: 'user', limit: 500, startingAfter: 'act_1' });
		expect(page.elements).toHaveLength(4);
		expect(page.next).toBeUndefined();
		expect(script.requests[0]!.path).toBe('/activity');
		expect(script.queries()).toEqual([{ actor_type: 'user', limit: '100', starting_after: 'act_1' }]);
	});

	it('lists what happened to a resource, and reads one event', async () => {
		const script = scripted(none, { json: { id: 'act_1' } });
		const client = arcusClient(script.call);
		await client.listResourceActivity('order', 'o/1');
		expect(await client.getActivity('act_1')).toEqual({ id: 'act_1' });
		expect(script.requests.map(({ path }) => path)).toEqual(['/resources/order/o%2F1/activity', '/activity/act_1']);
	});
});

describe('authorize', () => {
	it('cuts the line break of a key file', () => {
		expect(arcusErp.authorize({ apiKey: 'ark_test_ent_x_1\n' })).toEqual({ authorization: 'Bearer ark_test_ent_x_1' });
	});

	it.each(['', '  ', 'Bearer ark_canary', 'ark_canary\r\nX-Evil: 1', 'ark_canäry'])(
		'refuses %j without naming it',
		(key) => {
			let message = '';
			try {
				arcusErp.authorize({ apiKey: key });
			} catch (error) {
				message = String(error);
			}
			expect(message).toMatch(/The API key (is empty|has a space)/);
			expect(message).not.toMatch(/ark_|canary|Evil/);
		},
	);
});
