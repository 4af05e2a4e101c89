import { arcusApi, type ArcusOptions } from '../../sandbox/arcus/api';
import { arcusEntry } from '../../sandbox/arcus/events';
import { arcusEntityId, arcusSandboxKey, type ArcusKey } from '../../sandbox/arcus/keys';
import { eventLog } from '../../sandbox/eventLog';
import { arcusEntries } from '../../sandbox/fixtures';
import { seededLogs } from '../../sandbox/seed';
import { asker, at, ids, testClock, type Asked } from './support';

const list = '/v1/audit_log_entries';
const all = 'expand[]=data.actor&expand[]=data.resource&expand[]=data.diff&expand[]=data.chain';
const bearer = (key: ArcusKey) => ({ Authorization: `Bearer ${key.key}` });

function setup(switches: ArcusOptions['switches'] = {}, options: ArcusOptions = {}) {
	const clock = testClock();
	const key = options.keys?.[0] ?? arcusSandboxKey;
	const api = arcusApi({ clock, log: seededLogs().arcus, ...options, switches });
	return { clock, api, ask: asker(api, bearer(key)) };
}

const found = (reply: Asked) => ids(reply.data['data']);
const count = (reply: Asked) => (reply.data['data'] as unknown[]).length;

function walk(ask: (url: string) => Asked, query: string) {
	const seen: string[] = [];
	for (let cursor = ''; ; cursor = `&starting_after=${seen.at(-1)}`) {
		const reply = ask(`${list}?${query}${cursor}`);
		seen.push(...found(reply));
		if (reply.data['has_more'] !== true) return seen;
	}
}

describe('Arcus: access', () => {
	it('wants a Bearer key', () => {
		const reply = asker(setup().api, {})(list);
		expect(reply.status).toBe(401);
		expect(reply.data).toMatchObject({ error: 'missing_api_key', code: 'missing_api_key', type: 'permission_error' });
	});

	it('names the missing scope', () => {
		const { ask } = setup({}, { keys: [{ key: 'k', scopes: ['orders:read'], tier: 'test' }] });
		expect(ask(list)).toMatchObject({ status: 403, data: { error: 'insufficient_scope', required: 'audit:read' } });
	});

	it('shows audit:read:own only its own entries', () => {
		const actorId = '4f2e5bf9-6788-4355-b3ab-8b1da5d7e1c1';
		const { ask } = setup({}, { keys: [{ key: 'k', scopes: ['audit:read:own'], tier: 'test', actorId }] });
		const own = ask(list).data['data'] as { actor: { id: string } }[];
		expect(own.length).toBeGreaterThan(0);
		expect(new Set(own.map((entry) => entry.actor.id))).toEqual(new Set([actorId]));
		expect(ask(`${list}/75de240b-9af5-4c5b-a249-0219e964edb7`).status).toBe(404);
	});

	it('refuses an address that is not on the list', () => {
		const { ask } = setup({}, { keys: [{ ...arcusSandboxKey, addressRefused: true }] });
		expect(ask(list)).toMatchObject({ status: 403, data: { error: 'ip_not_allowlisted' } });
	});

	it('has flat paths, entity paths, or both', () => {
		const inEntity = `/v1/entities/${arcusEntityId}/audit_log_entries`;
		const both = (paths: 'flat' | 'entity' | 'both') =>
			[list, inEntity].map((path) => setup({ paths }).ask(path).status);
		expect([both('flat'), both('entity'), both('both')]).toEqual([
			[200, 404],
			[404, 200],
			[200, 200],
		]);
		expect(setup({ paths: 'entity' }).ask('/v1/entities/other/audit_log_entries').status).toBe(403);
		expect(setup({ paths: 'entity' }).ask(inEntity).data['url']).toBe(inEntity);
	});

	it('answers 405 to POST on the feeds', () => {
		const { ask } = setup();
		expect(ask('/v1/activity', { method: 'POST' }).status).toBe(405);
		expect(ask(list, { method: 'POST' }).status).toBe(405);
	});
});

describe('Arcus: list', () => {
	it('lists newest first and sends the stored bytes when everything is expanded', () => {
		const texts = [...arcusEntries].reverse().join(',');
		const { body, data } = setup().ask(`${list}?${all}`);
		expect(body.startsWith(`{"object":"list","data":[${texts}],`)).toBe(true);
		expect(data).toMatchObject({ has_more: false, next_cursor: null, total_count: 17, url: list });
	});

	it('continues after a cursor without repeating it, also among equal times', () => {
		const whole = found(setup().ask(list));
		for (const limit of [1, 2, 3, 16, 17, 200]) expect(walk(setup().ask, `limit=${limit}`)).toEqual(whole);
	});

	it('can turn ties round', () => {
		const newest = found(setup().ask(list));
		const oldest = found(setup({ ties: 'oldest-first' }).ask(list));
		expect(oldest).not.toEqual(newest);
		expect([oldest[2], oldest[3]]).toEqual([newest[3], newest[2]]);
		expect(walk(setup({ ties: 'oldest-first' }).ask, 'limit=3')).toEqual(oldest);
	});

	it('defaults to 50 rows and checks the limit', () => {
		const log = eventLog();
		for (let n = 0; n < 60; n++) log.add(arcusEntry(log, { id: `e${n}`, micros: at(n) }));
		const { ask, api } = setup({}, { log });
		expect(count(ask(list))).toBe(50);
		for (const limit of ['0', '201', 'x']) {
			expect(ask(`${list}?limit=${limit}`)).toMatchObject({ status: 422, data: { param: 'limit' } });
		}
		Object.assign(api.switches, { maxLimit: 100, limitError: 400 });
		expect(ask(`${list}?limit=101`)).toMatchObject({ status: 400, data: { param: 'limit' } });
		expect(ask(`${list}?limit=100`).status).toBe(200);
	});

	it('answers 404, or 400, to a cursor that was deleted', () => {
		const { api, ask } = setup();
		const cursor = found(ask(`${list}?limit=1`))[0]!;
		api.log.remove(cursor);
		expect(ask(`${list}?starting_after=${cursor}`)).toMatchObject({ status: 404, data: { error: 'not_found' } });
		api.switches.unknownCursor = 400;
		expect(ask(`${list}?starting_after=${cursor}`).status).toBe(400);
	});

	it('keeps pages in place when new entries arrive', () => {
		const { api, ask } = setup();
		const first = ask(`${list}?limit=5`);
		const whole = found(ask(list));
		api.log.add(arcusEntry(api.log, { id: 'new', micros: at(0) }));
		expect(found(ask(`${list}?limit=200&starting_after=${String(first.data['next_cursor'])}`))).toEqual(whole.slice(5));
	});

	it('can leave out next_cursor and total_count', () => {
		const { ask } = setup({ nextCursor: 'null', totalCount: 'absent' });
		expect(ask(`${list}?limit=1`).data).toMatchObject({ has_more: true, next_cursor: null });
		expect(ask(list).data).not.toHaveProperty('total_count');
		const onRequest = setup({ totalCount: 'on-request' }).ask;
		expect(onRequest(list).data).not.toHaveProperty('total_count');
		expect(onRequest(`${list}?include_count=true`).data['total_count']).toBe(17);
	});

	it('can be wrong about has_more', () => {
		expect(setup({ hasMore: 'always' }).ask(list).data['has_more']).toBe(true);
		expect(setup({ hasMore: 'never' }).ask(`${list}?limit=1`).data['has_more']).toBe(false);
	});
});

describe('Arcus: filters', () => {
	it.each([
		['action=account.merged', 1],
		['resource_type=order', 2],
		['resource_id=f04f0177-fc34-4122-ab41-c4517550822e', 1],
		['actor_type=webhook', 2],
		['actor_id=76aa3665-3172-4f94-823c-f052b3fdd55c', undefined],
		['actor_label=stripe', 2],
		['severity=critical', 3],
		['outcome=failure', 3],
		['ip_address=192.0.2.250', undefined],
		['session_id=8b0c1dcc-3c78-4a99-ada4-70db207f8fd5', 1],
		['search=CARD', 1],
		['search=so-001042', undefined],
	])('%s', (query, expected) => {
		const { ask } = setup();
		const filtered = count(ask(`${list}?${query}`));
		expect(filtered).toBeLessThan(17);
		if (expected !== undefined) expect(filtered).toBe(expected);
	});

	it('includes or excludes the bounds', () => {
		const window = 'from_date=2026-02-11T08:00:00Z&to_date=2026-02-11T09:30:00Z';
		expect(count(setup().ask(`${list}?${window}`))).toBe(2);
		expect(count(setup({ fromDate: 'exclusive' }).ask(`${list}?${window}`))).toBe(1);
		expect(count(setup({ fromDate: 'exclusive', toDate: 'exclusive' }).ask(`${list}?${window}`))).toBe(0);
	});

	it.each(['from_date=today', 'to_date=2026-02-11', 'severity=notice', 'outcome=denied', 'actor_type=robot'])(
		'refuses %s and names the parameter',
		(query) =>
			expect(setup().ask(`${list}?${query}`)).toMatchObject({ status: 400, data: { param: query.split('=')[0] } }),
	);

	it('can ignore or refuse the search parameter', () => {
		expect(count(setup({ search: 'ignored' }).ask(`${list}?search=CARD`))).toBe(17);
		expect(setup({ search: 'rejected' }).ask(`${list}?search=CARD`)).toMatchObject({
			status: 400,
			data: { param: 'search' },
		});
	});
});

describe('Arcus: expand', () => {
	const first = (reply: Asked) => (reply.data['data'] as Record<string, unknown>[])[0]!;

	it('leaves out what was not asked for', () => {
		const plain = first(setup().ask(list));
		for (const key of ['before_state', 'after_state', 'diff', '_chain']) expect(plain).not.toHaveProperty(key);
		expect(plain['actor']).not.toHaveProperty('email');
		const chained = first(setup().ask(`${list}?expand%5B%5D=data.chain`));
		expect(chained).toHaveProperty('_chain.prev_hash');
		expect(chained).not.toHaveProperty('diff');
	});

	it.each([
		['expand[]=diff', 'invalid_expand_list_requires_data_prefix'],
		['expand[]=data.nope', 'invalid_expand_unknown_field'],
		['expand[]=data.a.b.c.d', 'invalid_expand_too_deep'],
		[Array(11).fill('expand[]=data.diff').join('&'), 'invalid_expand_too_many_paths'],
	])('refuses %s', (query, error) =>
		expect(setup().ask(`${list}?${query}`)).toMatchObject({ status: 400, data: { type: 'expand_error', error } }),
	);

	it('can refuse every expand on the list and still take it on an entry', () => {
		const { ask } = setup({ listExpand: 'rejected' });
		expect(ask(`${list}?expand[]=data.diff`)).toMatchObject({ status: 400, data: { type: 'expand_error' } });
		const id = found(ask(`${list}?limit=1`))[0]!;
		expect(ask(`${list}/${id}?expand[]=diff`).data).toHaveProperty('diff');
		expect(ask(`${list}/${id}?expand[]=data.diff`).status).toBe(400);
	});

	it('can hide the chain and want another scope', () => {
		expect(first(setup({ chain: 'hidden' }).ask(`${list}?${all}`))).not.toHaveProperty('_chain');
		const scoped = setup({ expandScopes: { actor: 'users:read' } });
		expect(scoped.ask(`${list}?expand[]=data.actor`)).toMatchObject({ status: 403, data: { required: 'users:read' } });
	});

	it('hydrates the first rows only and says so', () => {
		const reply = setup({ hydrationLimit: 2, hydrationPaths: ['actor'] }).ask(`${list}?${all}`);
		const rows = reply.data['data'] as { actor: object; diff: unknown }[];
		expect([rows[1]!.actor, rows[2]!.actor].map((actor) => 'email' in actor)).toEqual([true, false]);
		expect(rows[2]).toHaveProperty('diff');
		expect(reply.data['truncated']).toBe(true);
	});
});

describe('Arcus: single entry, stats, activity', () => {
	it('gets an entry or answers 404', () => {
		const { ask } = setup();
		expect(ask(`${list}/a58b41f4-1adc-4594-ab08-a87e3a264318`).data['action']).toBe('account.merged');
		expect(ask(`${list}/00000000-0000-0000-0000-000000000000`).status).toBe(404);
	});

	it('counts, also within a range, or is not there yet', () => {
		const { ask } = setup();
		expect(ask(`${list}/stats`).data).toMatchObject({
			object: 'audit_stats',
			total: 17,
			by_severity: { notice: 1 },
			from_date: null,
		});
		expect(ask(`${list}/stats?from_date=2026-02-11T08:00:00Z`).data['total']).toBe(2);
		expect(setup({ stats: 'not-implemented' }).ask(`${list}/stats`)).toMatchObject({
			status: 501,
			data: { type: 'not_implemented' },
		});
	});

	it('shows the same log as an activity feed', () => {
		const { ask } = setup();
		const reply = ask('/v1/activity?limit=2');
		expect(found(reply)[0]).toBe('act_a58b41f41adc4594ab08a87e3a264318');
		const next = ask(`/v1/activity?limit=2&starting_after=${String(reply.data['next_cursor'])}`);
		expect(found(next)).not.toContain(found(reply)[1]);
		expect(ask(`/v1/activity/${found(reply)[0]}`).data).toMatchObject({
			resource_type: 'account',
			diff: { before: {} },
		});
		expect(ask('/v1/activity/a58b41f4-1adc-4594-ab08-a87e3a264318').status).toBe(200);
		expect(ask('/v1/activity?limit=101').status).toBe(422);
		expect(count(ask('/v1/activity?created_after=2026-02-11T08:00:00Z'))).toBe(2);
		expect(count(ask('/v1/resources/account/f04f0177-fc34-4122-ab41-c4517550822e/activity'))).toBe(1);
		expect(setup({ activity: 'not-implemented' }).ask('/v1/activity').status).toBe(501);
	});
});

describe('Arcus: verify', () => {
	const verify = (ask: (url: string, more: object) => Asked, body: object = {}, headers = {}) =>
		ask(`${list}/verify`, { method: 'POST', body: JSON.stringify(body), headers });

	it('walks an intact chain', () => {
		expect(verify(setup().ask).data).toEqual({
			object: 'audit_chain_verification',
			verified: true,
			chain_length: 17,
			broken_at: null,
			broken_reason: null,
		});
	});

	it('covers no more rows than the limit, and only the range', () => {
		const { ask } = setup();
		expect(verify(ask, { limit: 5 }).data['chain_length']).toBe(5);
		expect(verify(ask, { from_date: '2026-02-11T08:00:00Z' }).data['chain_length']).toBe(2);
		expect(verify(ask, { limit: 10_001 })).toMatchObject({ status: 422, data: { param: 'limit' } });
	});

	it('links new entries to the chain', () => {
		const { api, ask } = setup();
		api.log.add(arcusEntry(api.log, { id: 'new', micros: at(0) }));
		expect(verify(ask).data).toMatchObject({ verified: true, chain_length: 18 });
	});

	it.each([
		['missing_row', (api: ReturnType<typeof setup>['api'], id: string) => void api.log.remove(id)],
		['entry_hash_mismatch', (api, id) => api.log.tamper(id, api.log.get(id, at(0))!.raw.replace('"info"', '"none"'))],
		[
			'null_hash',
			(api, id) => api.log.tamper(id, api.log.get(id, at(0))!.raw.replace(/"entry_hash": "\w+"/, '"entry_hash": null')),
		],
		[
			'prev_hash_mismatch',
			(api, id) => api.log.tamper(id, api.log.get(id, at(0))!.raw.replace(/"prev_hash": "\w+"/, '"prev_hash": "0"')),
		],
	] as const satisfies readonly (readonly [string, (api: ReturnType<typeof setup>['api'], id: string) => void])[])(
		'finds %s',
		(reason, damage) => {
			const { api, ask } = setup();
			damage(api, found(ask(list))[5]!);
			expect(verify(ask).data).toMatchObject({
				verified: false,
				broken_reason: reason,
				broken_at: expect.any(String) as string,
			});
		},
	);

	it('repeats an old verdict for the same idempotency key', () => {
		const { api, ask, clock } = setup();
		const headers = { 'Idempotency-Key': 'k' };
		verify(ask, {}, headers);
		api.log.remove(found(ask(list))[5]!);
		expect(verify(ask, {}, headers).data['verified']).toBe(true);
		expect(verify(ask, { limit: 3 }, headers)).toMatchObject({
			status: 409,
			data: { error: 'idempotency_key_mismatch' },
		});
		clock.advance(24 * 3_600_000);
		expect(verify(ask, {}, headers).data['verified']).toBe(false);
	});

	it('may not be there yet', () => expect(verify(setup({ verify: 'not-implemented' }).ask).status).toBe(501));
});

describe('Arcus: limits and conditional requests', () => {
	it.each([
		['test', 60, 10],
		['standard', 300, 50],
		['elevated', 1200, 100],
	] as const)('allows a %s key %i a minute and %i a second', (tier, perMinute, perSecond) => {
		const { ask, clock } = setup({}, { keys: [{ ...arcusSandboxKey, tier }] });
		for (let n = 0; n < perSecond; n++) expect(ask(list).status).toBe(200);
		expect(ask(list)).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
		for (let n = perSecond; n < perMinute; n++) {
			if (n % perSecond === 0) clock.advance(1000);
			expect(ask(list).status).toBe(200);
		}
		clock.advance(1000);
		const refused = ask(list);
		expect(refused.data).toMatchObject({ error: 'rate_limit_exceeded', type: 'rate_limit' });
		clock.advance(Number(refused.headers['retry-after']) * 1000);
		expect(ask(list).status).toBe(200);
	});

	it('says on every reply how much is left', () => {
		const { ask, clock } = setup({ rateLimit: { perMinute: 5, perSecond: 5 } });
		const { headers } = ask(list);
		expect(headers).toMatchObject({ 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '4' });
		expect(headers['x-ratelimit-reset']).toBe(String(clock.now() / 1000 + 60));
		expect(ask('/v1/nothing').headers['x-ratelimit-remaining']).toBe('3');
	});

	it('answers 304 to a known ETag', () => {
		const { ask } = setup();
		const etag = ask(list).headers['etag']!;
		expect(ask(list, { headers: { 'If-None-Match': etag } })).toMatchObject({ status: 304, body: '' });
		expect(ask(`${list}?limit=1`, { headers: { 'If-None-Match': etag } }).status).toBe(200);
	});
});
