/**
 * Room on the disk of the state file. An acknowledgement needs some as well, so polling stops while there is enough of it left:
 * an outbox that had filled the disk could never be emptied.
 */
import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

/** Bytes that an ordinary user may still write there. */
export function freeBytes(path: string): number {
	const { bavail, bsize } = statfsSync(dirname(path));
	return bavail * bsize;
}

/** What stays free for acknowledgements and their dead letters. On a small disk a quarter of what the state could take. */
const RESERVE = 16 * 1024 * 1024;

export interface Disk {
	/** Whether too little is left for more events. Puts the journal into the file first when that may help. */
	isLow(): boolean;
}

export function watchDisk(db: DatabaseSync, path: string, free = () => freeBytes(path)): Disk {
	const pragma = (name: string) => {
		const statement = db.prepare(`PRAGMA ${name}`);
		return () => Number(Object.values(statement.get()!)[0]);
	};
	const [pageSize, pages, unused] = [pragma('page_size'), pragma('page_count'), pragma('freelist_count')];
	const sizeOf = (suffix: string) => statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0;

	function isLowNow(): boolean {
		const left = free();
		const [file, journal] = [sizeOf(''), sizeOf('-wal')];
		const reserve = Math.min(RESERVE, (left + file + journal) / 4);
		// what is in the journal only will need room in the file
		const room = left - Math.max(0, pages() * pageSize() - file);
		// pages of the file that are free take new events, but on their way through the journal they need room of their own
		return room < reserve / 2 || room + unused() * pageSize() < reserve;
	}

	return {
		isLow() {
			// far from it: nothing else has to be looked at
			if (free() >= 4 * RESERVE) return false;
			if (!isLowNow()) return false;
			emptyJournal(db);
			return isLowNow();
		},
	};
}

/** Its pages go into the file, and its own room is free again. Readers may be in the way; then it stays as it is. */
export function emptyJournal(db: DatabaseSync): void {
	try {
		// without waiting: nothing else goes on meanwhile
		db.exec('PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout = 5000');
	} catch {
		db.exec('PRAGMA busy_timeout = 5000');
	}
}
