/** The database that several processes share: checked, brought up to date, and two ways to it. */
import type { DatabaseConfig } from '../../config/types';
import type { LeaseTable } from '../lease';
import { createConnection, type ConnectionDeps } from './connection';
import { leaseTable } from './leases';
import type { Queries } from './queries';
import { StateError } from '../stateError';
import { mayWrite } from './rights';
import { checkWhole, isSetUp, migrate } from './schema';

export interface Database {
	readonly queries: Queries;
	readonly leases: LeaseTable;
	/** How many leases there are to share. */
	readonly shards: number;
	/** Connections that are open. */
	connections(): number;
	close(): void;
}

/** For a statement of the store. */
const LIMIT_MS = 10_000;
/** For one of the leases, in times to live: two of them, and a beat still comes in time. */
const LEASE_LIMIT = 0.35;

/**
 * Throws `StateError` for a server that must not be used, `Unreachable` when there is none.
 * @param only what is there already: nothing is set up where nothing was
 */
export async function openDatabase(config: DatabaseConfig, deps: ConnectionDeps, only?: 'there'): Promise<Database> {
	const { pool, leaseTtlMs, schema } = config;
	const store = createConnection({ ...config, size: pool - 1, limitMs: LIMIT_MS }, deps);
	// a beat never waits behind pages, however slow the database is
	const beats = createConnection(
		{ ...config, size: 1, limitMs: LEASE_LIMIT * leaseTtlMs },
		{ ...deps, warn: () => undefined },
	);
	const close = () => [store, beats].forEach((connection) => connection.close());
	try {
		await store.open();
		if (only === 'there' && !(await isSetUp(store, schema)))
			throw new StateError(`schema ${schema} of the database holds no state yet; it is written by \`audit-relay run\``);
		const meta = await migrate(store, schema);
		await checkWhole(store, schema, meta);
		if (only !== 'there') await mayWrite(store, schema);
		const { shards } = meta;
		return {
			queries: store,
			leases: leaseTable(beats, schema, shards),
			shards,
			connections: () => store.size() + beats.size(),
			close,
		};
	} catch (error) {
		close();
		throw error;
	}
}
