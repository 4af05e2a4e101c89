/** The two stores, opened for 16 streams. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StreamStore } from '../../core/walk/contract';
import type { Clock } from '../../core/contract';
import type { Store } from '../../forwarder/store/contract';
import { createConnection, type Connection } from '../../forwarder/store/postgres/connection';
import { leaseTable } from '../../forwarder/store/postgres/leases';
import { migrate } from '../../forwarder/store/postgres/schema';
import { openShard } from '../../forwarder/store/postgres/store';
import { openStore } from '../../forwarder/store/sqlite/store';
import { systemClock } from '../../forwarder/waits';

export interface Subject {
	stores: { store: Store; streams: StreamStore[] }[];
	close(): Promise<void>;
}

const SCHEMA = 'audit_relay';
const MAX = 1e12;

const identities = (count: number, prefix: string) =>
	Array.from({ length: count }, (_, n) => ({ name: `${prefix}${n}`, fingerprint: 'bench', destinations: ['siem'] }));

export async function openSqlite(streams: number): Promise<Subject> {
	const folder = mkdtempSync(join(tmpdir(), 'audit-relay-bench-'));
	const store = openStore(join(folder, 'state.db'), { maxOutboxSize: MAX, now: () => Date.now() });
	return {
		stores: [{ store, streams: await store.streams(identities(streams, 's')) }],
		async close() {
			await store.close();
			rmSync(folder, { recursive: true });
		},
	};
}

export async function connected(url: string): Promise<Connection> {
	const connection = createConnection(
		{ url: { read: async () => url } as never, size: 6, limitMs: 10_000 },
		{ clock: systemClock, random: Math.random, warn: () => undefined },
	);
	await connection.open();
	await migrate(connection, SCHEMA);
	return connection;
}

export async function openPostgres(
	connection: Connection,
	shards: number,
	streams: number,
	{ prefix = 'p', clock = systemClock }: { prefix?: string; clock?: Clock } = {},
): Promise<Subject> {
	const table = leaseTable(connection, SCHEMA, 64);
	const stores: Subject['stores'] = [];
	for (let shard = 1; shard <= shards; shard++) {
		const [row] = await connection.query<{ epoch: bigint; owner: string | null }>(
			`SELECT epoch, owner FROM "${SCHEMA}".shards WHERE shard = $1`,
			[shard],
		);
		const [lease] = await table.take('bench', [{ shard, epoch: Number(row!.epoch), owner: row!.owner }]);
		const store = await openShard(connection, lease!, { schema: SCHEMA, clock, maxOutboxSize: MAX, shards: 64 });
		stores.push({ store, streams: await store.streams(identities(streams / shards, `${prefix}${shard}-`)) });
	}
	return {
		stores,
		async close() {
			for (const { store } of stores) await store.close();
		},
	};
}
