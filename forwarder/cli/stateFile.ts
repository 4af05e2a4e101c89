/** The state file, for commands that work on what is stored. */
import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { openState, StateError, type OpenState } from '../store/open';

/** Takes the lock for as long as `work` lasts. Throws `StateError` when a process holds it or there is no state yet. */
export async function owning<T>(path: string, nowMs: number, work: (state: OpenState) => T | Promise<T>): Promise<T> {
	if (!existsSync(path)) throw new StateError(`${path}: no state file yet; it is written by \`audit-relay run\``);
	const state = openState(path, nowMs, { keepDamaged: true });
	try {
		return await work(state);
	} finally {
		state.close();
	}
}

export function using<T>(db: DatabaseSync, work: (db: DatabaseSync) => T): T {
	try {
		return work(db);
	} finally {
		db.close();
	}
}
