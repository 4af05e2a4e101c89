/** Opens the state file: one process at a time, checked, private to its owner. */
import { chmodSync, closeSync, existsSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { freeBytes } from './disk';
import { migrate, otherVersion, versionOf, type Migrated } from './migrate';
import { DiskFull, isDiskFull, StateError, StateInUse } from './stateError';

export interface OpenState {
	db: DatabaseSync;
	/** The right to write: every transaction compares it (fencing). */
	epoch: number;
	/** Where a damaged file was put aside, when that happened. */
	setAside?: string;
	/** That an older version has written it, when it was brought up to date just now. */
	migrated?: Migrated;
	close(): void;
}

export interface OpenOptions {
	/** A damaged file is refused, not put aside: only who polls next can say in a gap record that positions were lost. */
	keepDamaged?: boolean;
	/** Bytes free on its disk. */
	free?: () => number;
}

/** Opens for writing. `nowMs` only names files and marks the lease. */
export function openState(path: string, nowMs: number, options: OpenOptions = {}): OpenState {
	const { keepDamaged = false, free = () => freeBytes(path) } = options;
	createPrivate(path);
	const lock = lockFor(path);
	let db: DatabaseSync | undefined;
	try {
		db = checked(path);
		let setAside: string | undefined;
		if (!db) {
			if (keepDamaged) throw new StateError(damaged(path));
			setAside = putAside(path, nowMs);
			createPrivate(path);
			db = checked(path);
			if (!db) throw new StateError(`${path}: a new state file cannot be created here`);
		}
		const owned = db;
		const migrated = migrate(owned, path, free);
		const epoch = takeLease(owned, nowMs);
		return {
			db: owned,
			epoch,
			setAside,
			migrated,
			close: () => {
				owned.close();
				lock.close();
			},
		};
	} catch (error) {
		db?.close();
		lock.close();
		if (error instanceof StateError) throw error;
		const message = `${path}: the state file cannot be used (${(error as Error).message})`;
		throw isDiskFull(error) ? new DiskFull(message) : new StateError(message);
	}
}

/** Opens for reading, beside a running process. */
export function readState(path: string): DatabaseSync {
	return besideOwner(path, true);
}

/**
 * Opens for a small change beside a running process, without its lock and epoch. Only for changes that are right whoever
 * owns the state and whatever that process knows of it.
 */
export function amendState(path: string): DatabaseSync {
	return besideOwner(path, false);
}

function besideOwner(path: string, readOnly: boolean): DatabaseSync {
	if (!existsSync(path)) throw new StateError(`${path}: no state file yet; it is written by \`audit-relay run\``);
	let db: DatabaseSync | undefined;
	try {
		db = new DatabaseSync(path, { readOnly });
		db.exec('PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL');
		const version = versionOf(db);
		if (version === 0) throw new StateError(`${path}: the state is empty; it is written by \`audit-relay run\``);
		const other = otherVersion(path, version);
		if (other !== undefined) throw new StateError(other);
		return db;
	} catch (error) {
		db?.close();
		if (error instanceof StateError) throw error;
		if (/malformed|not a database/.test((error as Error).message)) {
			throw new StateError(isSqlite(path) ? damaged(path) : `${path}: is no state file of audit-relay`);
		}
		throw new StateError(`${path}: the state file cannot be read (${(error as Error).message})`);
	}
}

/** Whether a process that may write has the state open. */
export function isInUse(path: string): boolean {
	if (!existsSync(`${path}-lock`)) return false;
	const lock = new DatabaseSync(`${path}-lock`, { readOnly: true });
	try {
		lock.exec('PRAGMA busy_timeout = 0');
		lock.prepare('SELECT count(*) FROM sqlite_master').get();
		return false;
	} catch {
		return true;
	} finally {
		lock.close();
	}
}

const damaged = (path: string) =>
	`${path}: the state file is damaged; \`audit-relay run\` puts it aside and begins anew, or move it away yourself`;

function createPrivate(path: string): void {
	try {
		// SQLite gives its -wal and -shm files the mode of the main file
		if (!isFile(path)) closeSync(openSync(path, 'wx', 0o600));
		chmodSync(path, 0o600);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		const fix = code === 'ENOENT' ? 'create its folder first' : 'make it writable for this user, or set state.path';
		throw new StateError(`${path}: the state file cannot be opened (${code}); ${fix}`);
	}
}

/** Never opens what is there: closing a file gives up the locks that this process holds on it, those of SQLite as well. */
function isFile(path: string): boolean {
	const stat = statSync(path, { throwIfNoEntry: false });
	if (stat && !stat.isFile())
		throw Object.assign(new Error('is no file'), { code: stat.isDirectory() ? 'EISDIR' : 'ENOTSUP' });
	return stat !== undefined;
}

/** Held by the open database, so it ends with the process, however that ends. */
function lockFor(path: string): DatabaseSync {
	createPrivate(`${path}-lock`);
	const lock = new DatabaseSync(`${path}-lock`);
	try {
		// a glance by `isInUse` is over in no time
		lock.exec('PRAGMA busy_timeout = 200; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
	} catch {
		lock.close();
		throw new StateInUse(
			`${path}: another audit-relay process uses this state; stop it, or give this one its own state.path`,
		);
	}
	return lock;
}

/** Undefined when the file is a damaged database. */
function checked(path: string): DatabaseSync | undefined {
	let db: DatabaseSync | undefined;
	try {
		db = new DatabaseSync(path);
		db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000');
		if (db.prepare('PRAGMA quick_check(1)').get()?.['quick_check'] !== 'ok') throw new Error('damaged');
	} catch (error) {
		db?.close();
		if (
			/disk|full|readonly|permission/i.test((error as Error).message) &&
			!/malformed|not a database/.test((error as Error).message)
		) {
			throw new StateError(`${path}: the state file cannot be used (${(error as Error).message})`);
		}
		if (!isSqlite(path)) {
			throw new StateError(`${path}: is no state file of audit-relay; set state.path to another file, or move it away`);
		}
		return undefined;
	}
	return db;
}

function takeLease(db: DatabaseSync, nowMs: number): number {
	const take = db.prepare('UPDATE lease SET epoch = epoch + 1, pid = ?, since = ? RETURNING epoch');
	// a transaction of its own: when a statement commits by itself, `get` returns its row also when the commit has failed
	db.exec('BEGIN IMMEDIATE');
	const row = take.get(process.pid, BigInt(nowMs) * 1_000_000n);
	db.exec('COMMIT');
	return Number(row?.['epoch']);
}

/** An empty file counts: SQLite makes a database of it. Only for a file that SQLite refused: it gives up locks, as `isFile` says. */
function isSqlite(path: string): boolean {
	const file = openSync(path, 'r');
	try {
		const head = Buffer.alloc(16);
		const length = readSync(file, head);
		return length === 0 || head.toString('latin1') === 'SQLite format 3\0';
	} finally {
		closeSync(file);
	}
}

function putAside(path: string, nowMs: number): string {
	const aside = `${path}.unreadable-${new Date(nowMs).toISOString().replace(/[:.]/g, '-')}`;
	for (const suffix of ['', '-wal', '-shm']) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
	return aside;
}
