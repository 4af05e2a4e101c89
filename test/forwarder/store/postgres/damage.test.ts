/** A batch that is not what was written: set aside, and its events are read again. */
import { dr, event, idsIn, lite, page, type Database } from './support';

let db: Database;

beforeAll(async () => {
	db = await lite();
});
afterAll(() => db.close());
afterEach(() => db.clear());

const START = 100n;

/** Three pages of one walk, of which the second is altered; then another owner. */
async function altered(change: string) {
	const first = await db.open();
	const [stream] = await first.streams([dr]);
	await stream!.commit({ start: START, watermark: START });
	for (const n of [1n, 2n, 3n])
		await stream!.commit(page(event(`a${n}`, START + n * 10n), event(`b${n}`, START + n * 10n + 1n)));
	await stream!.commit({ watermark: 200n, walk: null });
	await first.close();
	const [row] = await db.run<{ seq: bigint }>('SELECT seq FROM @batches ORDER BY seq OFFSET 1 LIMIT 1');
	await db.run(`UPDATE @batches SET ${change} WHERE seq = $1`, [row!.seq]);
	const store = await db.open();
	const [again] = await store.streams([dr]);
	return { store, stream: again! };
}

const all = [1n, 2n, 3n].flatMap((n) => [event(`a${n}`, START + n * 10n), event(`b${n}`, START + n * 10n + 1n)]);

test.each([
	['its texts', `texts = set_byte(texts, 5, 255 - get_byte(texts, 5))`],
	['its list', `events = set_byte(events, 5, 255 - get_byte(events, 5))`],
])('%s damaged: only its own events are read again, by a walk from the first of them', async (_, change) => {
	const { store, stream } = await altered(change);
	const batches = await store.outbox('siem').pending(0, 10);
	expect(idsIn(batches)).toEqual(['a1', 'b1', 'a3', 'b3']);
	expect(batches.flatMap(({ gaps }) => gaps)).toMatchObject([{ reason: 'state_lost', from: 120n, to: 121n }]);
	await expect(stream.commit({ watermark: 300n })).rejects.toThrow(/read again from further back/);
	expect(await stream.load()).toMatchObject({ start: START, watermark: 120n, walk: undefined });
	expect([...(await stream.seen(all))].sort()).toEqual(['a1', 'a3', 'b1', 'b3']);
	const next = await (await db.open()).streams([dr]);
	expect([...(await next[0]!.seen(all))].sort()).toEqual(['a1', 'a3', 'b1', 'b3']);
	expect(await db.run('SELECT * FROM @damaged_batches')).toHaveLength(1);
});

test('nothing of it can be believed: all is read again', async () => {
	const { store, stream } = await altered(`events = '', texts = '', first = 1`);
	expect(idsIn(await store.outbox('siem').pending(0, 10))).toEqual(['a1', 'b1', 'a3', 'b3']);
	expect(await stream.load()).toMatchObject({ watermark: START });
	expect(await stream.seen(all)).toEqual(new Set());
});

test('the name of its stream is damaged: every stream of the shard looks again', async () => {
	const { store, stream } = await altered(`stream = 'other'`);
	expect(idsIn(await store.outbox('siem').pending(0, 10))).toEqual(['a1', 'b1', 'a3', 'b3']);
	expect(await stream.load()).toMatchObject({ watermark: 120n });
});

test('events of a back-fill are asked for again by another one', async () => {
	const first = await db.open();
	await (await first.streams([dr]))[0]!.commit({ start: START, watermark: START });
	await db.run(
		`INSERT INTO @backfills (stream, asked, "from", "to", done, width, started) VALUES ('dr', 'all', 0, 100, 0, 50, 1)`,
	);
	const second = await db.open();
	const jobs = second.backfills(dr);
	expect(await jobs.load()).toMatchObject({ from: 0n, to: 100n });
	await jobs.commit({ ...page(event('old', 40n)), done: 100n, covered: { from: 0n, to: 100n }, finished: true });
	expect(await jobs.load()).toBeUndefined();
	await db.run(`UPDATE @batches SET texts = ''`);
	const third = await db.open();
	expect(await third.outbox('siem').pending(0, 10)).toMatchObject([{ gaps: [{ reason: 'state_lost' }] }]);
	const again = third.backfills(dr);
	expect(await again.load()).toMatchObject({ from: 40n, to: 41n, done: 40n });
	expect(await again.covered()).toEqual([
		{ from: 0n, to: 40n },
		{ from: 41n, to: 100n },
	]);
	expect(await again.seen([{ id: 'old', time: 40n }])).toEqual(new Set());
});
