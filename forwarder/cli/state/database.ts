/** The state in a database, for commands. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import { limitGroup } from '../../config/limitGroup';
import type { Config, DatabaseConfig } from '../../config/types';
import { BEATS_PER_TTL } from '../../run/cluster/leases';
import { borrowAll, ShardLost, type BorrowDeps } from '../../run/cluster/borrow';
import type { OwnedState, StateAdmin } from '../../store/admin';
import type { Lease } from '../../store/lease';
import { adminOf, type AdminOptions } from '../../store/postgres/admin';
import { openDatabase, type Database } from '../../store/postgres/database';
import { ownedOf } from '../../store/postgres/owned';
import { shardFor } from '../../store/postgres/placement';
import { SCHEMA } from '../../store/postgres/schema';
import { VERSION } from '../../version';
import { after } from '../../waits';
import { CommandFailed } from '../exit';
import type { Io } from '../io';

/** Beside the workers that share it. Throws `StateError` when it cannot be used, or nothing was ever kept there. */
export async function openDatabaseBeside(database: DatabaseConfig, io: Io): Promise<StateAdmin> {
	const opened = await openedFor(database, io, 'there');
	return adminOf(opened.queries, optionsOf(database, opened, io));
}

/** The same, and what needs shards for itself: it asks their owners for as long as that lasts. */
export async function ownDatabase(database: DatabaseConfig, config: Placing, io: Io): Promise<OwnedState> {
	const opened = await openedFor(database, io, 'there');
	const deps = borrowing(database, opened, io);
	return ownedOf(opened.queries, {
		...{ ...optionsOf(database, opened, io), shardOf: placing(config) },
		hold: (shards, work) => held(io, (told) => borrowAll(shards, deps, io.stop, told(work))),
	});
}

/** With all shards, for as long as `work` lasts. Sets up what is not there yet. */
export async function withAllShards<T>(
	database: DatabaseConfig,
	config: Placing,
	io: Io,
	work: (state: OwnedState) => Promise<T>,
): Promise<T> {
	const opened = await openedFor(database, io);
	const shards = Array.from({ length: opened.shards }, (_, shard) => shard);
	const options = { ...optionsOf(database, opened, io), shardOf: placing(config) };
	const holding = (leases: readonly Lease[]) =>
		work(ownedOf(opened.queries, { ...options, hold: async (_, inner) => inner(leases) }));
	try {
		const deps = borrowing(database, opened, io);
		return await held(io, (told) => borrowAll(shards, deps, io.stop, told(holding)));
	} finally {
		opened.close();
	}
}

type Placing = Pick<Config, 'sources'>;

/** As a worker places a stream that was never opened. */
const placing =
	({ sources }: Placing) =>
	(shards: number) =>
	(stream: string): number => {
		const source = sources.find(({ name }) => name === stream);
		return shardFor(source ? limitGroup(source) : stream, shards);
	};

/** A worker ships what is in flight before it gives anything back: whoever waits for that is told. */
const TELL_MS = 2_000;

type Work<T> = (leases: readonly Lease[]) => Promise<T>;

async function held<T>({ stderr }: Io, borrowed: (told: (work: Work<T>) => Work<T>) => Promise<T>): Promise<T> {
	const cancel = after(
		TELL_MS,
		() => void stderr.write('waiting until workers have given back what is to be changed\n'),
	);
	try {
		return await borrowed((work) => (leases) => {
			cancel();
			return work(leases);
		});
	} catch (error) {
		if (error instanceof ShardLost) throw new CommandFailed(`${error.message}; do it again`);
		throw error;
	} finally {
		cancel();
	}
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
