/** Brings a state file of an older version up to date, in place and with a copy beside it. The caller owns the file. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { OLDEST_VERSION, SCHEMA_VERSION, VERSIONS } from './schema';
import { DiskFull, isDiskFull, StateError } from '../stateError';
import type { Migrated } from '../contract';

export function versionOf(db: DatabaseSync): number {
	return Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
}

/** What to do with a file of another version; undefined for this one. */
export function otherVersion(path: string, version: number): string | undefined {
	if (version === SCHEMA_VERSION) return undefined;
	if (version > SCHEMA_VERSION) {
		return `${path}: written by a newer audit-relay (state version ${version}); use that version`;
	}
	if (version < OLDEST_VERSION) {
		return (
			`${path}: written by an older audit-relay (state version ${version}); ` +
			'write it out with the `state export` of that version, move the file away, and read it in with the `state import` of this one'
		);
	}
	return (
		`${path}: written by an older audit-relay (state version ${version}); ` +
		'stop that one and start `audit-relay run` once, which keeps a copy and brings the file up to date'
	);
}

/** `migrate` brings it up to date. */
export const isBehind = (version: number) => version >= OLDEST_VERSION && version < SCHEMA_VERSION;

/**
 * A new file gets all versions, an older one those that it lacks. All of it is one transaction: after a kill the file is as it
 * was before, or up to date. Returns what was there, if it was older.
 */
export function migrate(db: DatabaseSync, path: string, free: () => number): Migrated | undefined {
	const from = versionOf(db);
	if (from === SCHEMA_VERSION) return undefined;
	if (from > SCHEMA_VERSION || (from > 0 && from < OLDEST_VERSION)) throw new StateError(otherVersion(path, from));
	const copy = from === 0 ? undefined : keepCopy(db, path, from, free());
	const missing = VERSIONS.filter(({ version }) => version > from).flatMap(({ steps }) => steps);
	try {
		db.exec('BEGIN IMMEDIATE');
		for (const step of missing) {
			if (typeof step === 'string') db.exec(step);
			else step(db);
		}
		db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
	} catch (error) {
		if (db.isTransaction) db.exec('ROLLBACK');
		throw copy !== undefined && isDiskFull(error) ? noRoom(path, sizeOf(db)) : error;
	}
	return copy === undefined ? undefined : { from, copy };
}

/** Whole or not there, and as private as the file itself. One of an earlier attempt is replaced. */
function keepCopy(db: DatabaseSync, path: string, version: number, free: number): string {
	const size = sizeOf(db);
	if (free < size) throw noRoom(path, size);
	const copy = `${path}.version-${version}`;
	const unfinished = `${copy}.new`;
	rmSync(unfinished, { force: true });
	const file = openSync(unfinished, 'wx', 0o600);
	try {
		db.prepare('VACUUM INTO ?').run(unfinished);
		fsyncSync(file);
		renameSync(unfinished, copy);
		return copy;
	} catch (error) {
		rmSync(unfinished, { force: true });
		throw isDiskFull(error) ? noRoom(path, size) : error;
	} finally {
		closeSync(file);
	}
}

function sizeOf(db: DatabaseSync): number {
	const value = (pragma: string) => Number(Object.values(db.prepare(`PRAGMA ${pragma}`).get()!)[0]);
	return value('page_count') * value('page_size');
}

function noRoom(path: string, size: number): DiskFull {
	const megabytes = Math.ceil((2 * size) / 1_000_000);
	return new DiskFull(
		`${path}: an older audit-relay wrote it, and the disk has no room to bring it up to date; ` +
			`make ${megabytes} MB free beside it and start again. Nothing was changed`,
	);
}
