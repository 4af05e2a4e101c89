/** The state, for commands that work on what is stored. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config, StatePlace } from '../../config/types';
import type { FileState, OwnedState, StateAdmin } from '../../store/admin';
import { openAdmin, ownState } from '../../store/sqlite/admin';
import { StateError } from '../../store/stateError';
import { UsageError } from '../exit';
import type { Io } from '../io';

/** Changes nothing, and needs no right to. */
export async function reading<T>(place: StatePlace, io: Io, work: (state: StateAdmin) => Promise<T>): Promise<T> {
	return using(await opened(place, io, 'read'), work);
}

/** Beside a running process. */
export async function amending<T>(place: StatePlace, io: Io, work: (state: StateAdmin) => Promise<T>): Promise<T> {
	return using(await openBeside(place, io), work);
}

export const openBeside = (place: StatePlace, io: Io): Promise<StateAdmin> => opened(place, io, 'amend');

/** For what is about the file itself. `why`: there is no such thing in a database. */
export async function readingFile<T>(
	{ database, state: { path } }: StatePlace,
	why: string,
	work: (state: FileState) => Promise<T>,
): Promise<T> {
	if (database) throw new UsageError(why);
	return using(openAdmin(path, 'read'), work);
}

async function opened({ database, state: { path } }: StatePlace, io: Io, purpose: 'read' | 'amend') {
	if (!database) return openAdmin(path, purpose);
	// with all that speaks to a database
	const { openDatabaseBeside } = await import('./database');
	return openDatabaseBeside(database, io);
}

/**
 * Nobody else writes meanwhile: takes the lock of a file for as long as `work` lasts; in a database each change takes what it needs.
 * Throws `StateError` when a process holds the lock or there is no state yet.
 */
export async function owning<T>(config: Config, io: Io, work: (state: OwnedState) => Promise<T>): Promise<T> {
	const { database, state } = config;
	if (database) {
		const { ownDatabase } = await import('./database');
		return using(await ownDatabase(database, config, io), work);
	}
	if (!existsSync(state.path))
		throw new StateError(`${state.path}: no state file yet; it is written by \`audit-relay run\``);
	return using(ownFile(state.path, io), work);
}

/** All of it for as long as `work` lasts, also where there is none yet. */
export async function creating<T>(config: Config, io: Io, work: (state: OwnedState) => Promise<T>): Promise<T> {
	const { database, state } = config;
	if (!database) return using(ownFile(state.path, io), work);
	const { withAllShards } = await import('./database');
	return withAllShards(database, config, io, work);
}

function ownFile(path: string, { clock, stderr }: Io): OwnedState {
	const state = ownState(path, clock.now());
	if (state.migrated) {
		stderr.write(
			`note: an older audit-relay wrote the state; it was brought up to date, and is kept as it was in ${state.migrated.copy}\n`,
		);
	}
	return state;
}

async function using<S extends StateAdmin, T>(state: S, work: (state: S) => Promise<T>): Promise<T> {
	try {
		return await work(state);
	} finally {
		await state.close();
	}
}

/** How messages call it. */
export function placeName({ database, state: { path } }: StatePlace): string {
	return database ? `the database (schema ${database.schema})` : path;
}

/** Whether a file that is to be written is a part of the state. */
export function isOfState({ database, state: { path } }: StatePlace, file: string, { cwd }: Pick<Io, 'cwd'>): boolean {
	return !database && ['', '-wal', '-shm', '-lock'].some((suffix) => resolve(cwd, file) === path + suffix);
}
