/** What the disk has altered since it was written: found by checksums, never shipped, read again. */
import { DatabaseSync } from 'node:sqlite';
import type { Store } from '../../../../forwarder/store/contract';
import { askForBackfill } from '../../../../forwarder/store/sqlite/backfills';
import { checkState } from '../../../../forwarder/store/sqlite/check';
import type { DeadLetter } from '../../../../forwarder/store/contract';
import { retryLetters } from '../../../../forwarder/store/sqlite/deadLetters';
import { exportState } from '../../../../forwarder/store/sqlite/exportState';
import { readExport } from '../../../../forwarder/store/readExport';
import { readState } from '../../../../forwarder/store/sqlite/open';
import { Rewound } from '../../../../forwarder/store/sqlite/stream';
import { stateFile, type StateFile } from '../../../support/stateFile';
import { event } from '../conformance';
import { streamOf } from '../../../support/streamOf';

const dr = { name: 'dr', fingerprint: 'f', settings: '{}', destinations: ['siem', 'lake'] };
const HOUR = 3_600_000_000_000n;

let file: StateFile;
let store: Store;
beforeEach(() => {
	file = stateFile(() => 1_770_796_934_217);
	store = file.open();
});
afterEach(() => file.remove());

const ids = async (destination: string) =>
	(await store.outbox(destination).pending(0, 99)).flatMap(({ events }) => events.map(({ id }) => id));
const gaps = async (destination: string) => (await store.outbox(destination).pending(0, 99)).flatMap((one) => one.gaps);

function withDb<T>(work: (db: DatabaseSync) => T): T {
	const db = new DatabaseSync(file.path);
	db.function('xor', { useBigIntArguments: true }, (a, b) => (a as bigint) ^ (b as bigint));
	try {
		return work(db);
	} finally {
		db.close();
	}
}

/** As a disk would: past all that keeps sums right. No process runs, so nothing of it is left in memory. */
function damageFile(sql: string): void {
	file.close();
	withDb((db) => {
		const { changes } = db.prepare(sql).run();
		expect(changes).toBe(1);
	});
}

function damage(sql: string): void {
	damageFile(sql);
	store = file.open();
}

const flip = (
	column: string,
) => `${column} = CAST(substr(${column}, 1, 9) || char(xor(unicode(substr(${column}, 10, 1)), 1))
	|| substr(${column}, 11) AS TEXT)`;

/** Two pages; the walk has ended behind them. */
async function filled(): Promise<void> {
	const stream = streamOf(store, dr);
	await stream.commit({ start: 0n, watermark: 0n });
	const page = (name: string, from: bigint) => [event(`${name}1`, from), event(`${name}2`, from + 5n)];
	for (const [name, from] of [
		['a', HOUR],
		['b', 2n * HOUR],
	] as const) {
		await stream.commit({ fresh: page(name, from), seen: page(name, from) });
	}
	await stream.commit({ watermark: 3n * HOUR, walk: null });
}

describe.each([
	['the texts', "texts = CAST(substr(texts, 1, 12) || x'00' || substr(texts, 14) AS BLOB)"],
	['the list of events', flip('events')],
	['the list, so that it is not JSON', "events = '{' || substr(events, 2)"],
	['the list of gaps', "gaps = '[]' || gaps"],
	['the size', 'size = xor(size, 1099511627776)'],
	['the time of receipt', 'observed = xor(observed, 4096)'],
	['the span', 'last = xor(last, 1)'],
	['the destinations', "destinations = replace(destinations, 'siem', 'sieM')"],
	['whether it travels again', 'retried = 1'],
])('a batch with a flipped bit in %s', (_what, set) => {
	beforeEach(async () => {
		await filled();
		damageFile(`UPDATE batches SET ${set} WHERE id = 1`);
	});

	test('is shipped to nobody, and the batch behind it goes on', async () => {
		store = file.open();
		expect(await ids('siem')).toEqual(['b1', 'b2']);
		expect(await ids('lake')).toEqual(['b1', 'b2']);
		const kept = withDb((db) => db.prepare('SELECT id, missing FROM damaged_batches').all());
		expect(kept).toEqual([{ id: 1, missing: '["lake","siem"]' }]);
	});

	test('leaves a gap record that names its span, and its events are read and shipped again', async () => {
		store = file.open();
		await ids('siem');
		for (const name of dr.destinations)
			expect(await gaps(name)).toMatchObject([
				{
					reason: 'state_lost',
					from: HOUR,
					to: HOUR + 5n,
					detail: expect.stringMatching(/^batch 1 .*set aside/) as string,
				},
			]);
		const stream = streamOf(store, dr);
		expect(await stream.load()).toMatchObject({ start: 0n, watermark: HOUR, walk: undefined });
		expect(await stream.seen([event('a1', HOUR), event('a2', HOUR + 5n)])).toEqual(new Set());
		expect(await stream.seen([event('b1', 2n * HOUR)])).toEqual(new Set(['b1']));
		const { ledger } = store.verdicts(dr);
		expect(await ledger.find([event('a1', HOUR), event('b1', 2n * HOUR)])).toEqual([undefined, 'shipped']);
	});

	test('is found by a check and left out of an export, which names it and stays readable', () => {
		const db = readState(file.path);
		expect(checkState(db).damage[0]).toMatchObject({ table: 'batches', row: '1' });
		let text = '';
		const { leftOut } = exportState(db, '2026-02-11T08:02:14Z', (part) => (text += part));
		db.close();
		expect(leftOut.filter(({ table }) => table === 'batches')).toEqual([{ table: 'batches', row: '1' }]);
		expect(readExport(text)).toMatchObject({ batches: [{ id: 2n }] });
	});
});

test('a batch of which neither list nor texts can be believed: all that the stream has read is read again', async () => {
	await filled();
	damage(`UPDATE batches SET ${flip('events')}, size = size + 1 WHERE id = 1`);
	expect(await ids('siem')).toEqual(['b1', 'b2']);
	const stream = streamOf(store, dr);
	expect(await stream.load()).toMatchObject({ watermark: 0n });
	expect(await stream.seen([event('a1', HOUR), event('b1', 2n * HOUR)])).toEqual(new Set());
});

test('a batch whose source has a damaged name: every source that may own it is read again', async () => {
	await filled();
	damage("UPDATE batches SET stream = 'ds' WHERE id = 1");
	expect(await ids('siem')).toEqual(['b1', 'b2']);
	expect(await streamOf(store, dr).load()).toMatchObject({ watermark: HOUR });
});

test('a destination that has acknowledged it is not told', async () => {
	await filled();
	const [first] = await store.outbox('siem').pending(0, 1);
	await store.outbox('siem').acknowledge([first!], 2);
	damage('UPDATE batches SET size = 1 WHERE id = 1');
	expect(await ids('lake')).toEqual(['b1', 'b2']);
	expect([await gaps('siem'), await gaps('lake')]).toMatchObject([[], [{ reason: 'state_lost' }]]);
});

test('a poll that had begun before does not move the position past the span again', async () => {
	await filled();
	damage('UPDATE batches SET size = 1 WHERE id = 1');
	const stream = streamOf(store, dr);
	await stream.load();
	await ids('siem');
	await expect(stream.commit({ watermark: 4n * HOUR, walk: null })).rejects.toThrow(Rewound);
	expect(await stream.load()).toMatchObject({ watermark: HOUR });
	await stream.commit({ watermark: 4n * HOUR, walk: null });
});

test('a batch of a back-fill: its span is a job again, when no other is unfinished', async () => {
	streamOf(store, dr);
	await streamOf(store, dr).commit({ start: 9n * HOUR, watermark: 9n * HOUR });
	withDb((db) => askForBackfill(db, { stream: 'dr', asked: '', from: 0n, to: 9n * HOUR, now: 0n }));
	const jobs = store.backfills(dr);
	await jobs.load();
	const fresh = [event('p', HOUR)];
	await jobs.commit({ fresh, seen: fresh, observed: 0n, done: 2n * HOUR, covered: { from: 0n, to: 2n * HOUR } });
	damage('UPDATE batches SET observed = 1 WHERE id = 1');
	const again = store.backfills(dr);
	await ids('siem');
	expect(await streamOf(store, dr).load()).toMatchObject({ watermark: 9n * HOUR });
	await again.load();
	await again.commit({ done: 9n * HOUR, finished: true, covered: { from: 2n * HOUR, to: 9n * HOUR } });
	expect(await again.load()).toMatchObject({ from: HOUR, to: HOUR + 1n, done: HOUR });
	expect(await again.covered()).toEqual([
		{ from: 0n, to: HOUR },
		{ from: HOUR + 1n, to: 9n * HOUR },
	]);
	expect(await again.seen(fresh)).toEqual(new Set());
});

describe('a delivery with a flipped bit', () => {
	test.each([
		['in its destination', "UPDATE deliveries SET destination = 'sieM' WHERE destination = 'siem' AND batch = 1"],
		['in its batch', "UPDATE deliveries SET batch = 77 WHERE destination = 'siem' AND batch = 1"],
	])('%s: everybody gets everything, and nobody waits behind it', async (_what, sql) => {
		await filled();
		damage(sql);
		expect(await ids('siem')).toEqual(['a1', 'a2', 'b1', 'b2']);
		const lake = await store.outbox('lake').pending(0, 9);
		await store.outbox('lake').acknowledge(lake, 4);
		expect(await ids('siem')).toEqual(['a1', 'a2', 'b1', 'b2']);
		expect((await store.outbox('sieM').pending(0, 9)).length).toBe(0);
	});

	test('that the process sees while it runs does not stand in the way', async () => {
		await filled();
		withDb((db) => db.exec("UPDATE deliveries SET batch = 0 WHERE destination = 'siem' AND batch = 1"));
		expect((await store.outbox('siem').pending(-1, 1)).flatMap(({ events }) => events.map(({ id }) => id))).toEqual([
			'a1',
			'a2',
		]);
	});
});

describe('a position with a flipped bit', () => {
	test.each([
		['watermark', 'watermark = xor(watermark, 1125899906842624)'],
		['walk', "walk = '{'"],
		['kept', "kept = '{'"],
	])('in %s: goes back to a watermark that was safe, and says so', async (_what, set) => {
		await filled();
		await streamOf(store, dr).commit({
			watermark: 3n * HOUR + 9n,
			walk: { windows: [{ lower: 3n }], pages: 1, rejections: 0 },
		});
		damage(`UPDATE streams SET ${set}`);
		const stream = streamOf(store, dr);
		expect(await stream.load()).toEqual({
			start: 0n,
			watermark: 3n * HOUR,
			walk: undefined,
		});
		expect((await gaps('siem')).at(-1)).toMatchObject({ reason: 'state_lost', from: 3n * HOUR });
	});

	test.each([
		['start', 'start = xor(start, 4503599627370496)'],
		['fingerprint', "fingerprint = 'g'"],
		['settings', "settings = '{]'"],
		['covered', "covered = '{'"],
		['settled', 'settled = 7'],
	])('in %s: goes on where it was, from the oldest event that is remembered', async (_what, set) => {
		await filled();
		damage(`UPDATE streams SET ${set}`);
		expect(await streamOf(store, dr).load()).toMatchObject({ start: HOUR, watermark: 3n * HOUR });
		expect(await gaps('siem')).toMatchObject([{ reason: 'state_lost' }]);
	});

	test('in its name: is found by its checksum, and goes on', async () => {
		await filled();
		damage("UPDATE streams SET name = 'ds'");
		expect(await streamOf(store, dr).load()).toMatchObject({ start: 0n, watermark: 3n * HOUR });
	});

	test('in both parts: back to the oldest event that is remembered', async () => {
		await filled();
		damage('UPDATE streams SET start = 1, watermark = 99');
		expect(await streamOf(store, dr).load()).toMatchObject({ start: HOUR, watermark: HOUR });
	});

	test('while a poll is at work: nothing is written over it', async () => {
		await filled();
		const stream = streamOf(store, dr);
		withDb((db) => db.exec('UPDATE streams SET watermark = 9999'));
		await expect(stream.commit({ walk: null })).rejects.toThrow(/position of dr is damaged/);
		expect(await stream.load()).toMatchObject({ watermark: 3n * HOUR });
	});

	test('is said by a check, and its export is readable', async () => {
		await filled();
		file.close();
		withDb((db) => db.exec("UPDATE streams SET walk = '{'"));
		const db = readState(file.path);
		expect(checkState(db).damage).toEqual([{ table: 'streams', row: 'dr', what: 'position' }]);
		let text = '';
		expect(exportState(db, '2026-02-11T08:02:14Z', (part) => (text += part)).leftOut).toEqual([
			{ table: 'streams', row: 'dr' },
		]);
		db.close();
		expect(readExport(text)).toMatchObject({ streams: [] });
	});
});

test('a back-fill with a flipped bit is ended and said, never read on from a wrong place', async () => {
	await filled();
	withDb((db) => askForBackfill(db, { stream: 'dr', asked: '', from: 0n, to: 5n, now: 0n }));
	damage('UPDATE backfills SET done = 4');
	expect(await store.backfills(dr).load()).toBeUndefined();
	expect(await gaps('siem')).toMatchObject([
		{ reason: 'state_lost', detail: expect.stringContaining('backfill dr') as string },
	]);
});

test('a dead letter with a flipped bit stays, and says why', async () => {
	await filled();
	const letter = {
		stream: 'dr',
		destination: 'siem',
		eventId: 'a1',
		raw: '{"n":1}',
		time: 5n,
		observed: 6n,
		reason: 'rejected',
		detail: '',
	};
	const [batch] = await store.outbox('siem').pending(0, 1);
	await store.outbox('siem').acknowledge([batch!], 1, [letter satisfies DeadLetter]);
	damage(`UPDATE dead_letters SET raw = '{"n":3}'`);
	const retried = withDb((db) => retryLetters(db, {}, () => undefined));
	expect(retried).toMatchObject({
		letters: 0,
		refused: [{ reason: expect.stringContaining('disk has damaged') as string }],
	});
});

test('a batch that everybody has acknowledged is gone, whatever waits beside it', async () => {
	await filled();
	const page = (n: bigint) => [event(`c${n}`, 2n * HOUR + n)];
	for (let n = 10n; n < 20n; n++) await streamOf(store, dr).commit({ fresh: page(n) });
	for (const name of dr.destinations) {
		const [, second] = await store.outbox(name).pending(0, 2);
		await store.outbox(name).acknowledge([second!], 2);
	}
	const left = withDb((db) =>
		db
			.prepare('SELECT id FROM batches')
			.all()
			.map(({ id }) => id),
	);
	expect(left).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

test('what is whole is found whole', async () => {
	await filled();
	const db = readState(file.path);
	expect(checkState(db)).toMatchObject({ damage: [], aside: 0, rows: { streams: 1, batches: 2 } });
	db.close();
});
