/** Every operation of the AuditAPI node in a real n8n, compared with what the simulated AuditAPI holds. */
import type { Run } from '../support/run';
import { scene } from '../support/scene';
import { items, type NodeOfWorkflow } from '../support/workflow';
import { action, eventsOf, picked } from './action';

const real = scene({ sandbox: { auditapi: { storeDelayMs: 800 } } });

const EVENT = 'a568fbf6-7772-4f4f-8d41-76a4504deef1';
const exact = { returnAll: true, simplify: false };

interface Event {
	readonly id: string;
	readonly timestamp: string;
	readonly payload: Record<string, unknown>;
}

/** Newest first. */
const stored = () => (eventsOf(real.sandbox.auditapi.api) as unknown as Event[]).reverse();

describe('reading', () => {
	let run: Run;
	const list = (name: string, parameters: Record<string, unknown>) =>
		action(name, 'auditApi', 'event.getAll', parameters);

	beforeAll(async () => {
		run = await real.run([
			list('Everything', { ...exact, options: { includeRaw: true } }),
			list('Small Pages', { ...exact, options: { pageSize: 4 } }),
			list('Two', { returnAll: false, limit: 2 }),
			list('A While', {
				...exact,
				filters: { createdAfter: '2026-02-11T09:14:07Z', createdBefore: '2026-02-11T09:26:12Z' },
			}),
			list('Of Account', { ...exact, filters: { payloadField: { field: { key: 'action', value: 'login' } } } }),
			action('Event', 'auditApi', 'event.get', { event: picked(EVENT), simplify: false }),
			action('Event in Short', 'auditApi', 'event.get', { event: picked(EVENT) }),
			action('Search', 'auditApi', 'event.search', { query: 'dr.failover*', ...exact }),
		]);
	});

	it('runs through', () => expect(run.error).toBeUndefined());

	it('returns every event whole, newest first, and its text to the byte', () => {
		const rows = run.json('Everything');
		const newestFirst = [...real.sandbox.auditapi.api.log.all()].reverse();
		expect(rows.map(({ raw: _raw, ...event }) => event)).toEqual(stored());
		expect(rows.map(({ raw }) => raw)).toEqual(newestFirst.map(({ raw }) => raw));
		expect(rows.length).toBeGreaterThan(9);
	});

	it('goes from page to page', () => expect(run.json('Small Pages')).toEqual(stored()));

	it('asks for no more than the limit', () => {
		expect(run.json('Two').map(({ id }) => id)).toEqual(
			stored()
				.slice(0, 2)
				.map(({ id }) => id),
		);
		const pages = real.sandbox.auditapi.server.requests.filter(({ url }) => /[?&]limit=2(&|$)/.test(url));
		expect(pages).toHaveLength(1);
	});

	it('filters to the second, although the API knows days only', () => {
		const times = run.json('A While').map(({ timestamp }) => timestamp);
		const seconds = ['2026-02-11T09:26:12Z', '2026-02-11T09:21:44.030Z', '2026-02-11T09:14:07Z'];
		expect(times).toEqual([...seconds, '2026-02-11T09:14:07Z']);
	});

	it('filters by a field of the payload', () => {
		const logins = stored().filter(({ payload }) => payload['action'] === 'login');
		expect(logins.length).toBeGreaterThan(0);
		expect(run.json('Of Account')).toEqual(logins);
	});

	it('gets one event, whole and in short', () => {
		const [event] = stored().filter(({ id }) => id === EVENT);
		expect(run.json('Event')).toEqual([event]);
		expect(run.json('Event in Short')).toEqual([
			expect.objectContaining({ id: EVENT, action: 'account.created', payload: event!.payload }),
		]);
	});

	it('searches', () => {
		const found = stored().filter(({ payload }) => JSON.stringify(payload).includes('dr.failover'));
		expect(found.length).toBeGreaterThan(0);
		expect(run.json('Search').map(({ id }) => id)).toEqual(found.map(({ id }) => id));
	});
});

describe('creating', () => {
	const create = (name: string, parameters: Record<string, unknown>): NodeOfWorkflow =>
		action(name, 'auditApi', 'event.create', parameters);
	const known = () => new Set(real.sandbox.auditapi.api.log.all().map(({ id }) => id));
	let before: Set<string>;
	let run: Run;

	beforeAll(async () => {
		before = known();
		run = await real.run(items('Items', { order: 1 }, { order: 2 }), [
			create('Item by Item', { payloadMode: 'item', waitUntilStored: true }),
			create('Fields', {
				action: '=order.{{ $json.order }}.paid',
				fields: { assignments: [{ id: 'order', name: 'order', value: '={{ $json.order }}', type: 'number' }] },
				timestamp: '2026-02-12T08:00:00+01:00',
				sendKey: false,
			}),
			create('Once', {
				payloadMode: 'json',
				jsonPayload: '{"action":"report.sent","nested":{"n":1}}',
				waitUntilStored: true,
				options: { duplicateKey: 'report-7', checkFirst: true },
			}),
		]);
	});

	const created = (name: string) => {
		const ids = run.json(name).map(({ id }) => id);
		return ids.map((id) => stored().find((event) => event.id === id)!);
	};

	it('runs through', () => expect(run.error).toBeUndefined());

	it('creates one event per item, linked to it, and waits until it is stored', () => {
		const rows = run.items('Item by Item');
		expect(rows.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		for (const { json } of rows) expect(json).toMatchObject({ created: true, stored: true });
		expect(created('Item by Item').map(({ payload }) => payload)).toEqual([
			{ order: 1, idempotency_key: expect.stringMatching(/^[0-9a-f]{32}$/) as string },
			{ order: 2, idempotency_key: expect.stringMatching(/^[0-9a-f]{32}$/) as string },
		]);
		expect(run.took('Item by Item')).toBeGreaterThan(800);
	});

	it('sends fields of expressions, and the timestamp in UTC', () => {
		expect(created('Fields')).toMatchObject([
			{ timestamp: '2026-02-12T07:00:00Z', payload: { action: 'order.1.paid', order: 1 } },
			{ timestamp: '2026-02-12T07:00:00Z', payload: { action: 'order.2.paid', order: 2 } },
		]);
	});

	it('creates an event with the same key once', () => {
		const [first, second] = run.json('Once');
		expect(first).toMatchObject({ created: true, idempotency_key: 'report-7' });
		expect(second).toEqual({ id: first!['id'], created: false, stored: true, idempotency_key: 'report-7' });
	});

	it('creates nothing else', () => {
		expect(known().size - before.size).toBe(5);
	});
});
