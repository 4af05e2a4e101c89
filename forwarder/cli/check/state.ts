/** Tries out where the state is kept: what `run` needs of it, without leaving anything there. */
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config, DatabaseConfig } from '../../config/types';
import { isDatabaseError, Unreachable } from '../../store/postgres/errors';
import { StateBehind, StateError } from '../../store/stateError';
import type { Io } from '../io';
import { reading } from '../state/file';
import type { Check } from './source';

const LIMIT_MS = 10_000;

type Result = Omit<Check, 'subject'>;

export async function checkState(config: Config, io: Io): Promise<Check[]> {
	const { database } = config;
	const results = database ? await ofDatabase(database, io) : [await ofFile(config, io)];
	return results.map((result) => ({ subject: 'state', ...result }));
}

async function ofFile(config: Config, io: Io): Promise<Result> {
	const check = 'file';
	const { path } = config.state;
	const folder = dirname(path);
	try {
		// SQLite writes files of its own beside it
		accessSync(folder, constants.W_OK | constants.X_OK);
		if (!existsSync(path)) return { check, status: 'ok', detail: `${folder} is writable` };
		accessSync(path, constants.R_OK | constants.W_OK);
		await reading(config, io, async () => undefined);
		return { check, status: 'ok', detail: `${path} is there, and writable` };
	} catch (error) {
		if (error instanceof StateBehind) return { check, status: 'warning', ...parted(error.message) };
		if (error instanceof StateError) return { check, status: 'failed', ...parted(error.message) };
		const { code, path: at = folder } = error as NodeJS.ErrnoException;
		if (code === undefined) throw error;
		const fix =
			code === 'ENOENT'
				? 'Create the folder, owned by the user that runs audit-relay, or set state.path'
				: 'Make it writable for the user that runs audit-relay, or set state.path';
		return { check, status: 'failed', detail: `${at} cannot be written (${code})`, fix };
	}
}

async function ofDatabase(config: DatabaseConfig, { clock, random }: Io): Promise<Result[]> {
	const check = 'database';
	const concerns: Result[] = [];
	const warn = (message: string) => void concerns.push({ check, status: 'warning', ...parted(message) });
	// with all that speaks to a database
	const { createConnection } = await import('../../store/postgres/connection');
	const { tryDatabase } = await import('../../store/postgres/tryOut');
	const connection = createConnection({ ...config, size: 1, limitMs: LIMIT_MS }, { clock, random, warn });
	try {
		await connection.open();
		const tried = await tryDatabase(connection, config.schema);
		const what = tried === 'set up' ? 'is there, and may be written' : 'can be set up';
		const detail = `answers, takes writes and keeps what it has committed; schema ${config.schema} ${what}`;
		return [{ check, status: 'ok', detail }, ...concerns];
	} catch (error) {
		if (!(error instanceof StateError) && !isDatabaseError(error)) throw error;
		const reach = 'Check state.url, and that this machine may reach the server';
		const why = error instanceof Unreachable ? { detail: error.message, fix: reach } : parted(error.message);
		return [{ check, status: 'failed', ...why }, ...concerns];
	} finally {
		connection.close();
	}
}

/** Messages of the state say what to do after the last semicolon. */
function parted(message: string): Pick<Check, 'detail' | 'fix'> {
	const at = message.lastIndexOf('; ');
	if (at < 0) return { detail: message };
	const fix = message.slice(at + 2);
	return { detail: message.slice(0, at), fix: fix.charAt(0).toUpperCase() + fix.slice(1) };
}
