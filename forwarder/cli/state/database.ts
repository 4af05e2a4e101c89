/** The state in a database, for commands. */
import type { DatabaseConfig } from '../../config/types';
import type { StateAdmin } from '../../store/admin';
import { adminOf } from '../../store/postgres/admin';
import { openDatabase } from '../../store/postgres/database';
import type { Io } from '../io';

/** Beside the workers that share it. Throws `StateError` when it cannot be used, or nothing was ever kept there. */
export async function openDatabaseBeside(database: DatabaseConfig, io: Io): Promise<StateAdmin> {
	const { queries, close } = await openedFor(database, io);
	const { schema, leaseTtlMs } = database;
	return adminOf(queries, { schema, clock: io.clock, beatMs: leaseTtlMs / BEATS_PER_TTL, close });
}

const BEATS_PER_TTL = 5;

/** What the server is like is said by those who run on it. */
function openedFor(database: DatabaseConfig, { clock, random }: Io) {
	return openDatabase(database, { clock, random, warn: () => undefined }, 'there');
}
