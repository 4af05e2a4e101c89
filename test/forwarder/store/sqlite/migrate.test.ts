import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdCompressSync } from 'node:zlib';
import { amendState, openState, readState } from '../../../../forwarder/store/sqlite/open';
import { SCHEMA_VERSION, VERSIONS } from '../../../../forwarder/store/sqlite/schema';
import { DiskFull } from '../../../../forwarder/store/stateError';
import { openStore } from '../../../../forwarder/store/sqlite/store';
import { streamOf } from '../../../support/streamOf';

let folder: string;
let path: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'audit-relay-'));
	path = join(folder, 'state.db');
});

afterEach(() => rmSync(folder, { recursive: true }));

const NOW = 1_770_796_934_217;
const dr = { name: 'dr', fingerprint: 'f1', destinations: ['siem'] };

/** As the version before this one left it: one stream, one batch that waits. */
function writeVersion2(): void {
	const db = new DatabaseSync(path);
	db.exec('PRAGMA journal_mode = WAL');
	for (const step of VERSIONS[0]!.steps) db.exec(step as string);
	db.exec(`INSERT INTO streams (name, fingerprint, start, watermark) VALUES ('dr', 'f1', 1, 2);
		INSERT INTO deliveries VALUES ('siem', 1);
		PRAGMA user_version = 2`);
	db.prepare('INSERT INTO batches (stream, observed, size, gaps, events, texts) VALUES (?, ?, ?, ?, ?, ?)').run(
		...['dr', 3, 2, '[]', '[["a","2",2]]'],
		zstdCompressSync('{}'),
	);
	db.close();
}

const versionIn = (file: string) => {
	const db = new DatabaseSync(file, { readOnly: true });
	try {
		return db.prepare('PRAGMA user_version').get()?.['user_version'];
	} finally {
		db.close();
	}
};

test('a file of the version before is brought up to date, with all that it holds and a private copy beside it', async () => {
	writeVersion2();
	const store = openStore(path, { maxOutboxSize: 1e9, now: () => NOW });
	expect(store.migrated).toEqual({ from: 2, copy: `${path}.version-2` });
	expect(await streamOf(store, dr).load()).toMatchObject({ start: 1n, watermark: 2n });
	expect(await store.outbox('siem').pending(0, 9)).toMatchObject([{ id: 1, events: [{ id: 'a', raw: '{}' }] }]);
	await store.close();
	expect([versionIn(path), versionIn(`${path}.version-2`)]).toEqual([SCHEMA_VERSION, 2]);
	expect((statSync(`${path}.version-2`).mode & 0o777).toString(8)).toBe('600');

	const again = openState(path, NOW);
	expect(again.migrated).toBeUndefined();
	again.close();
});

test('where reading upwards may begin is kept, and a walk upwards begins again', async () => {
	writeVersion2();
	const db = new DatabaseSync(path);
	db.exec(`UPDATE streams SET anchors = '[{"id":"~5n","time":"7n"}]', never_climb = 1,
			walk = '{"windows":[{"lower":"2n"}],"position":{"before":"c"},"climbing":"~5n","pages":1,"rejections":0}';
		INSERT INTO streams (name, fingerprint, start, watermark, walk)
			VALUES ('erp', 'f2', 1, 2, '{"windows":[{"lower":"2n"}],"pages":1,"rejections":0}')`);
	db.close();
	const store = openStore(path, { maxOutboxSize: 1e9, now: () => NOW });
	const kept = { anchors: [['5n', '7']], neverClimb: true };
	expect(await streamOf(store, dr).load()).toEqual({ start: 1n, watermark: 2n, kept });
	const erp = await streamOf(store, { ...dr, name: 'erp', fingerprint: 'f2' }).load();
	expect(erp).toEqual({ start: 1n, watermark: 2n, walk: { windows: [{ lower: 2n }], pages: 1, rejections: 0 } });
	await store.close();
});

test('what a walk, a back-fill and gaps hold means the same', async () => {
	writeVersion2();
	const db = new DatabaseSync(path);
	const walk = `{"windows":[{"lower":"2n","upper":"-5n"},{"lower":"5n"}],"position":{"cursor":"~42n","page":3},
		"startedAt":"1770796934217018999n","pages":1,"rejections":0}`;
	db.prepare(`UPDATE streams SET walk = ?, covered = '[{"from":"-9n","to":"1n"}]'`).run(walk);
	db.prepare(
		`INSERT INTO backfills (stream, asked, "from", "to", done, width, walk, started) VALUES ('dr', '9d', -9, 1, -9, 5, ?, 1)`,
	).run('{"windows":[{"lower":"-9n","upper":"-4n"}],"pages":1,"rejections":0}');
	db.prepare('UPDATE batches SET gaps = ?').run('[{"reason":"retention","from":"1n","to":"2n","detail":"~7n"}]');
	db.close();
	const store = openStore(path, { maxOutboxSize: 1e9, now: () => NOW });
	expect((await streamOf(store, dr).load())!.walk).toEqual({
		windows: [{ lower: 2n, upper: -5n }, { lower: 5n }],
		...{ position: { cursor: '42n', page: 3 }, startedAt: 1770796934217018999n, pages: 1, rejections: 0 },
	});
	expect(await store.backfills(dr).covered()).toEqual([{ from: -9n, to: 1n }]);
	expect((await store.backfills(dr).load())!.walk!.windows).toEqual([{ lower: -9n, upper: -4n }]);
	const [batch] = await store.outbox('siem').pending(0, 9);
	expect(batch!.gaps).toEqual([{ reason: 'retention', from: 1n, to: 2n, detail: '7n' }]);
	await store.close();
});

test('the outcome of a completeness check that waits among the gaps is one of its own', async () => {
	writeVersion2();
	const db = new DatabaseSync(path);
	const detail = JSON.stringify({
		verdict: 'broken',
		from: '1970-01-01T00:00:00.000001Z',
		findings: [
			{ check: 'chain', verdict: 'broken', detail: 'x', where: [{ time: '1970-01-01T00:00:00.000002Z', why: 'y' }] },
		],
	});
	const gaps = [
		{ reason: 'verify', from: '1000n', detail },
		{ reason: 'chain_break', detail: 'x' },
	];
	db.prepare('UPDATE batches SET gaps = ?').run(JSON.stringify(gaps));
	db.close();
	const store = openStore(path, { maxOutboxSize: 1e9, now: () => NOW });
	const where = [{ time: 2_000n, why: 'y' }];
	expect(await store.outbox('siem').pending(0, 9)).toMatchObject([
		{
			events: [{ id: 'a' }],
			gaps: [{ reason: 'chain_break', detail: 'x' }],
			verified: { verdict: 'broken', from: 1_000n, findings: [{ check: 'chain', where }] },
		},
	]);
	expect((await store.summary()).destinations).toMatchObject([{ name: 'siem', waiting: 3 }]);
	await store.close();
});

describe.each([
	['a batch whose list is not JSON', "UPDATE batches SET events = '[[broken'"],
	['a batch whose gaps are not JSON', "UPDATE batches SET gaps = '{'"],
	['a batch whose texts cannot be read', "UPDATE batches SET texts = x'00'"],
	['a walk that is not JSON', "UPDATE streams SET walk = '{'"],
	['a state of its source that is not JSON', "UPDATE streams SET anchors = '['"],
])('%s, in a file from before there were checksums', (_what, damage) => {
	test('is found as damaged, and the rest goes on', async () => {
		writeVersion2();
		const db = new DatabaseSync(path);
		db.exec(damage);
		db.close();
		const store = openStore(path, { maxOutboxSize: 1e9, now: () => NOW });
		const stream = streamOf(store, dr);
		const ids = async () =>
			(await store.outbox('siem').pending(0, 9)).flatMap(({ events }) => events.map(({ id }) => id));
		const found = await ids();
		expect(found).toEqual(damage.includes('streams') ? ['a'] : []);
		expect((await stream.load())?.walk).toBeUndefined();
		const fresh = { id: 'b', time: 5n, raw: '{}', json: {} };
		await stream.commit({ fresh: [fresh], seen: [fresh] });
		expect(await ids()).toEqual([...found, 'b']);
		const gaps = (await store.outbox('siem').pending(0, 9)).flatMap((batch) => batch.gaps);
		expect(gaps).toMatchObject([{ reason: 'state_lost' }]);
		await store.close();
	});
});

test('a new file has the tables of one that was brought up to date', () => {
	const tablesOf = (file: string) => {
		openState(file, NOW).close();
		const db = readState(file);
		const found = db.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all();
		db.close();
		return found;
	};
	writeVersion2();
	expect(tablesOf(path)).toEqual(tablesOf(join(folder, 'new.db')));
});

test('a copy cut off by a kill is started again, and a file killed before its commit is brought up to date later', () => {
	writeVersion2();
	writeFileSync(`${path}.version-2.new`, 'half a copy');
	writeFileSync(`${path}.version-2`, 'a copy of an attempt that did not come to its end');
	openState(path, NOW).close();
	expect(versionIn(path)).toBe(SCHEMA_VERSION);
	expect(versionIn(`${path}.version-2`)).toBe(2);
	expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
});

test('what only looks says what to do, and changes nothing', () => {
	writeVersion2();
	const before = readFileSync(path);
	for (const open of [readState, amendState]) {
		expect(() => open(path)).toThrow(/older audit-relay \(state version 2\).*start `audit-relay run` once/);
	}
	expect(readFileSync(path).equals(before)).toBe(true);
	expect(existsSync(`${path}.version-2`)).toBe(false);
});

test('a file that another process owns is left to it', () => {
	const lock = new DatabaseSync(`${path}-lock`);
	lock.exec('BEGIN EXCLUSIVE');
	writeVersion2();
	expect(() => openState(path, NOW)).toThrow(/another audit-relay process/);
	lock.close();
	expect(versionIn(path)).toBe(2);
	expect(existsSync(`${path}.version-2`)).toBe(false);
});

test('without room for the copy nothing is changed', () => {
	writeVersion2();
	const room = (bytes: number) => ({ free: () => bytes });
	expect(() => openState(path, NOW, room(10_000))).toThrow(DiskFull);
	expect(() => openState(path, NOW, room(10_000))).toThrow(/make 1 MB free beside it and start again\. Nothing was/);
	expect(versionIn(path)).toBe(2);
	expect(readdirSync(folder).filter((name) => name.includes('version'))).toEqual([]);
});

test('a stream of the version before is still that of the same settings', async () => {
	writeVersion2();
	const db = new DatabaseSync(path);
	const former =
		'{"version":1,"provider":"arpio","baseUrl":"https://x","accountId":"a","entityId":null,"endpoint":"/p","filter":{}}';
	db.prepare("UPDATE streams SET fingerprint = 'old', settings = ?").run(former);
	db.close();
	const now =
		'{"version":2,"provider":"arpio","baseUrl":"https://x","settings":{"accountId":"a"},"endpoint":"/p","filter":{}}';
	const fingerprint = createHash('sha256').update(now).digest('hex');
	const store = openStore(path, { maxOutboxSize: 1e9, now: () => NOW });
	expect(await streamOf(store, { ...dr, fingerprint }).load()).toMatchObject({ watermark: 2n });
	expect((await store.settings()).get('dr')).toBe(now);
	await store.close();
});

test('settings that the disk has altered are kept as they are, and the file is brought up to date anyway', () => {
	writeVersion2();
	const db = new DatabaseSync(path);
	db.exec(`UPDATE streams SET settings = '{"version":1,"pro'`);
	db.close();
	const state = openState(path, NOW);
	expect(versionIn(path)).toBe(SCHEMA_VERSION);
	expect(state.db.prepare('SELECT fingerprint, settings FROM streams').get()).toEqual({
		fingerprint: 'f1',
		settings: '{"version":1,"pro',
	});
	state.close();
});
