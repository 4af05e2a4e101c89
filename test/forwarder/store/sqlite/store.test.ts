import {
	chmodSync,
	existsSync,
	mkdtempSync,
	readFileSync,
	readdirSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { amendState, openState, readState } from '../../../../forwarder/store/sqlite/open';
import { openStore } from '../../../../forwarder/store/sqlite/store';
import type { Store } from '../../../../forwarder/store/contract';
import type { OwnedState } from '../../../../forwarder/store/admin';
import { openAdmin, ownState } from '../../../../forwarder/store/sqlite/admin';
import { adminConformance } from '../adminConformance';
import { ownedConformance } from '../ownedConformance';
import { event, storeConformance } from '../conformance';
import { streamOf } from '../../../support/streamOf';

let folder: string;
let path: string;
let current: Store | undefined;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'audit-relay-'));
	path = join(folder, 'state.db');
});

afterEach(() => {
	void current?.close();
	current = undefined;
	rmSync(folder, { recursive: true });
});

function open({ maxOutboxSize = 1e9 } = {}): Store {
	void current?.close();
	return (current = openStore(path, { maxOutboxSize, now: () => 1_770_796_934_217 }));
}

/** Closed by whoever asks for it: the next one may open it then. */
function own(): OwnedState {
	void current?.close();
	current = undefined;
	return ownState(path, 1_770_796_934_217);
}

function takeOver(): void {
	const other = new DatabaseSync(path);
	other.exec('UPDATE lease SET epoch = epoch + 1');
	other.close();
}

const dr = { name: 'dr', fingerprint: 'f1', destinations: ['siem'] };

describe('the SQLite store', () => {
	ownedConformance(() => ({ open, own }));
	adminConformance(() => ({ open, beside: () => openAdmin(path, 'amend') }));
	storeConformance(() => ({ open, takeOver, forgetsAtOnce: true }));
});

test('a back-fill that is not kept as an action is not begun, nor ended: both are one transaction', async () => {
	const store = open();
	await streamOf(store, dr).commit({ start: 1n, watermark: 5n });
	const admin = openAdmin(path, 'amend');
	const db = new DatabaseSync(path);
	db.exec(`CREATE TRIGGER none BEFORE INSERT ON actions WHEN NEW.by = 'nobody' BEGIN SELECT RAISE(ABORT, 'no'); END`);
	db.close();
	const [ada, nobody] = [
		{ by: 'ada', at: 9n },
		{ by: 'nobody', at: 9n },
	];
	const asked = { stream: 'dr', asked: '9d', from: -100n, to: 1n };
	await expect(admin.askForBackfill(asked, nobody)).rejects.toThrow();
	expect(await admin.backfills()).toEqual([]);
	expect(await admin.askForBackfill(asked, ada)).toBe(true);
	await expect(admin.cancelBackfill('dr', nobody)).rejects.toThrow();
	expect(await admin.backfills()).toMatchObject([{ cancelled: false }]);
	await admin.close();
});

test('every way to write waits for the disk, and looking cannot write at all', () => {
	void open().close();
	current = undefined;
	const owner = openState(path, 1);
	const beside = amendState(path);
	const reader = readState(path);
	const FULL = 2;
	for (const db of [owner.db, beside]) expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: FULL });
	expect(() => reader.exec('DELETE FROM streams')).toThrow(/readonly/);
	reader.close();
	beside.close();
	owner.close();
});

test('the state, its journal and its lock are readable by their owner only', async () => {
	const store = open();
	await streamOf(store, dr).commit({ fresh: [event('a', 1n)] });
	const modes = readdirSync(folder).map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)]);
	expect(Object.fromEntries(modes)).toEqual({
		'state.db': '600',
		'state.db-wal': '600',
		'state.db-shm': '600',
		'state.db-lock': '600',
	});
});

test('a second process on the same state is refused, and may have it when the first has ended', () => {
	const first = open();
	expect(() => openStore(path, { maxOutboxSize: 1, now: () => 0 })).toThrow(/another audit-relay process/);
	void first.close();
	current = undefined;
	open();
});

(existsSync('/proc/locks') ? test : test.skip)(
	'a second look at the state by the same process gives up none of its locks',
	() => {
		open();
		const locks = () =>
			readFileSync('/proc/locks', 'utf8')
				.split('\n')
				.filter((line) => line.includes(` ${process.pid} `)).length;
		const before = locks();
		expect(before).toBeGreaterThan(0);
		readState(path).close();
		amendState(path).close();
		expect(() => openStore(path, { maxOutboxSize: 1, now: () => 0 })).toThrow(/another audit-relay process/);
		expect(locks()).toBe(before);
	},
);

test('a damaged state file is set aside under another name, and the store says so', async () => {
	await streamOf(open(), dr).commit({ start: 1n, watermark: 1n });
	await current!.close();
	current = undefined;
	const damaged = Buffer.alloc(8192, 0xab);
	damaged.write('SQLite format 3\0', 'latin1');
	writeFileSync(path, damaged);
	const store = open();
	expect(store.setAside).toBe(`${path}.unreadable-2026-02-11T08-02-14-217Z`);
	expect(existsSync(store.setAside!)).toBe(true);
	expect(await streamOf(store, dr).load()).toBeUndefined();
});

test.each([
	['no database', () => writeFileSync(path, 'sources:\n  - name: dr\n', { mode: 0o644 })],
	[
		"somebody else's database",
		() => {
			const db = new DatabaseSync(path);
			db.exec('CREATE TABLE dashboards (id INTEGER PRIMARY KEY); PRAGMA user_version = 3');
			db.close();
			chmodSync(path, 0o644);
		},
	],
])('a file that is %s is refused and stays as it is: content, mode and folder', (_what, write) => {
	write();
	const before = readFileSync(path);
	expect(open).toThrow(/is not a state file of audit-relay; set state\.path/);
	expect(readFileSync(path).equals(before)).toBe(true);
	expect((statSync(path).mode & 0o777).toString(8)).toBe('644');
	expect(readdirSync(folder)).toEqual(['state.db']);
});

test('a state in a folder that does not exist is refused with the fix', () => {
	path = join(folder, 'missing', 'state.db');
	expect(open).toThrow(/create its folder first/);
});

test.each([
	[99, /newer audit-relay/],
	[1, /older audit-relay.*state export.*state import/],
])('a state of version %d is refused, for writing and for reading', (version, message) => {
	open();
	void current!.close();
	current = undefined;
	const db = new DatabaseSync(path);
	db.exec(`PRAGMA user_version = ${version}`);
	db.close();
	expect(open).toThrow(message);
	expect(() => readState(path)).toThrow(message);
});

test('a lease that cannot be written is refused, although SQLite gave its new epoch already', () => {
	open();
	void current?.close();
	current = undefined;
	// what a full disk does: the statement works, its commit does not
	const other = new DatabaseSync(path);
	other.exec(`CREATE TABLE one (id INTEGER PRIMARY KEY);
		CREATE TABLE two (one INTEGER REFERENCES one DEFERRABLE INITIALLY DEFERRED);
		CREATE TRIGGER refuse AFTER UPDATE ON lease BEGIN INSERT INTO two VALUES (1); END`);
	other.close();
	expect(() => open()).toThrow(/state\.db: the state file cannot be used \(FOREIGN KEY/);
	expect(() => open()).toThrow(/cannot be used/);
});

test('a path that is a folder is refused, with the code and the fix', () => {
	path = folder;
	expect(open).toThrow(/cannot be opened \(EISDIR\); .*state\.path/);
});
