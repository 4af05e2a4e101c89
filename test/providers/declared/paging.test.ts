import type { HttpResponse } from '../../../core/contract';
import { beginStream } from '../../../core/walk/stream';
import type { StreamStore } from '../../../core/walk/contract';
import { poll, type WalkProgress } from '../../../core/walk/walk';
import { declaredProvider } from '../../../providers/declared/provider';
import type { Declaration } from '../../../providers/declared/form/declaration';
import { readDeclaration } from '../../../providers/declared/read';
import { readingJson } from '../../../core/http/readJson';
import { fromMillis } from '../../../core/time';
import { DatabaseSync } from 'node:sqlite';
import { forgetListed, forgetWithin } from '../../../forwarder/store/sqlite/forget';
import { LedgerIds } from '../../../forwarder/store/sqlite/ledgerIds';
import type { Shared } from '../../../forwarder/store/sqlite/shared';
import type { Store } from '../../../forwarder/store/contract';
import { simClock, type SimClock } from '../../support/clock';
import { stateFile, type StateFile } from '../../support/stateFile';
import { declarationOf, page, scripted, type Scripted, type Style } from './scripted';
import { streamOf } from '../../support/streamOf';

const MINUTE = 60_000;

let clock: SimClock;
let file: StateFile;
let store: Store;
let stream: StreamStore;
let progress: WalkProgress[];

beforeEach(async () => {
	clock = simClock();
	file = stateFile(() => clock.now());
	store = file.open();
	stream = streamOf(store, { name: 'acme', fingerprint: 'f', destinations: ['siem'] });
	progress = [];
	await beginStream(stream, fromMillis(clock.now() - 60 * MINUTE), fromMillis(clock.now()));
});

afterEach(() => file.remove());

async function pollNow(declaration: Declaration, api: Scripted): Promise<void> {
	expect(readDeclaration(declaration)).toMatchObject({ kind: 'declaration' });
	const call = readingJson(api.transport, clock);
	const door = { clock, baseUrl: 'https://audit.test/v1' };
	const source = declaredProvider(declaration).source(call, {}, { pageSize: 3 }, door);
	const options = { lateness: fromMillis(10 * MINUTE), maxPages: 100, keepSeen: 0n };
	await poll({ source, store: stream, clock, options, onProgress: (one) => progress.push(one) });
}

/** Ids in the outbox, in commit order: each copy counts. */
async function shipped(): Promise<string[]> {
	return (await store.outbox('siem').pending(0, 1000)).flatMap(({ events }) => events.map(({ id }) => id));
}

const styles = Object.keys(page) as Style[];

describe.each(styles)('pages by %s', (style) => {
	test('every event is shipped once: of one instant, late ones, and those of the next poll', async () => {
		const api = scripted(style, clock);
		const ids = Array.from({ length: 10 }, (_, index) => `e${index}`);
		ids.forEach((id, index) => api.happen(id, (index % 3) * MINUTE));
		api.happen('late', MINUTE, 4 * MINUTE);
		await pollNow(declarationOf(style), api);
		clock.advance(5 * MINUTE);
		api.happen('new');
		await pollNow(declarationOf(style), api);
		expect((await shipped()).sort()).toEqual([...ids, 'late', 'new'].sort());
	});

	test('every page repeats all filters, and an unbounded range has no upper bound unless rows would move', async () => {
		const api = scripted(style, clock);
		for (let index = 0; index < 7; index++) api.happen(`e${index}`);
		await pollNow(declarationOf(style), api);
		const sent = api.requests.map(({ query }) => String(query!.since));
		expect(new Set(sent).size).toBe(1);
		expect(sent[0]).toBeDefined();
		const isFrozen = style === 'page' || style === 'offset';
		expect(new Set(api.requests.map(({ query }) => String(query!.until))).size).toBe(1);
		expect(api.requests.every(({ query }) => (query!.until !== undefined) === isFrozen)).toBe(true);
	});
});

test('a refused cursor reads the range again, and ids absorb the repeats', async () => {
	const api = scripted('cursor', clock);
	for (let index = 0; index < 7; index++) api.happen(`e${index}`);
	api.answers.push(
		() => undefined,
		() => ({ status: 410, body: Buffer.from('{}') }),
	);
	await pollNow(declarationOf('cursor'), api);
	expect((await shipped()).sort()).toEqual(['e0', 'e1', 'e2', 'e3', 'e4', 'e5', 'e6']);
	expect(progress).toContainEqual(expect.objectContaining({ kind: 'rejected', why: 'refused' }));
});

test('a next page of another host is not followed', async () => {
	const api = scripted('url', clock);
	for (let index = 0; index < 7; index++) api.happen(`e${index}`);
	const foreign = { items: [], '@odata.nextLink': 'https://evil.test/v1/audit?cursor=e1' };
	api.answers.push(() => ({ body: Buffer.from(JSON.stringify(foreign)) }));
	await expect(pollNow(declarationOf('url'), api)).rejects.toThrow('the next page is said to be elsewhere than /audit');
});

test('an answer that announces more and says nothing of where is not the end', async () => {
	const api = scripted('cursor', clock);
	const cut = { items: [], has_more: true, meta: {} };
	api.answers.push(() => ({ body: Buffer.from(JSON.stringify(cut)) }));
	const declaration = declarationOf('cursor', { page: { ...page.cursor, end: { flag: 'has_more' } } });
	await expect(pollNow(declaration, api)).rejects.toThrow('announces more');
});

test('an absent list is not an empty one, unless that is declared', async () => {
	const api = scripted('cursor', clock);
	const absent = () => ({ body: Buffer.from('{"kind":"activities"}') });
	api.answers.push(absent);
	await expect(pollNow(declarationOf('cursor'), api)).rejects.toThrow('the answer has no list `items`');
	api.answers.push(absent);
	await pollNow(declarationOf('cursor', { list: { at: 'items', missing: 'empty' } }), api);
	api.answers.push(() => ({ body: Buffer.from('{"error":{"code":500}}') }));
	await expect(pollNow(declarationOf('cursor', { list: { at: 'items', missing: 'empty' } }), api)).rejects.toThrow(
		'no list',
	);
});

test('a next page forever ends at an empty page, where that is declared', async () => {
	const api = scripted('link', clock);
	const endless = {
		link: '<https://audit.test/v1/audit?cursor=e0>; rel="next"',
		date: new Date(clock.now()).toUTCString(),
	};
	api.happen('e0');
	api.answers.push(
		() => ({ headers: endless }),
		() => ({ headers: { ...endless, link: endless.link.replace('e0', 'e0b') }, body: Buffer.from('{"items":[]}') }),
	);
	await pollNow(declarationOf('link', { page: { ...page.link, end: { emptyPage: true } } }), api);
	expect(await shipped()).toEqual(['e0']);
	expect(api.requests).toHaveLength(2);
});

test('a long range is read in slices that share their ends, the oldest first, under one upper end', async () => {
	const api = scripted('cursor', clock);
	for (let index = 0; index < 6; index++) api.happen(`e${index}`, index * 10 * MINUTE);
	await pollNow(declarationOf('cursor', { bounds: { format: 'iso-s', span: '20m' } }), api);
	expect((await shipped()).sort()).toEqual(['e0', 'e1', 'e2', 'e3', 'e4', 'e5']);
	const spans = api.requests.map(({ query }) => Date.parse(String(query!.until)) - Date.parse(String(query!.since)));
	expect(Math.max(...spans)).toBeLessThanOrEqual(20 * MINUTE);
	expect(api.requests.length).toBeGreaterThan(3);
});

test('an upper bound that is required is fixed when the walk begins, and stays while time passes', async () => {
	const api = scripted('cursor', clock);
	for (let index = 0; index < 7; index++) api.happen(`e${index}`);
	const request = { path: '/audit', query: { since: '{from}', until: '{to}', limit: '{pageSize}' } };
	const begun = clock.now();
	const later = () => void clock.advance(MINUTE);
	api.answers.push(later, later, later);
	await pollNow(declarationOf('cursor', { request, bounds: { format: 'iso-s', upper: 'required' } }), api);
	const sent = api.requests.map(({ query }) => Date.parse(String(query!.until)));
	expect(new Set(sent).size).toBe(1);
	expect(sent[0]).toBeGreaterThanOrEqual(begun + 5 * MINUTE);
	expect(sent[0]).toBeLessThan(begun + 6 * MINUTE);
	expect((await shipped()).sort()).toEqual(['e0', 'e1', 'e2', 'e3', 'e4', 'e5', 'e6']);
	// by the clock, as ever: not by that bound
	expect((await stream.load())!.watermark).toBe(fromMillis(begun - 10 * MINUTE));
});

test('a lower bound that the provider would refuse for its age is not sent', async () => {
	const api = scripted('cursor', clock);
	await pollNow(declarationOf('cursor', { bounds: { format: 'iso-s', oldest: '30m' } }), api);
	const since = Date.parse(String(api.requests[0]!.query!.since));
	expect(since).toBeGreaterThan(clock.now() - 30 * MINUTE);
	// good for a while: the pages after it go with the same bound
	expect(since).toBeLessThanOrEqual(clock.now() - 28 * MINUTE);
});

test.each<[string, Partial<HttpResponse>, Declaration['page']['end']]>([
	[
		'an attribute of the link',
		{ headers: { link: '<https://audit.test/v1/audit?cursor=e9>; rel="next"; results="false"' } },
		{ attribute: 'results' },
	],
	[
		'the position that was just used',
		{ headers: { link: '<https://audit.test/v1/audit?cursor=e0>; rel="next"' } },
		{ samePosition: true },
	],
])('the end by %s', async (_name, last, end) => {
	const api = scripted('link', clock);
	for (let index = 0; index < 2; index++) api.happen(`e${index}`);
	const first = { headers: { link: '<https://audit.test/v1/audit?cursor=e0>; rel="next"; results="true"' } };
	api.answers.push(
		() => first,
		() => last,
	);
	await pollNow(declarationOf('link', { page: { ...page.link, end } }), api);
	expect(api.requests).toHaveLength(2);
	expect((await shipped()).sort()).toEqual(['e0', 'e1']);
});

test('an address that is followed whole keeps our own number of elements', async () => {
	const api = scripted('link', clock);
	for (let index = 0; index < 4; index++) api.happen(`e${index}`);
	const address =
		'<https://audit.test/v1/audit?since=2026-01-01T00%3A00%3A00Z&limit=1000&limit=7&cursor=e1&x=a+b>; rel="next"';
	api.answers.push(() => ({ headers: { link: address } }));
	await pollNow(declarationOf('link', { page: { ...page.link, replay: 'whole' } }), api);
	expect(api.requests[1]!.query).toEqual({ since: ['2026-01-01T00:00:00Z'], limit: '3', cursor: ['e1'], x: ['a b'] });
});

test('a POST carries its filters in the body, and a cursor that goes alone goes alone', async () => {
	const api = scripted('cursor', clock);
	for (let index = 0; index < 7; index++) api.happen(`e${index}`);
	const request: Declaration['request'] = {
		method: 'POST',
		path: '/audit',
		body: { limit: '{pageSize}', since: '{from}', fixed: { deep: [true] } },
		bounded: { until: '{to}' },
	};
	await pollNow(declarationOf('cursor', { request }), api);
	expect((await shipped()).sort()).toEqual(['e0', 'e1', 'e2', 'e3', 'e4', 'e5', 'e6']);
	const bodies = api.requests.map(({ body }) => JSON.parse(body!) as object);
	expect(bodies[0]).toEqual({ limit: 3, since: expect.any(String) as string, fixed: { deep: [true] } });
	expect(bodies[1]).toEqual({ ...bodies[0], cursor: expect.any(String) as string });
	expect(api.requests.every(({ idempotent }) => idempotent)).toBe(true);
	clock.advance(1);
	const alone = scripted('cursor', clock);
	alone.answers.push(() => ({ body: Buffer.from('{"items":[],"meta":{"next":"c"}}') }));
	await pollNow(declarationOf('cursor', { request, page: { ...page.cursor, repeat: 'none' } }), alone).catch(
		() => undefined,
	);
	expect(alone.requests[1]!.body).toBe('{"cursor":"c"}');
});

test('an answer that says of itself that it is incomplete is not a page', async () => {
	const api = scripted('cursor', clock);
	api.answers.push(() => ({ body: Buffer.from('{"items":[],"meta":{"status":"timeout"}}') }));
	const declaration = declarationOf('cursor', { incomplete: { at: 'meta.status', not: ['done'] } });
	await expect(pollNow(declaration, api)).rejects.toThrow('meta.status says that it is not complete');
});

describe('bounds on when events were stored', () => {
	const STORED = declarationOf('cursor', { bounds: { format: 'iso-ms', on: 'stored', onBounded: 'event' } });
	/** Shorter than any span of the test, so that nothing but `seen` can absorb repeats. */
	const keepLedger = fromMillis(MINUTE);

	test('an event that is stored long after its time is shipped once, however often it is listed', async () => {
		stream = streamOf(store, { name: 'acme', fingerprint: 'f', destinations: ['siem'], keepLedger });
		const api = scripted('cursor', clock, true);
		api.happen('first');
		api.happen('old', 59 * MINUTE, 40 * MINUTE);
		for (let minutes = 0; minutes < 90; minutes += 5) {
			await pollNow(STORED, api);
			clock.advance(5 * MINUTE);
		}
		expect(await shipped()).toEqual(['first', 'old']);
		const seen = await stream.seen([{ id: 'old' }, { id: '??old' }, { id: '??first' }]);
		expect([...seen]).toEqual([]);
	});

	test('what is read again after damage is not taken for seen', async () => {
		const api = scripted('cursor', clock, true);
		api.happen('old', 59 * MINUTE);
		await pollNow(STORED, api);
		for (const forget of ['listed', 'within'] as const) {
			file.close();
			const db = new DatabaseSync(file.path);
			const shared = { db, ledgerIds: (name: string) => new LedgerIds(db, name) } as Shared;
			const time = fromMillis(clock.now() - 59 * MINUTE);
			if (forget === 'listed') forgetListed(shared, 'acme', [{ id: 'old', time }]);
			else forgetWithin(shared, 'acme', { from: time, to: time + 1n });
			db.close();
			store = file.open();
			stream = streamOf(store, { name: 'acme', fingerprint: 'f', destinations: ['siem'] });
			await pollNow(STORED, api);
		}
		expect(await shipped()).toEqual(['old', 'old', 'old']);
	});

	test('a live walk is never cut in two: the upper bound would be one of another time', async () => {
		const api = scripted('cursor', clock, true);
		for (let index = 0; index < 7; index++) api.happen(`e${index}`);
		const gone = () => ({ status: 410, body: Buffer.from('{}') });
		const fine = () => undefined;
		api.answers.push(fine, gone, fine, gone);
		await expect(pollNow(STORED, api)).rejects.toThrow('goes on refusing');
		await pollNow(STORED, api);
		expect(api.requests.every(({ query }) => query!.until === undefined)).toBe(true);
		expect((await shipped()).sort()).toEqual(['e0', 'e1', 'e2', 'e3', 'e4', 'e5', 'e6']);
	});
});
