/** A state goes from one store into the other, and on from there. */
import type { OwnedState } from '../../../forwarder/store/admin';
import type { Store } from '../../../forwarder/store/contract';
import { EXPORT_FORMAT } from '../../../forwarder/store/exportShape';
import { ownedOf } from '../../../forwarder/store/postgres/owned';
import { ImportError, readExport } from '../../../forwarder/store/readExport';
import { ownState } from '../../../forwarder/store/sqlite/admin';
import { stateFile, type StateFile } from '../../support/stateFile';
import { streamOf } from '../../support/streamOf';
import { event } from './conformance';
import { lite, SCHEMA, type Database } from './postgres/support';

const NOW = 1_770_796_934_217;
const dr = { name: 'dr', fingerprint: 'f1', settings: '{"provider":"x"}', destinations: ['siem', 'lake'] };

interface Kept {
	/** By the process that has the stream. */
	open(): Store | Promise<Store>;
	/** Instead of that process. */
	own(): OwnedState;
}

let db: Database;
let file: StateFile;
const files: StateFile[] = [];

beforeAll(async () => {
	db = await lite();
});
beforeEach(async () => {
	files.push((file = stateFile(() => NOW)));
	await db.clear();
});
afterEach(() => files.splice(0).forEach((one) => one.remove()));
afterAll(() => db.close());

function sqlite(at = file): Kept {
	const own = () => {
		at.close();
		return ownState(at.path, NOW);
	};
	return { open: () => ({ ...at.open(), close: async () => at.close() }), own };
}

/** The stream is in shard 3. */
function postgres(at = db): Kept {
	return {
		open: async () => at.open(await at.take('worker-1', 3)),
		own: () =>
			ownedOf(at, {
				...{ schema: SCHEMA, beatMs: 1000, clock: { now: () => NOW, sleep: async () => undefined } },
				...{ close: () => undefined, shardOf: () => () => 3 },
				async hold(shards, work) {
					const leases = [];
					for (const shard of shards) leases.push(await at.take('cli', shard));
					return work(leases);
				},
			}),
	};
}

/** Something of everything; one destination is a batch ahead. */
async function fill({ open, own }: Kept): Promise<void> {
	let store = await open();
	const stream = streamOf(store, dr);
	const page = (...ids: [string, bigint][]) => ({
		fresh: ids.map(([id, time]) => event(id, time)),
		seen: ids.map(([id, time]) => ({ id, time })),
		observed: 99n,
	});
	const walk = { windows: [{ lower: 1n, upper: 9n }, { lower: 9n }], pages: 1, rejections: 0, position: { page: 2 } };
	await stream.commit({ ...page(['a', 10n], ['b', 11n]), start: 1n, watermark: 12n });
	await stream.commit({ ...page(['c', 13n]), watermark: 13n, walk: walk as never, kept: { last: ['c', '13'] } });
	await stream.commit({ seen: [{ id: 'dropped', time: 13n }], watermark: 13n });
	const invalid = [{ id: '?x', raw: '{"no":', reason: 'cut' }];
	const gap = { reason: 'retention', from: 2n, to: 3n, detail: 'gone' } as const;
	await stream.commit({ invalid, seen: [{ id: '?x', time: 13n }], gaps: [gap], watermark: 13n });
	const [first] = await store.outbox('siem').pending(0, 1);
	const letter = { stream: 'dr', destination: 'siem', eventId: 'a', raw: '{"id":"a ☁️"}', time: 10n, observed: 99n };
	await store.outbox('siem').acknowledge([first!], 1, [{ ...letter, reason: 'rejected', detail: 'status 400' }]);
	await store.verdicts(dr).note({ verdict: 'unknown', reason: 'x', findings: [] }, [], []);
	await store.close();
	const state = own();
	await state.askForBackfill({ stream: 'dr', asked: '9d', from: -100n, to: 1n }, { by: 'ada', at: 9n });
	await state.retryLetters({ reason: 'rejected' }, () => undefined, { by: 'ada', at: 5n });
	await state.pauseSources(['dr'], 'key rotation', { by: 'ada', at: 6n });
	await state.close();
	store = await open();
	await streamOf(store, dr).load();
	const part = { done: -50n, covered: { from: -100n, to: -50n } };
	await store.backfills(dr).commit({ ...part, ...page(['old', -60n]) });
	await store.close();
}

async function exportOf({ own }: Kept): Promise<string> {
	const state = own();
	let text = '';
	await state.export('2026-02-11T08:02:14.217Z', (part) => (text += part));
	await state.close();
	return text;
}

async function importInto({ own }: Kept, text: string): Promise<void> {
	const state = own();
	try {
		await state.import(readExport(text));
	} finally {
		await state.close();
	}
}

type Tables = Record<string, Record<string, unknown>[]>;

/** Numbers are each store's own: what counts is their order. */
function withoutNumbers(text: string): Tables {
	const tables = JSON.parse(text) as Tables;
	const numbers = tables['batches']!.map(({ id }) => Number(id));
	const placeOf = (number: unknown) => numbers.filter((one) => one <= Number(number)).length;
	const strip = ({ id: _, ...row }: Record<string, unknown>) => row;
	const { seen: _, known: __, exportedAt: ___, ...rest } = tables;
	return {
		...Object.fromEntries(
			Object.entries(rest).map(([name, rows]) => [name, Array.isArray(rows) ? rows.map(strip) : rows]),
		),
		backfills: tables['backfills']!.map((row) => strip({ ...row, last_batch: placeOf(row['last_batch']) })),
		deliveries: tables['deliveries']!.map(({ destination, batch }) => ({ destination, batch: placeOf(batch) })).sort(
			(a, b) => a.batch - b.batch || String(a.destination).localeCompare(String(b.destination)),
		),
	};
}

it.each([
	['a file into a database', () => sqlite(), () => postgres()],
	['a database into a file', () => postgres(), () => sqlite()],
	['a file into another', () => sqlite(), () => sqlite(another())],
])('%s: all of it comes along, and the work goes on', async (_, from, to) => {
	const [source, target] = [from(), to()];
	await fill(source);
	const text = await exportOf(source);
	expect(JSON.parse(text)).toMatchObject({ format: EXPORT_FORMAT, version: 1, backfills: [{}], dead_letters: [{}] });
	expect(JSON.parse(text)).toMatchObject({ paused_sources: [{ source: 'dr', by: 'ada', note: 'key rotation' }] });
	await importInto(target, text);
	expect(withoutNumbers(await exportOf(target))).toEqual(withoutNumbers(text));

	const state = target.own();
	expect(await state.counts()).toMatchObject({ streams: 1, dead_letters: 1, backfills: 1 });
	const [{ id } = { id: 0 }] = await state.backfills();
	expect(await state.backfill(id)).toMatchObject({ job: { done: -50n, events: 1, pages: 1 } });
	await state.close();

	const store = await target.open();
	const stream = streamOf(store, dr);
	expect(await stream.load()).toMatchObject({
		start: 1n,
		watermark: 13n,
		walk: { pages: 1 },
		kept: { last: ['c', '13'] },
	});
	const asked = ['a', 'c', 'dropped', 'new'].map((id) => ({ id, time: id === 'a' ? 10n : 13n }));
	expect([...(await stream.seen(asked))].sort()).toEqual(['a', 'c', 'dropped']);
	expect(await store.backfills(dr).seen([{ id: 'old', time: -60n }])).toEqual(new Set(['old']));
	expect(await store.backfills(dr).covered()).toEqual([{ from: -100n, to: -50n }]);
	const idsFor = async (destination: string) =>
		(await store.outbox(destination).pending(0, 20)).map(({ events, gaps, verified, retried }) => [
			...[...events.map((one) => one.id), ...gaps.map(({ reason }) => reason)],
			...(verified ? [verified.verdict] : []),
			...(retried ? ['again'] : []),
		]);
	expect(await idsFor('lake')).toEqual([['a', 'b'], ['c'], ['retention'], ['unknown'], ['old']]);
	expect(await idsFor('siem')).toEqual([['c'], ['retention'], ['rejected'], ['unknown'], ['a', 'again'], ['old']]);
	await stream.commit({ fresh: [event('d', 14n)], seen: [{ id: 'd', time: 14n }], observed: 100n, watermark: 14n });
	expect((await idsFor('siem')).at(-1)).toEqual(['d']);
	await store.close();
});

function another(): StateFile {
	const one = stateFile(() => NOW);
	files.push(one);
	return one;
}

it('what a database has exported comes back into it, and nothing of what was there stays', async () => {
	const kept = postgres();
	await fill(kept);
	const text = await exportOf(kept);
	const store = await kept.open();
	await streamOf(store, dr).commit({ fresh: [event('later', 20n)], seen: [{ id: 'later', time: 20n }], observed: 1n });
	await streamOf(store, { ...dr, name: 'other' }).commit({ start: 1n, watermark: 2n });
	await importInto(kept, text);
	// whoever had it before is refused
	await expect(streamOf(store, dr).commit({ fresh: [event('stale', 21n)] })).rejects.toThrow();
	expect(withoutNumbers(await exportOf(kept))).toEqual(withoutNumbers(text));
	const next = await kept.open();
	const ids = [
		{ id: 'later', time: 20n },
		{ id: 'b', time: 11n },
	];
	expect(await streamOf(next, dr).seen(ids)).toEqual(new Set(['b']));
	await next.close();
});

it('a file whose parts contradict each other changes nothing in a database', async () => {
	const kept = postgres();
	await fill(kept);
	const text = await exportOf(kept);
	const broken = (change: (tables: Tables) => void) => {
		const tables = JSON.parse(text) as Tables;
		change(tables);
		return JSON.stringify(tables);
	};
	const wrong: [string, string][] = [
		[
			broken((tables) => tables['deliveries']!.push({ destination: 'siem', batch: 999 })),
			'name a batch that is not in the file',
		],
		[broken((tables) => (tables['deliveries'] = [])), 'hold one that no delivery names'],
		[broken((tables) => tables['streams']!.push(tables['streams']![0]!)), 'streams: holds one twice'],
		[broken((tables) => tables['dead_letters']!.push(tables['dead_letters']![0]!)), 'dead_letters: holds one twice'],
	];
	for (const [file, what] of wrong) {
		await expect(importInto(kept, file)).rejects.toThrow(ImportError);
		await expect(importInto(kept, file)).rejects.toThrow(what);
	}
	expect(await exportOf(kept)).toBe(text);
	expect(() => readExport(broken((tables) => (tables['known']![0]!['hashes'] = 'AAA')))).toThrow(ImportError);
	expect(() => readExport(broken((tables) => (tables['known']![0]!['times'] = '')))).toThrow(
		'has not as many times as ids',
	);
});
