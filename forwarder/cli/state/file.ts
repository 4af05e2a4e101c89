/** The state file, for commands that work on what is stored. */
import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { openState, type OpenState } from '../../store/sqlite/open';
import { StateError } from '../../store/stateError';
import type { Io } from '../io';

/** Takes the lock for as long as `work` lasts. Throws `StateError` when a process holds it or there is no state yet. */
export async function owning<T>(path: string, io: Io, work: (state: OpenState) => T | Promise<T>): Promise<T> {
	if (!existsSync(path)) throw new StateError(`${path}: no state file yet; it is written by \`audit-relay run\``);
	const state = openOwned(path, io);
	try {
		return await work(state);
	} finally {
		state.close();
	}
}

/** Opens or creates it for a command that is not a daemon: a damaged file is left alone. */
export function openOwned(path: string, { clock, stderr }: Io): OpenState {
	const state = openState(path, clock.now(), { keepDamaged: true });
	if (state.migrated) {
		stderr.write(
			`note: an older audit-relay wrote the state; it was brought up to date, and is kept as it was in ${state.migrated.copy}\n`,
		);
	}
	return state;
}

export function using<T>(db: DatabaseSync, work: (db: DatabaseSync) => T): T {
	try {
		return work(db);
	} finally {
		db.close();
	}
}
