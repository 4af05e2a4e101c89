/** The state, for commands that work on what is stored. */
import { existsSync } from 'node:fs';
import type { OwnedState, StateAdmin } from '../../store/admin';
import { openAdmin, ownState } from '../../store/sqlite/admin';
import { StateError } from '../../store/stateError';
import type { Io } from '../io';

/** Changes nothing, and needs no right to. */
export function reading<T>(path: string, work: (state: StateAdmin) => Promise<T>): Promise<T> {
	return using(openAdmin(path, 'read'), work);
}

/** Beside a running process. */
export function amending<T>(path: string, work: (state: StateAdmin) => Promise<T>): Promise<T> {
	return using(openBeside(path), work);
}

export const openBeside = (path: string): StateAdmin => openAdmin(path, 'amend');

/** Takes the lock for as long as `work` lasts. Throws `StateError` when a process holds it or there is no state yet. */
export function owning<T>(path: string, io: Io, work: (state: OwnedState) => Promise<T>): Promise<T> {
	if (!existsSync(path)) throw new StateError(`${path}: no state file yet; it is written by \`audit-relay run\``);
	return creating(path, io, work);
}

/** The same, where there may be none yet. */
export function creating<T>(path: string, { clock, stderr }: Io, work: (state: OwnedState) => Promise<T>): Promise<T> {
	const state = ownState(path, clock.now());
	if (state.migrated) {
		stderr.write(
			`note: an older audit-relay wrote the state; it was brought up to date, and is kept as it was in ${state.migrated.copy}\n`,
		);
	}
	return using(state, work);
}

async function using<S extends StateAdmin, T>(state: S, work: (state: S) => Promise<T>): Promise<T> {
	try {
		return await work(state);
	} finally {
		await state.close();
	}
}
