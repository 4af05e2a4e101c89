/** Opens the state file: one process at a time, checked, private to its owner. */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { freeBytes } from './disk';
import { createPrivate, foreign, isSqlite, putFileAside, refuseForeign } from './file';
import { lockFor } from './lock';
import { isBehind, migrate, otherVersion, versionOf } from './migrate';
import type { Migrated } from '../contract';
import { DiskFull, isDiskFull, StateBehind, StateError } from '../stateError';

export interface OpenState {
	db: DatabaseSync;
	/** The right to write: every transaction compares it (fencing). */
	epoch: number;
	/** Where a damaged file was set aside, when that happened. */
	setAside?: string;
	/** That an older version has written it, when it was brought up to date just now. */
	migrated?: Migrated;
	close(): void;
}

export interface OpenOptions {
	/** A damaged file is refused, not set aside: only who polls next can say in a gap record that positions were lost. */
	keepDamaged?: boolean;
	/** Bytes free on its disk. */
	free?: () => number;
}

/** Opens for writing. `nowMs` only names files and marks the lease. */
export function openState(path: string, nowMs: number, options: OpenOptions = {}): OpenState {
	const { keepDamaged = false, free = () => freeBytes(path) } = options;
	refuseForeign(path);
	createPrivate(path);
	const lock = lockFor(path);
	let db: DatabaseSync | undefined;
	try {
		db = checked(path);
		let setAside: string | undefined;
		if (!db) {
			if (keepDamaged) throw new StateError(damaged(path));
			setAside = putFileAside(path, nowMs);
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
		if (version === 0) throw new StateBehind(`${path}: the state is empty; it is written by \`audit-relay run\``);
		const other = otherVersion(path, version);
		if (other !== undefined) throw isBehind(version) ? new StateBehind(other) : new StateError(other);
		return db;
	} catch (error) {
		db?.close();
		if (error instanceof StateError) throw error;
		if (/malformed|not a database/.test((error as Error).message)) {
			throw isSqlite(path) ? new StateError(damaged(path)) : foreign(path);
		}
		throw new StateError(`${path}: the state file cannot be read (${(error as Error).message})`);
	}
}

const damaged = (path: string) =>
	`${path}: the state file is damaged; \`audit-relay run\` sets it aside and starts over, or move it away yourself`;

/** With less free, SQLite cannot even open its journal, and says nothing of a full disk. */
const LEAST = 65_536;

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
			const message = `${path}: the state file cannot be used (${(error as Error).message})`;
			throw isDiskFull(error) || freeBytes(path) < LEAST ? new DiskFull(message) : new StateError(message);
		}
		if (!isSqlite(path)) throw foreign(path);
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
