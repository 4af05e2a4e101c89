/** Which ids are known, and for how long. */
import { DAY } from '../../../../core/time';
import { dropDays } from '../../../../forwarder/store/postgres/days';
import { dr, event, lite, page, type Database } from './support';

let db: Database;

beforeAll(async () => {
	db = await lite();
});
afterAll(() => db.close());
afterEach(() => db.clear());

const opened = async (identity = dr) => (await (await db.open()).streams([identity]))[0]!;

/** A page of a list without order: its times are spread over all of the window. */
const spread = (from: number) =>
	Array.from({ length: 50 }, (_, n) => event(`e${from + n * 20}`, BigInt(from + n * 20)));

test('pages out of order: each of their ids is known, to this owner and to the next', async () => {
	const stream = await opened();
	const pages = [7, 3, 19, 0, 11].map(spread);
	for (const events of pages) await stream.commit(page(...events));
	const asked = Array.from({ length: 1000 }, (_, n) => ({ id: `e${n}`, time: BigInt(n) }));
	const known = new Set(pages.flat().map(({ id }) => id));
	expect(await stream.seen(asked)).toEqual(known);
	expect(await (await opened()).seen(asked)).toEqual(known);
});

test('an event is known at whatever time it is listed with, also to the next owner', async () => {
	await (await opened()).commit(page(event('a', 5n)));
	const next = await opened();
	expect(
		await next.seen([
			{ id: 'a', time: 1_000n },
			{ id: 'b', time: 5n },
		]),
	).toEqual(new Set(['a']));
	expect(await next.seen([{ id: 'a' }])).toEqual(new Set(['a']));
});

test('what has no time of its own, and what was seen first at some time, is known by its id', async () => {
	const stream = await opened();
	const seen = [
		{ id: '?h:1', time: 5n },
		{ id: 'late', time: 1n },
		{ id: '??late', time: 9n },
	];
	await stream.commit({ seen, invalid: [{ id: 'h:1', raw: 'no event', reason: 'not JSON' }] });
	const asked = [{ id: '?h:1' }, { id: '?h:2' }, { id: '??late' }, { id: 'late', time: 1n }];
	expect(await stream.seen(asked)).toEqual(new Set(['?h:1', '??late', 'late']));
	expect(await (await opened()).seen(asked)).toEqual(new Set(['?h:1', '??late', 'late']));
});

test('repeats are answered from memory, also those that were stored by the owner before', async () => {
	await (await opened()).commit(page(...spread(0)));
	const stream = await opened();
	await stream.seen(spread(0).slice(0, 1));
	const before = db.sent.length;
	expect((await stream.seen(spread(0))).size).toBe(50);
	expect((await stream.seen(spread(1))).size).toBe(0);
	expect(db.sent.length).toBe(before);
});

test('an element that is not an event is listed with every poll, and written once a day', async () => {
	const stream = await opened();
	const element = { seen: [{ id: '?h:1', time: 5n }] };
	await stream.commit({ ...element, invalid: [{ id: 'h:1', raw: 'no event', reason: 'not JSON' }] });
	const before = db.sent.length;
	for (let n = 0; n < 5; n++) await stream.commit(element);
	expect(db.sent.length).toBe(before);
});

test('a stream that begins anew has none of the ids of before', async () => {
	const stream = await opened();
	await stream.commit(page(event('a', 5n)));
	await stream.commit({ start: 1n, watermark: 1n });
	expect(await stream.seen([event('a', 5n)])).toEqual(new Set());
	await stream.commit(page(event('b', 6n)));
	expect(await (await opened()).seen([event('a', 5n), event('b', 6n)])).toEqual(new Set(['b']));
});

test('a stream that was reset, so that its row is gone, has none of the ids of before', async () => {
	await (await opened()).commit(page(event('a', 5n)));
	await db.run('DELETE FROM @streams');
	const stream = await opened();
	expect(await stream.seen([event('a', 5n)])).toEqual(new Set());
	await stream.commit(page(event('b', 6n)));
	expect(await (await opened()).seen([event('a', 5n), event('b', 6n)])).toEqual(new Set(['b']));
});

test('a new day in the middle of a walk, and days that are forgotten as a whole', async () => {
	const stream = await opened();
	await stream.commit({ start: 1n, watermark: 1n, ...page(event('old', 5n)) });
	// what is stored now was stored forty days ago
	await db.run(`CREATE TABLE @pages_20000101 PARTITION OF @pages FOR VALUES FROM ('2000-01-01') TO ('2000-01-02')`);
	await db.run(`UPDATE @pages SET day = '2000-01-01'`);
	await stream.commit(page(event('new', 6n)));
	const asked = [event('old', 5n), event('new', 6n)];
	expect(await (await opened()).seen(asked)).toEqual(new Set(['old', 'new']));
	expect(await stream.rememberedFrom()).toBe(0n);
	await db.run(`SELECT @drop_days('2000-01-02')`);
	expect(await stream.rememberedFrom()).toBe(BigInt(Date.parse('2000-01-02')) * 1_000_000n);
	expect(await (await opened()).seen(asked)).toEqual(new Set(['new']));
});

test('a day that nobody has made is made by whoever needs it', async () => {
	const stream = await opened();
	await stream.commit(page(event('a', 5n)));
	const days = await db.run<{ name: string }>(
		`SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = '@pages'::regclass`,
	);
	for (const { name } of days) await db.run(`DROP TABLE ${name}`);
	await stream.commit(page(event('b', 6n)));
	expect(await (await opened()).seen([event('b', 6n)])).toEqual(new Set(['b']));
});

test('a source that is stuck keeps the days that its walk may list again, for as long as it is polled', async () => {
	const store = await db.open();
	const [stream] = await store.streams([dr]);
	const then = BigInt(Date.parse('2000-01-01T12:00:00Z')) * 1_000_000n;
	await stream!.commit({ start: then, watermark: then, ...page(event('old', then)) });
	await store.notePoll('dr', 'it fails');
	await store.close();
	await db.run(`CREATE TABLE @pages_20000101 PARTITION OF @pages FOR VALUES FROM ('2000-01-01') TO ('2000-01-02')`);
	await db.run(`UPDATE @pages SET day = '2000-01-01'`);
	await dropDays(db, 30n * DAY);
	expect(await (await opened()).seen([event('old', then)])).toEqual(new Set(['old']));
	await db.run('UPDATE @streams SET last_error_at = 0');
	await dropDays(db, 30n * DAY);
	expect(await (await opened()).seen([event('old', then)])).toEqual(new Set());
});
