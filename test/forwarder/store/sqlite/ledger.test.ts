/** What is remembered of the events that were stored. */
import { askForBackfill } from '../../../../forwarder/store/sqlite/backfills';
import { DatabaseSync } from 'node:sqlite';
import { openLedger } from '../../../../forwarder/store/sqlite/ledger';
import type { Ledger } from '../../../../forwarder/store/ledger';
import { adoptStream } from '../../../../forwarder/store/sqlite/position';
import { streamRows } from '../../../../forwarder/store/sqlite/streamRow';
import type { Store } from '../../../../forwarder/store/contract';
import type { Change } from '../../../../core/walk/contract';
import { stateFile, type StateFile } from '../../../support/stateFile';
import { event } from '../conformance';
import { streamOf } from '../../../support/streamOf';

const NOW = 1_770_796_934_217;
const KEEP = 1000n;

let file: StateFile;
let db: DatabaseSync;
let store: Store;
let ledger: Ledger;

beforeEach(() => {
	file = stateFile(() => NOW);
	store = file.open();
	db = new DatabaseSync(file.path);
	ledger = openLedger(db, 'dr');
});
afterEach(() => {
	db.close();
	file.remove();
});

const identity = { name: 'dr', fingerprint: 'f1', destinations: ['siem'], keepLedger: KEEP };
const commit = (change: Change) => streamOf(store, identity).commit(change);
const all = { from: 0n, to: 10_000n };

test('before the first poll nothing is claimed', async () => {
	expect(await ledger.spans()).toBeUndefined();
});

test('what is shipped is remembered, what is dropped as such, and what is not an event not at all', async () => {
	const [a, b] = [event('a', 5n), event('b', 5n)];
	await commit({
		start: 1n,
		watermark: 1n,
		fresh: [a],
		seen: [a, b, { id: '?c', time: 5n }],
		invalid: [{ id: 'c', raw: '[]', reason: 'not an object' }],
	});
	expect(await ledger.find([a, b, event('c', 5n), event('a', 6n)])).toEqual([
		'shipped',
		'dropped',
		undefined,
		undefined,
	]);
	expect(await ledger.count(all)).toBe(2);
	expect(await ledger.kept(['c', 'a'])).toEqual(new Set(['c']));
});

test('what lies further below the watermark than is kept is forgotten, and no longer claimed', async () => {
	await commit({ start: 1n, watermark: 1n, fresh: [event('a', 499n), event('b', 500n)] });
	await commit({ watermark: 1500n });
	expect(await ledger.count(all)).toBe(1);
	expect(await ledger.spans()).toEqual({ spans: [{ from: 500n, to: 1500n }], watermark: 1500n });
});

test('what a back-fill has covered is claimed as well, and what it ships is remembered', async () => {
	await commit({ start: 500n, watermark: 600n });
	const past = store.backfills({ name: 'dr', destinations: ['siem'] });
	askForBackfill(db, { stream: 'dr', asked: '', from: 100n, to: 300n, now: 0n });
	await past.commit({ done: 300n, fresh: [event('a', 150n)], covered: { from: 100n, to: 300n } });
	expect(await ledger.find([event('a', 150n)])).toEqual(['shipped']);
	expect((await ledger.spans())?.spans).toEqual([
		{ from: 100n, to: 300n },
		{ from: 500n, to: 600n },
	]);
});

test('a stream that starts over remembers nothing of before; one whose start is moved does', async () => {
	await commit({ start: 3n, watermark: 3n, fresh: [event('a', 5n)] });
	await commit({ start: 1n, watermark: 1n });
	expect(await ledger.count(all)).toBe(1);
	streamRows(db).change('dr', { start: null });
	await commit({ start: 1n, watermark: 1n });
	expect(await ledger.count(all)).toBe(0);
	expect(await streamOf(store, identity).seen([event('a', 5n)])).toEqual(new Set());
});

test('a start that is moved back, because it was chosen by a clock that was ahead, makes nothing unknown', async () => {
	await commit({ start: 5000n, watermark: 5000n });
	await commit({ start: 10n, watermark: 10n });
	await commit({ fresh: [event('a', 20n)] });
	await commit({ watermark: 600n });
	expect((await ledger.spans())?.spans).toEqual([{ from: 10n, to: 600n }]);
	expect(await streamOf(store, identity).rememberedFrom()).toBe(0n);
});

test('an id is known at whatever time it is listed, whoever has shipped it, until the ledger forgets it', async () => {
	const known = async (...ids: string[]) =>
		[...(await streamOf(store, identity).seen(ids.map((id) => ({ id, time: 7n }))))].sort();
	await commit({ start: 1n, watermark: 1n, fresh: [event('a', 5n), event('b', 7n), event('c', 2000n)] });
	askForBackfill(db, { stream: 'dr', asked: '', from: 0n, to: 1n, now: 0n });
	await store.backfills(identity).commit({ done: 1n, fresh: [event('past', 0n)] });
	expect(await known('a', 'b', 'c', 'past', 'never')).toEqual(['a', 'b', 'c', 'past']);
	expect(await known('never')).toEqual([]);
	await commit({ fresh: [event('never', 7n)] });
	store = file.open();
	expect(await known('never', 'c')).toEqual(['c', 'never']);
	await commit({ watermark: 1007n });
	expect(await known('a', 'b', 'c', 'past', 'never')).toEqual(['b', 'c', 'never']);
	await commit({ watermark: 1100n });
	expect(await known('a', 'b', 'c', 'past', 'never')).toEqual(['c']);
	expect(await known('a', 'b', 'c', 'past', 'never')).toEqual(['c']);
});

test('more ids than the filter in memory was made for', async () => {
	await commit({ start: 1n, watermark: 1n });
	const id = (n: number) => `id ${n}`;
	for (let from = 0; from < 40_000; from += 5000) {
		const fresh = Array.from({ length: 5000 }, (_, n) => event(id(from + n), BigInt(from + n)));
		expect((await streamOf(store, identity).seen(fresh)).size).toBe(0);
		await commit({ fresh });
	}
	const all = Array.from({ length: 41_000 }, (_, n) => ({ id: id(n), time: 1n }));
	expect((await streamOf(store, identity).seen(all)).size).toBe(40_000);
});

test('after a row was taken out, its event is new again', async () => {
	await commit({ start: 1n, watermark: 1n, fresh: [event('a', 5n)] });
	expect(await streamOf(store, identity).seen([event('a', 5n)])).toEqual(new Set(['a']));
	db.exec('DELETE FROM ledger');
	expect(await streamOf(store, identity).seen([event('a', 5n)])).toEqual(new Set());
});

test('adopted for another log, no id of the former one is known', async () => {
	await commit({ start: 1n, watermark: 1n, fresh: [event('1', 5n)], seen: [event('1', 5n)] });
	const epoch = Number(db.prepare('SELECT epoch FROM lease').get()?.['epoch']);
	const other = { ...identity, fingerprint: 'f2', settings: '{}' };
	adoptStream({ db, epoch }, other, { reason: 'collection_start', detail: '' }, { destinations: [], now: 0n });
	expect(await streamOf(file.open(), other).seen([event('1', 5n)])).toEqual(new Set());
});

test('a state from elsewhere claims what happens from now on', async () => {
	await commit({ start: 1n, watermark: 10n });
	db.exec('UPDATE streams SET ledger_from = NULL');
	expect((await ledger.spans())?.spans).toEqual([]);
	const now = BigInt(NOW) * 1_000_000n;
	await commit({ watermark: now - 5n });
	expect((await ledger.spans())?.spans).toEqual([]);
	await commit({ watermark: now + 5n });
	expect((await ledger.spans())?.spans).toEqual([{ from: now, to: now + 5n }]);
});

test('adopted with other settings, a stream claims nothing of before', async () => {
	await commit({ start: 1n, watermark: 10n });
	const epoch = Number(db.prepare('SELECT epoch FROM lease').get()?.['epoch']);
	const other = { name: 'dr', fingerprint: 'f2', settings: '{}' };
	adoptStream({ db, epoch }, other, undefined, { destinations: [], now: 0n });
	expect(await ledger.spans()).toEqual({ spans: [], watermark: 10n });
});

test('what waits and what is a dead letter is counted by its time', async () => {
	await commit({ start: 1n, watermark: 1n, fresh: [event('a', 5n), event('b', 7n)] });
	expect([await ledger.waiting(all), await ledger.waiting({ from: 5n, to: 7n })]).toEqual([2, 1]);
	const outbox = store.outbox('siem');
	const [batch] = await outbox.pending(0, 1);
	const letter = { stream: 'dr', eventId: 'a', raw: '{}', time: 5n, observed: 1n, reason: 'rejected', detail: '' };
	await outbox.acknowledge([batch!], 1, [letter]);
	expect([
		await ledger.waiting(all),
		await ledger.deadLettered(all),
		await ledger.deadLettered({ from: 6n, to: 9n }),
	]).toEqual([0, 1, 0]);
});

test('gaps are found by the span that they touch', async () => {
	const detail = 'x';
	const gap = { reason: 'retention' as const, from: 20n, to: 30n, detail };
	await commit({ start: 1n, watermark: 1n, gaps: [{ reason: 'collection_start', to: 1n, detail }, gap] });
	expect(await ledger.gaps({ from: 25n, to: 26n })).toEqual([gap]);
	expect(await ledger.gaps({ from: 31n, to: 99n })).toEqual([]);
});

test('how far a number of events reaches', async () => {
	await commit({ start: 1n, watermark: 1n, fresh: [event('a', 5n), event('b', 5n), event('c', 7n)] });
	expect(await Promise.all([0, 2, 3].map((count) => ledger.timeAfter(5n, count)))).toEqual([5n, 7n, undefined]);
});
