import { DatabaseSync } from 'node:sqlite';
import { exportState } from '../../../../forwarder/store/sqlite/exportState';
import { TABLES } from '../../../../forwarder/store/exportShape';
import { ImportError, readExport } from '../../../../forwarder/store/readExport';
import { countRows, importState } from '../../../../forwarder/store/sqlite/importState';
import { askForBackfill } from '../../../../forwarder/store/sqlite/backfills';
import { openState, readState } from '../../../../forwarder/store/sqlite/open';
import { encode, intervalsForm } from '../../../../core/walk/codec';
import type { Walk } from '../../../../core/walk/contract';
import { verifiedText, type Verified } from '../../../../forwarder/store/verified';
import { streamRows } from '../../../../forwarder/store/sqlite/streamRow';
import { retryLetters } from '../../../../forwarder/store/sqlite/deadLetters';
import { stateFile, type StateFile } from '../../../support/stateFile';
import { event } from '../conformance';
import { streamOf } from '../../../support/streamOf';

const NOW = 1_770_796_934_217;
const dr = { name: 'dr', fingerprint: 'f', settings: '{"provider":"arpio"}', destinations: ['siem', 'lake'] };

let files: StateFile[];
beforeEach(() => (files = []));
afterEach(() => files.forEach((file) => file.remove()));

function newFile(): StateFile {
	const file = stateFile(() => NOW);
	files.push(file);
	return file;
}

function exported(path: string): string {
	const db = readState(path);
	let text = '';
	exportState(db, '2026-02-11T08:02:14.217Z', (part) => (text += part));
	db.close();
	return text;
}

function imported(path: string, text: string): void {
	const state = openState(path, NOW);
	try {
		importState(state, readExport(text));
	} finally {
		state.close();
	}
}

const verified: Verified = {
	...{ verdict: 'broken', reason: '1 missing', from: 5_000n, to: 6_000n },
	counts: {
		...{ listed: 3, acknowledged: 2, waiting: 0, deadLettered: 0 },
		...{ dropped: 0, missing: 1, gone: 1, unreadable: 0 },
	},
	findings: [{ check: 're-walk', verdict: 'broken', detail: 'x', where: [{ id: 'a', time: 5_000n, why: 'missing' }] }],
};

/** A state with something of everything in it. */
async function filled(): Promise<StateFile> {
	const file = newFile();
	const store = file.open();
	const stream = streamOf(store, dr);
	await stream.commit({ start: 1n, watermark: 1770796934217018999n });
	const walk: Required<Walk> = {
		windows: [{ lower: 1n, upper: 5n }, { lower: 5n }],
		...{ position: { token: 'opaque', n: 3 }, begun: { before: 'a' }, startedAt: 5n, oldest: 4n, below: 3n },
		...{ pages: 2, rejections: 1, size: 7, skim: true },
	};
	await stream.commit({
		walk,
		kept: { anchors: [['a', '7']], neverClimb: true },
		seen: [{ id: 'Zürich \u2028', time: 1770796934217018999n }],
		fresh: [event('a', 10n), event('b', 11n, '{"id":"b","text":"☁️ \\u0000 🚨","n":9007199254740993}')],
		observed: 99n,
		invalid: [{ id: 'x', raw: '{"no":', reason: 'cut' }],
		gaps: [{ reason: 'retention', from: 2n, to: 3n, detail: 'gone' }],
	});
	const [batch] = await store.outbox('siem').pending(0, 1);
	const letter = {
		stream: 'dr',
		destination: 'siem',
		eventId: 'a',
		raw: '{"id":"a"}',
		time: 10n,
		observed: 99n,
		reason: 'rejected',
		detail: 'status 400',
	};
	await store.outbox('siem').acknowledge([batch!], 1, [letter]);
	await store.verdicts(dr).note(verified, [], []);
	streamOf(store, { ...dr, name: 'never polled', settings: undefined });
	const db = new DatabaseSync(file.path);
	retryLetters(db, {}, () => undefined);
	askForBackfill(db, { stream: 'dr', asked: '--from 2020', from: 1n, to: 400n * 86_400_000_000_000n, now: 5n });
	db.exec('UPDATE backfills SET last_batch = 7');
	db.exec(`INSERT INTO rereads (stream, "from", "to") VALUES ('dr', 5, 6)`);
	streamRows(db).change('dr', { covered: encode(intervalsForm, [{ from: 1n, to: 2n }]) });
	await store.outbox('siem').acknowledge(await store.outbox('siem').pending(0, 1), 0, [letter]);
	db.close();
	file.close();
	return file;
}

test('all of it comes back, to the nanosecond and the byte, and what is exported again is the same', async () => {
	const text = exported((await filled()).path);
	const copy = newFile();
	imported(copy.path, text);
	expect(exported(copy.path)).toBe(text);
	const store = copy.open();
	const stream = streamOf(store, dr);
	expect(await stream.load()).toMatchObject({ start: 1n, watermark: 1770796934217018999n, walk: { pages: 2 } });
	expect(await stream.seen([{ id: 'Zürich \u2028', time: 1770796934217018999n }])).toEqual(new Set(['Zürich \u2028']));
	const [waiting] = await store.outbox('lake').pending(0, 9);
	expect(waiting).toMatchObject({ observed: 99n, gaps: [{ reason: 'retention', from: 2n, to: 3n, detail: 'gone' }] });
	expect(waiting!.events[1]).toEqual(event('b', 11n, '{"id":"b","text":"☁️ \\u0000 🚨","n":9007199254740993}'));
	expect((await store.summary()).streams).toMatchObject([{ name: 'dr', deadLetters: 2 }, { name: 'never polled' }]);
});

test('what was exported before sources kept a state of their own, and before checks were no gaps, means the same', async () => {
	const text = exported((await filled()).path);
	const file = JSON.parse(text) as Record<'streams' | 'batches', Record<string, unknown>[]>;
	const time = '1970-01-01T00:00:00.000000007Z';
	const before = { anchors: [{ id: 'a', time }], never_climb: true };
	file.streams = file.streams.map(({ kept, ...row }) => ({
		...row,
		...(kept === null ? { anchors: [], never_climb: false } : before),
	}));
	file.batches = file.batches.map(({ verified: _, ...row }) => {
		if (_ === null) return row;
		const gap = { reason: 'verify', from: '1970-01-01T00:00:00.000005000Z', detail: verifiedText(verified) };
		return { ...row, gaps: [gap, ...(row['gaps'] as object[])] };
	});
	const copy = newFile();
	imported(copy.path, JSON.stringify(file));
	expect(exported(copy.path)).toBe(text);

	Object.assign(file.streams.find(({ name }) => name === 'dr')!['walk'] as object, { climbing: 'a' });
	imported(copy.path, JSON.stringify(file));
	expect(await streamOf(copy.open(), dr).load()).toMatchObject({ walk: undefined, kept: { neverClimb: true } });
});

test('a new batch never gets the number of one that was there before', async () => {
	const copy = newFile();
	imported(copy.path, exported((await filled()).path));
	const store = copy.open();
	await streamOf(store, dr).commit({ fresh: [event('c', 12n)] });
	const batches = await store.outbox('lake').pending(0, 9);
	expect(batches.at(-1)!.id).toBeGreaterThan(7);
});

test('what walks may be shown again is remembered from the watermark on, whatever the clock says', async () => {
	const from = newFile();
	const [a, b, bad] = [event('a', 11n), event('b', 13n), { id: '?c', time: 14n }];
	await streamOf(from.open(), dr).commit({ start: 1n, watermark: 12n, fresh: [a, b], seen: [a, b, bad] });
	from.close();
	const copy = newFile();
	imported(copy.path, exported(from.path));
	const store = copy.open();
	const { ledger } = store.verdicts(dr);
	await streamOf(store, dr).commit({ watermark: 15n, forgetBelow: 15n });
	expect(await ledger.spans()).toEqual({ spans: [{ from: 12n, to: 15n }], watermark: 15n });
	expect(await ledger.count({ from: 0n, to: 99n })).toBe(2);
	expect(await streamOf(store, dr).seen([{ id: 'b', time: 11n }])).toEqual(new Set(['b']));
	expect(await streamOf(store, dr).rememberedFrom()).toBe(12n);
});

test('what waits counts towards the limit of the outbox', async () => {
	const copy = stateFile(() => NOW, 10);
	files.push(copy);
	imported(copy.path, exported((await filled()).path));
	expect(copy.open().isFull()).toBe(true);
});

test('every table and column is exported, or left out on purpose', () => {
	const file = newFile();
	file.open();
	const db = readState(file.path);
	// checksums are made again, and what is damaged stays here; the ledger is long and only proves what was shipped; the last results of polling and verifying are another machine's
	const leftOut: Record<string, string[]> = {
		streams: [
			...['last_success', 'last_error', 'last_error_at', 'ledger_from', 'settled'],
			...['last_verdict', 'last_verdict_at', 'verdict_places', 'verdict_acknowledged'],
		],
		deliveries: ['records'],
		actions: ['id'],
		batches: ['texts', 'size', 'first', 'last', 'destinations'],
		gaps: ['id'],
	};
	const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all();
	const names = tables
		.map(({ name }) => name as string)
		.filter((name) => !['lease', 'ledger', 'damaged_batches', 'destinations', 'pauses', 'told'].includes(name));
	// ids without texts are those of a database
	expect([...names, 'known'].sort()).toEqual(Object.keys(TABLES).sort());
	for (const name of names as (keyof typeof TABLES)[]) {
		const columns = db.prepare(`SELECT name FROM pragma_table_info('${name}')`).all();
		const expected = columns
			.map((column) => column['name'] as string)
			.filter((one) => !leftOut[name]?.includes(one) && !/(^|_)sum$/.test(one));
		expect([name, Object.keys(TABLES[name].shape).sort()]).toEqual([name, expected.sort()]);
	}
	db.close();
});

function emptyState(): string {
	const file = newFile();
	file.open();
	file.close();
	return file.path;
}

test('an import replaces everything, in one step', async () => {
	const copy = await filled();
	const before = exported(copy.path);
	const empty = exported(emptyState());
	const rows = JSON.parse(before) as { seen: unknown[] };
	const twice = JSON.stringify({ ...rows, seen: [rows.seen[0], ...rows.seen] });
	expect(() => imported(copy.path, twice)).toThrow('seen[1]: appears twice');
	expect(exported(copy.path)).toBe(before);
	imported(copy.path, empty);
	const db = readState(copy.path);
	expect(Object.values(countRows(db)).every((count) => count === 0)).toBe(true);
	db.close();
});

describe('a file that cannot be imported is refused with the place', () => {
	test.each([
		['no JSON', () => '{"format":', 'is not JSON, or was cut off'],
		['something else', () => '{"streams":[]}', 'is not a state that `audit-relay state export` wrote'],
		['a later format', (text: string) => text.replace('"version":1', '"version":2'), 'version 2 of the format'],
		[
			'no instant',
			(text: string) => text.replace(/"watermark":"[^"]*"/, '"watermark":"soon"'),
			/^streams\[0\]\.watermark: is not an instant/,
		],
		[
			'an instant beyond all files',
			(text: string) => text.replace(/"watermark":"[^"]*"/, '"watermark":"9999-01-01T00:00:00Z"'),
			/watermark: is not an instant/,
		],
		[
			'half a position',
			(text: string) => text.replace(/"watermark":"[^"]*"/, '"watermark":null'),
			'has only one of start and watermark',
		],
		[
			'no instant within a walk',
			(text: string) => text.replace(/"lower":"[^"]*"/, '"lower":"soon"'),
			/^streams\[0\]\.walk\.windows\[0\]\.lower: is not an instant/,
		],
		[
			'a walk with a member that nobody knows',
			(text: string) => text.replace('"rejections":1', '"rejections":1,"climbing":"a"'),
			/^streams\[0\]\.walk: unknown: climbing/,
		],
		['an unknown column', (text: string) => text.replace('"covered"', '"covert"'), /streams\[0\].*(covert|covered)/],
		[
			'an event that is not JSON',
			(text: string) => text.replace('"raw":"{\\"id\\":\\"a\\"', '"raw":"{\\"id\\":\\"a'),
			/batches\[0\]\.events\[0\]\.raw: is not a JSON object/,
		],
		['a missing table', (text: string) => text.replace('"seen"', '"sean"'), /seen: /],
	])('%s', async (_name, edit, message) => {
		const text = edit(exported((await filled()).path));
		expect(() => readExport(text)).toThrow(ImportError);
		expect(() => readExport(text)).toThrow(message);
	});

	test.each([
		[
			'a delivery of no batch',
			(text: string) => text.replace(/("deliveries":\[\n.*"batch":)\d+/, '$14711'),
			/deliveries: name a batch/,
		],
		[
			'a batch without delivery',
			(text: string) => text.replace(/"deliveries":\[[^\]]*\]/, '"deliveries":[]'),
			/batches: hold one/,
		],
	])('%s', async (_name, edit, message) => {
		const text = edit(exported((await filled()).path));
		const copy = newFile();
		expect(() => imported(copy.path, text)).toThrow(message);
		expect(countRows(openAgain(copy))).toMatchObject({ streams: 0, batches: 0 });
	});
});

function openAgain({ path }: StateFile): DatabaseSync {
	const db = readState(path);
	afterOpen.push(db);
	return db;
}
const afterOpen: DatabaseSync[] = [];
afterEach(() => afterOpen.splice(0).forEach((db) => db.close()));
