/** Every operation of the Arcus ERP node in a real n8n, compared with what the simulated Arcus ERP holds. */
import type { Run } from '../support/run';
import { scene } from '../support/scene';
import { action, eventsOf, picked } from './action';

const real = scene();

const ENTRY = 'a58b41f4-1adc-4594-ab08-a87e3a264318';
const exact = { returnAll: true, simplify: false };
const everything = { expand: ['actor', 'chain', 'diff', 'resource'] };
const entries = (name: string, filters: Record<string, unknown>, options: Record<string, unknown> = {}) =>
	action(name, 'arcusErp', 'auditLogEntry.getAll', { ...exact, filters, options });

interface Entry {
	readonly id: string;
	readonly created_at: string;
	readonly action: string;
	readonly severity: string;
	readonly outcome: string;
	readonly description: string;
	readonly ip_address: string | null;
	readonly session_id: string | null;
	readonly actor: { readonly id: string | null; readonly type: string; readonly label: string } | null;
	readonly resource: { readonly id: string; readonly type: string; readonly label: string } | null;
}

/** Newest first. */
const stored = () => (eventsOf(real.sandbox.arcus.api) as unknown as Entry[]).reverse();
/** The order whose activity is asked for. */
const order = () => stored().find(({ resource }) => resource?.type === 'order')!;

/** Each with a value that some entries have, and the test that they pass. */
const filters = (): [name: string, filters: Record<string, unknown>, fits: (entry: Entry) => boolean][] => {
	const { actor, resource, ip_address, session_id } = order();
	return [
		['Action', { action: 'order.created' }, (entry) => entry.action === 'order.created'],
		['Actor ID', { actorId: actor!.id }, (entry) => entry.actor?.id === actor!.id],
		['Actor Label', { actorLabel: actor!.label }, (entry) => entry.actor?.label === actor!.label],
		['Actor Type', { actorType: 'system' }, (entry) => entry.actor?.type === 'system'],
		[
			'Time',
			{ createdAfter: stored().at(-2)!.created_at, createdBefore: stored()[1]!.created_at },
			(entry) => entry.created_at >= stored().at(-2)!.created_at && entry.created_at <= stored()[1]!.created_at,
		],
		['IP Address', { ipAddress: ip_address }, (entry) => entry.ip_address === ip_address],
		['Denied', { outcome: 'denied' }, (entry) => entry.outcome === 'denied'],
		['Failure', { outcome: 'failure' }, (entry) => entry.outcome === 'failure'],
		['Resource ID', { resourceId: resource!.id }, (entry) => entry.resource?.id === resource!.id],
		['Resource Type', { resourceType: 'order' }, (entry) => entry.resource?.type === 'order'],
		['Session ID', { sessionId: session_id }, (entry) => entry.session_id === session_id],
		['Critical', { severity: 'critical' }, (entry) => entry.severity === 'critical'],
		['Notice', { severity: 'notice' }, (entry) => entry.severity === 'notice'],
	];
};

let run: Run;

beforeAll(async () => {
	const { type, id } = order().resource!;
	run = await real.run([
		entries('Everything', {}, { ...everything, includeRaw: true }),
		entries('Small Pages', {}, { ...everything, pageSize: 2 }),
		action('Two', 'arcusErp', 'auditLogEntry.getAll', { returnAll: false, limit: 2 }),
		...filters().map(([name, wanted]) => entries(name, wanted)),
		action('Entry', 'arcusErp', 'auditLogEntry.get', { entry: picked(ENTRY), simplify: false, options: everything }),
		action('Search', 'arcusErp', 'auditLogEntry.search', { searchText: 'SO-001042', ...exact }),
		action('Chain', 'arcusErp', 'auditLogEntry.verify'),
		action('Statistics', 'arcusErp', 'auditLogEntry.getStats', { filters: { resourceType: 'order' } }),
		action('Activity', 'arcusErp', 'activityEvent.getAll', { ...exact, options: { pageSize: 3 } }),
		action('Activity of Order', 'arcusErp', 'activityEvent.getAll', {
			returnAll: true,
			filters: { resourceType: type, resourceId: id },
		}),
	]);
});

it('runs through', () => expect(run.error).toBeUndefined());

it('returns every entry whole, newest first, and its text to the byte', () => {
	const rows = run.json('Everything');
	expect(rows.map(({ raw: _raw, ...entry }) => entry)).toEqual(stored());
	expect(rows.map(({ raw }) => raw)).toEqual(
		real.sandbox.arcus.api.log
			.all()
			.map(({ raw }) => raw)
			.reverse(),
	);
	expect(rows.length).toBeGreaterThan(9);
});

it('goes from page to page', () => {
	expect(run.json('Small Pages')).toEqual(stored());
});

it('asks for no more than the limit, and simplifies', () => {
	const rows = run.json('Two');
	expect(rows.map(({ id, action: what }) => [id, what])).toEqual(
		stored()
			.slice(0, 2)
			.map(({ id, action: what }) => [id, what]),
	);
	expect(Object.keys(rows[0]!)).toHaveLength(12);
	const pages = real.sandbox.arcus.server.requests.filter(({ url }) => /[?&]limit=2(&|$)/.test(url));
	// one of them is the first of the small pages
	expect(pages.filter(({ url }) => !url.includes('expand'))).toHaveLength(1);
});

it('applies every filter', () => {
	for (const [name, , fits] of filters()) {
		const ids = stored()
			.filter(fits)
			.map(({ id }) => id);
		expect([name, ids.length]).not.toEqual([name, 0]);
		expect([name, run.json(name).map(({ id }) => id)]).toEqual([name, ids]);
	}
});

it('gets one entry with all that can be filled in', () => {
	expect(run.json('Entry')).toEqual(stored().filter(({ id }) => id === ENTRY));
});

it('searches', () => {
	const found = stored().filter(({ description, resource, action: what }) =>
		`${description} ${resource?.label} ${what}`.includes('SO-001042'),
	);
	expect(found.length).toBeGreaterThan(0);
	expect(run.json('Search').map(({ id }) => id)).toEqual(found.map(({ id }) => id));
});

it('verifies the chain and counts', () => {
	expect(run.json('Chain')).toEqual([
		{
			available: true,
			verified: true,
			chainLength: stored().length,
			brokenAt: null,
			brokenReason: null,
			mayBeIncomplete: false,
		},
	]);
	const orders = stored().filter(({ resource }) => resource?.type === 'order');
	expect(run.json('Statistics')).toEqual([
		expect.objectContaining({ total: orders.length, byResourceType: { order: orders.length } }),
	]);
});

it('returns the activity feed, of everything or of one resource', () => {
	const activity = ({ id }: { id: string }) => `act_${id.replaceAll('-', '')}`;
	expect(run.json('Activity').map(({ id }) => id)).toEqual(stored().map(activity));
	const { id } = order().resource!;
	const ofOrder = stored().filter(({ resource }) => resource?.id === id);
	expect(run.json('Activity of Order').map((event) => event['id'])).toEqual(ofOrder.map(activity));
	expect(real.sandbox.arcus.server.requests.map(({ url }) => url)).toContainEqual(
		expect.stringContaining(`/resources/order/${id}/activity`),
	);
});
