/** Back-fills, completeness checks, old dead letters: what is done beside the live walk. */
import { event, idsIn, lite, page, type Database } from './support';

let db: Database;

beforeAll(async () => {
	db = await lite();
});
afterAll(() => db.close());
afterEach(() => db.clear());

const dr = { name: 'dr', fingerprint: 'f1', destinations: ['siem'] };

async function opened() {
	const store = await db.open();
	const [stream] = await store.streams([dr]);
	return { store, stream: stream! };
}

const ask = () =>
	db.run(`WITH b AS (UPDATE @shards SET seq = seq + 1 WHERE shard = 1)
		INSERT INTO @backfills (stream, asked, "from", "to", done, width, started) VALUES ('dr', 'all', 0, 100, 0, 50, 1)`);

test('a back-fill that is asked for beside the owner: he is refused once, and whoever takes the shard next does it', async () => {
	const { stream } = await opened();
	await stream.commit({ start: 100n, watermark: 100n });
	await ask();
	await expect(stream.commit(page(event('a', 101n)))).rejects.toThrow(/another process/);
	const next = await opened();
	const jobs = next.store.backfills(dr);
	const walk = { windows: [{ lower: 0n, upper: 50n }] as const, pages: 1, rejections: 0 };
	await jobs.commit({ ...page(event('old', 7n)), done: 0n, walk });
	expect(await (await opened()).store.backfills(dr).load()).toMatchObject({ from: 0n, to: 100n, done: 0n, walk });
	const last = await opened();
	await last.store.backfills(dr).commit({ done: 50n, walk: null, width: 30n, covered: { from: 0n, to: 50n } });
	expect(await last.store.backfills(dr).load()).toMatchObject({ done: 50n, width: 30n, walk: undefined });
	expect(await (await opened()).store.backfills(dr).covered()).toEqual([{ from: 0n, to: 50n }]);
	const summary = await (await opened()).store.summary();
	expect(summary.past).toMatchObject([
		{ stream: 'dr', start: 100n, covered: [{ from: 0n, to: 50n }], backfill: { pages: 1, events: 1, done: 50n } },
	]);
});

test('the ledger tells what was stored, what was left out, and what waits', async () => {
	const { store, stream } = await opened();
	await stream.commit({ start: 1n, watermark: 1n });
	await stream.commit({ ...page(event('a', 10n), event('b', 20n)), seen: [{ id: 'noise', time: 15n }] });
	await stream.commit({ watermark: 100n, walk: null });
	const { ledger } = store.verdicts(dr);
	const [first] = await store.outbox('siem').pending(0, 1);
	expect(await ledger.find([event('noise', 15n), event('a', 10n), event('b', 10n)])).toEqual([
		'dropped',
		'shipped',
		undefined,
	]);
	expect(await ledger.anywhere([{ id: 'b' }, { id: 'c' }])).toEqual([{ id: 'b' }]);
	expect(await ledger.count({ from: 10n, to: 16n })).toBe(2);
	expect(await ledger.count({ from: 0n, to: 100n })).toBe(3);
	expect(await ledger.waiting({ from: 10n, to: 20n })).toBe(1);
	expect(await ledger.timeAfter(0n, 2)).toBe(20n);
	expect(await ledger.timeAfter(21n, 0)).toBeUndefined();
	expect(await ledger.spans()).toEqual({ spans: [{ from: 1n, to: 100n }], watermark: 100n });
	const letter = { stream: 'dr', eventId: 'a', raw: '{}', time: 10n, observed: 1n, reason: 'rejected', detail: 'bad' };
	await store.outbox('siem').acknowledge([first!], 1, [letter]);
	expect(await ledger.deadLettered({ from: 10n, to: 11n })).toBe(1);
	expect(await ledger.gaps({ from: 10n, to: 11n })).toMatchObject([{ reason: 'rejected', from: 10n, to: 10n }]);
	await stream.commit({
		seen: [{ id: '?h:1', time: 100n }],
		invalid: [{ id: 'h:1', raw: 'no event', reason: 'not JSON' }],
	});
	expect(await ledger.kept(['h:1', 'h:2'])).toEqual(new Set(['h:1']));
});

test('a verdict is kept and shipped, and says each thing once', async () => {
	const { store, stream } = await opened();
	await stream.commit({ start: 1n, watermark: 1n });
	const verdicts = store.verdicts(dr);
	expect(await verdicts.lastAt()).toBeUndefined();
	const verified = { verdict: 'broken' as const, findings: [], from: 1n, to: 9n };
	const gap = { reason: 'chain_break' as const, from: 3n, detail: 'broken here' };
	await verdicts.note(verified, [gap], ['here']);
	await verdicts.note(verified, [gap], ['here']);
	await verdicts.note(verified, [gap, { ...gap, detail: 'and there' }], ['here', 'there']);
	const batches = await store.outbox('siem').pending(0, 10);
	expect(batches.map(({ gaps, verified }) => [gaps.length, verified?.verdict])).toEqual([
		[1, 'broken'],
		[0, 'broken'],
		[1, 'broken'],
	]);
	expect(await verdicts.lastAt()).toEqual(expect.any(BigInt));
	expect(await store.summary()).toMatchObject({
		streams: [{ lastVerdict: 'broken', gaps: 2, gapReasons: { chain_break: 2 } }],
		unseen: [{ stream: 'dr', gaps: { count: 2 }, brokenAt: expect.any(BigInt) as bigint }],
	});
});

test('old dead letters are removed, and gap records say so where they should have gone', async () => {
	const { store, stream } = await opened();
	const now = BigInt(Date.now()) * 1_000_000n;
	await stream.commit({ start: 1n, watermark: now });
	await stream.commit({ ...page(event('a', 10n)), invalid: [{ id: 'h:1', raw: 'no \0 event', reason: 'not JSON' }] });
	const batches = await store.outbox('siem').pending(0, 1);
	const letter = { stream: 'dr', eventId: 'a', raw: '{}', time: 10n, observed: 1n, reason: 'rejected', detail: 'bad' };
	await store.outbox('siem').acknowledge(batches, 0, [letter]);
	expect(await store.expireLetters(1_000_000_000n, 'too old', () => ['siem'])).toEqual([]);
	await db.run('UPDATE @dead_letters SET at = 1');
	const removed = await store.expireLetters(1_000_000_000n, 'removed after a second', () => ['siem']);
	expect(removed).toEqual([
		{ stream: 'dr', letters: 1 },
		{ stream: 'dr', destination: 'siem', letters: 1 },
	]);
	const gaps = (await (await opened()).store.outbox('siem').pending(0, 10)).flatMap((batch) => batch.gaps);
	expect(gaps.map(({ detail }) => detail).slice(-2)).toEqual([
		'1 dead letter (invalid_event): removed after a second',
		'1 dead letter of destination siem (rejected): removed after a second',
	]);
	expect((await store.summary()).streams).toMatchObject([{ deadLetters: 0 }]);
});

test('a text with a letter that Postgres does not have stops nobody', async () => {
	const { store, stream } = await opened();
	const odd = event('odd\0id', 5n);
	await stream.commit({
		...page(odd),
		invalid: [{ id: 'h\0', raw: '\0\ud800', reason: 'why\0' }],
		gaps: [{ reason: 'rejected', detail: 'x\0y' }],
	});
	expect(idsIn(await store.outbox('siem').pending(0, 1))).toEqual(['odd\0id']);
	const next = await opened();
	expect(idsIn(await next.store.outbox('siem').pending(0, 1))).toEqual(['odd\0id']);
	expect(await next.stream.seen([odd])).toEqual(new Set(['odd\0id']));
	await next.store.notePoll('dr', 'failed \0');
	await next.store.close();
});

test('how a destination is doing is noted by its owner alone', async () => {
	const { store } = await opened();
	await store.noteDestination('siem', { state: 'failing', since: 5, lastError: { at: 4, message: 'no answer' } });
	await store.noteDestination('siem', { state: 'ok', since: 9, lastError: { at: 4, message: 'no answer' } });
	expect((await store.summary()).destinations).toMatchObject([
		{ name: 'siem', state: 'ok', since: 9_000_000n, lastError: 'no answer' },
	]);
	await db.take('worker-2');
	await store.noteDestination('siem', { state: 'halted', since: 9 });
	expect(await db.run('SELECT state FROM @destinations')).toEqual([{ state: 'ok' }]);
});

test('what people did by hand is told once, by the owner of the first shard', async () => {
	const store = await db.open(await db.take('worker-1', 0));
	expect(await store.newActions()).toEqual([]);
	await db.run(`INSERT INTO @actions (at, by, what) VALUES (5, 'ann', 'gaps acknowledge: 1 gap of dr')`);
	expect(await store.newActions()).toEqual([{ at: 5n, by: 'ann', what: 'gaps acknowledge: 1 gap of dr' }]);
	expect(await store.newActions()).toEqual([]);
	await store.close();
});
