/** One process at a time: a second file, held by the open database, so that the lock ends with the process, however that ends. */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { createPrivate } from './file';
import { StateInUse } from '../stateError';

export function lockFor(path: string): DatabaseSync {
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
