/** The state file as a file: private, ours, or set aside. */
import { chmodSync, closeSync, existsSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { DiskFull, isDiskFull, StateError } from '../stateError';

/** Only for a file that is ours or not there. */
export function createPrivate(path: string): void {
	try {
		// SQLite gives its -wal and -shm files the mode of the main file
		if (!isFile(path)) closeSync(openSync(path, 'wx', 0o600));
		chmodSync(path, 0o600);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		const fix = code === 'ENOENT' ? 'create its folder first' : 'make it writable for this user, or set state.path';
		if (isDiskFull(error)) throw new DiskFull(`${path}: the disk is full; make room on it`);
		throw new StateError(`${path}: the state file cannot be opened (${code}); ${fix}`);
	}
}

/** Never opens what is there: closing a file gives up the locks that this process holds on it, those of SQLite as well. */
function isFile(path: string): boolean {
	const stat = statSync(path, { throwIfNoEntry: false });
	if (stat && !stat.isFile())
		throw Object.assign(new Error('is not a file'), { code: stat.isDirectory() ? 'EISDIR' : 'ENOTSUP' });
	return stat !== undefined;
}

/**
 * Somebody else's file is refused before anything of it is touched: its mode, its journal, its content. What cannot be read is
 * for whoever opens it next.
 */
export function refuseForeign(path: string): void {
	if (!existsSync(path)) return;
	let tables: unknown[];
	let db: DatabaseSync | undefined;
	try {
		db = new DatabaseSync(path, { readOnly: true });
		tables = db
			.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
			.all()
			.map(({ name }) => name);
	} catch (error) {
		if (/not a database/.test((error as Error).message) && !isSqlite(path)) throw foreign(path);
		return;
	} finally {
		db?.close();
	}
	const isOurs = tables.includes('lease') && tables.includes('streams');
	if (tables.length > 0 && !isOurs) throw foreign(path);
}

export const foreign = (path: string) =>
	new StateError(`${path}: is not a state file of audit-relay; set state.path to another file, or move it away`);

/** An empty file counts: SQLite makes a database of it. Only for a file that SQLite refused: it gives up locks, as `isFile` says. */
export function isSqlite(path: string): boolean {
	const file = openSync(path, 'r');
	try {
		const head = Buffer.alloc(16);
		const length = readSync(file, head);
		return length === 0 || head.toString('latin1') === 'SQLite format 3\0';
	} finally {
		closeSync(file);
	}
}

export function putFileAside(path: string, nowMs: number): string {
	const aside = `${path}.unreadable-${new Date(nowMs).toISOString().replace(/[:.]/g, '-')}`;
	for (const suffix of ['', '-wal', '-shm']) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
	return aside;
}
