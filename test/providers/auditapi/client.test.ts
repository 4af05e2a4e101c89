import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditApiClient } from '../../../providers/auditapi/client';
import { auditApi } from '../../../providers/auditapi/provider';
import type { EventQuery } from '../../../providers/auditapi/types';
import { listOf, scripted, thrown } from '../arcus-erp/scripted';

const fixture = (name: string) => ({
	text: readFileSync(join(__dirname, '../../../sandbox/fixtures', name), 'utf8'),
});
const none = listOf([], { has_more: false });

describe('create', () => {
	it('sends the payload once and gives the id', async () => {
		const script = scripted(fixture('auditapi-event-created.json'));
		const payload = { timestamp: '2026-02-11T09:14:07Z', action: 'dr.failover.started' };
		expect(await auditApiClient(script.call).create(payload)).toEqual({ id: 'a568fbf6-7772-4f4f-8d41-76a4504deef1' });
		expect(script.requests[0]).toMatchObject({ method: 'POST', path: '/events', body: JSON.stringify(payload) });
		expect(script.requests[0]!.idempotent).toBeUndefined();
	});

	it.each(['yesterday', '2026-02-30T00:00:00Z', '2026-02-11', 1770801247, null])(
		'refuses the timestamp %j, which would be ignored silently',
		async (timestamp) => {
			const script = scripted();
			expect(await thrown(auditApiClient(script.call).create({ timestamp, action: 'a' }))).toBeInstanceOf(TypeError);
			expect(script.requests).toHaveLength(0);
		},
	);

	it.each([{}, [], null, 'text', 7])('refuses the payload %j', async (payload) => {
		const script = scripted();
		expect(await thrown(auditApiClient(script.call).create(payload as never))).toBeInstanceOf(TypeError);
		expect(script.requests).toHaveLength(0);
	});

	it('does not take an answer without an id for success', async () => {
		const error = await thrown(auditApiClient(scripted({ json: {} }).call).create({ action: 'a' }));
		expect(error).toMatchObject({ failure: { kind: 'malformed' } });
	});
});

describe('retrieve', () => {
	it('gives the event and its text', async () => {
		const script = scripted(fixture('auditapi-event.json'));
		const { event, raw } = await auditApiClient(script.call).retrieve('a/b');
		expect(script.requests[0]!.path).toBe('/events/a%2Fb');
		expect(event.payload?.action).toBe('dr.failover.started');
		expect(raw).toContain('東京へ切替');
	});
});

describe('list', () => {
	it('sends what is given, and a limit always', async () => {
		const script = scripted(none, none);
		const client = auditApiClient(script.call);
		await client.list();
		const filter = { key: 'account_id', value: 1 };
		await client.list({ startDate: '2026-02-01', endDate: '2026-02-02', filter, limit: 5, startingAfter: 'e1' });
		expect(script.queries()).toEqual([
			{ limit: '100' },
			{ start_date: '2026-02-01', end_date: '2026-02-02', filter: 'account_id:1', limit: '5', starting_after: 'e1' },
		]);
	});

	it.each([
		[0, '1'],
		[-5, '1'],
		[1.9, '1'],
		[500, '100'],
		[Number.NaN, '1'],
	])('clamps limit %s to %s', async (limit, sent) => {
		const script = scripted(none);
		await auditApiClient(script.call).list({ limit });
		expect(script.queries()[0]!.limit).toBe(sent);
	});

	it.each([
		['both places', { startingAfter: 'a', endingBefore: 'b' } as unknown as EventQuery],
		['a date with a time', { startDate: '2026-02-01T00:00:00Z' }],
		['a day that does not exist', { endDate: '2026-02-30' }],
		['a filter key with a colon', { filter: { key: 'a:b', value: 1 } }],
	])('refuses %s', async (_what, query) => {
		const script = scripted();
		expect(await thrown(auditApiClient(script.call).list(query))).toBeInstanceOf(TypeError);
		expect(script.requests).toHaveLength(0);
	});

	it('leads to older events only', async () => {
		const client = auditApiClient(scripted(fixture('auditapi-events.json'), fixture('auditapi-events.json')).call);
		expect((await client.list()).next).toBe('5e380f9b-9802-4c97-b428-5d675fa2f4b2');
		expect((await client.list({ endingBefore: 'x' })).next).toBeUndefined();
	});

	it('takes an object without data for an empty list when it says that there is no more', async () => {
		const client = auditApiClient(scripted({ json: { object: 'list', has_more: false } }).call);
		expect((await client.list()).elements).toEqual([]);
	});

	it.each([
		['says nothing', {}],
		['says nothing of more', { object: 'list' }],
		['announces more and names nothing to go on from', { object: 'list', has_more: true }],
		['is an error', { error: 'Over quota' }],
		['is an error with an end sign', { error: 'Over quota', has_more: false }],
	])('an object without data that %s is a failure: as an empty list it would end a walk', async (_, json) => {
		const client = auditApiClient(scripted({ json }).call);
		expect(await thrown(client.list())).toMatchObject({ failure: { kind: 'malformed' } });
	});
});

describe('search', () => {
	it('passes the query on unchanged and pages the search', async () => {
		const script = scripted(fixture('auditapi-events-search.json'));
		const query = '"user upgraded account" dr.*';
		const page = await auditApiClient(script.call).search({ query, startingAfter: 'e1' });
		expect(page.elements).toHaveLength(3);
		expect(script.requests[0]!.path).toBe('/events/search');
		expect(script.queries()).toEqual([{ query, limit: '100', starting_after: 'e1' }]);
	});

	it('refuses a blank query', async () => {
		expect(await thrown(auditApiClient(scripted().call).search({ query: ' ' }))).toBeInstanceOf(TypeError);
	});
});

describe('provider', () => {
	it('sends the key as a bearer token', () => {
		expect(auditApi.authorize({ apiKey: 'c0ffee' })).toEqual({ authorization: 'Bearer c0ffee' });
	});

	it('polls one endpoint', () => {
		expect(auditApi.endpoint({})).toBe('/events');
	});
});
