/** The state in a database, for commands. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { DatabaseConfig } from '../../config/types';
import { BEATS_PER_TTL } from '../../run/cluster/leases';
import { borrowAll, ShardLost, type BorrowDeps } from '../../run/cluster/borrow';
import type { OwnedState, StateAdmin } from '../../store/admin';
import { adminOf, type AdminOptions } from '../../store/postgres/admin';
import { openDatabase, type Database } from '../../store/postgres/database';
import { ownedOf } from '../../store/postgres/owned';
import { SCHEMA } from '../../store/postgres/schema';
import { VERSION } from '../../version';
import { CommandFailed } from '../exit';
import type { Io } from '../io';

/** Beside the workers that share it. Throws `StateError` when it cannot be used, or nothing was ever kept there. */
export async function openDatabaseBeside(database: DatabaseConfig, io: Io): Promise<StateAdmin> {
	const opened = await openedFor(database, io, 'there');
	return adminOf(opened.queries, optionsOf(database, opened, io));
}

/** The same, and what needs a shard for itself. @param only as `openDatabase` */
export async function ownDatabase(database: DatabaseConfig, io: Io, only?: 'there'): Promise<OwnedState> {
	const opened = await openedFor(database, io, only);
	const deps = borrowing(database, opened, io);
	return ownedOf(opened.queries, {
		...optionsOf(database, opened, io),
		hold: async (shards, work) => {
			try {
				return await borrowAll(shards, deps, io.stop, work);
			} catch (error) {
				if (error instanceof ShardLost) throw new CommandFailed(`${error.message}; do it again`);
				throw error;
			}
		},
	});
}

/** What the server should be like is said by those who run on it. */
function openedFor(database: DatabaseConfig, { clock, random }: Io, only?: 'there'): Promise<Database> {
	return openDatabase(database, { clock, random, warn: () => undefined }, only);
}

function optionsOf({ schema, leaseTtlMs }: DatabaseConfig, { close }: Database, { clock }: Io): AdminOptions {
	return { schema, clock, beatMs: leaseTtlMs / BEATS_PER_TTL, close };
}

function borrowing({ leaseTtlMs: ttlMs }: DatabaseConfig, { leases: table }: Database, { clock }: Io): BorrowDeps {
	return {
		id: `cli-${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`,
		about: { version: VERSION, schema: SCHEMA, config: '', host: hostname() },
		...{ table, ttlMs, sleep: clock.sleep },
		// one that is set back or forward says nothing of how long somebody was silent
		now: () => performance.now(),
	};
}
