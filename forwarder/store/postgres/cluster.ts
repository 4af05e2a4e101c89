/** What commands see of a cluster, and change in it: beside all workers. */
import type { ClusterState, ShardState, WorkerState } from '../cluster';
import type { Beside } from './beside';
import { sql } from './sql';

export async function readCluster(beside: Beside): Promise<ClusterState> {
	const [row] = await beside.read<{ workers: WorkerState[]; shards: ShardState[] }>(sql`SELECT
		(SELECT coalesce(json_agg(w ORDER BY w.id), '[]') FROM (
			SELECT id, host, version, schema, config, outbox, leaving, drained, command,
				(extract(epoch FROM now() - since) * 1000)::bigint AS "upMs",
				greatest(0, extract(epoch FROM now() - beaten) * 1000)::bigint AS "beatAgeMs",
				(SELECT count(*) FROM @shards WHERE owner = id) AS shards
			FROM @workers
		) w) AS workers,
		(SELECT json_agg(s ORDER BY s.shard) FROM (
			SELECT shard, epoch, seq, owner, wanted_by AS "wantedBy",
				CASE WHEN owner IS NOT NULL THEN (extract(epoch FROM now() - taken) * 1000)::bigint END AS "heldMs",
				CASE WHEN fallen > now() - interval '10 minutes' THEN falls ELSE 0 END AS falls,
				ARRAY(SELECT name FROM @streams t WHERE t.shard = o.shard ORDER BY name) AS sources
			FROM @shards o
		) s) AS shards`);
	return row!;
}

/** False: there is no such worker any more. */
export async function setDrained(beside: Beside, id: string, drained: boolean): Promise<boolean> {
	const rows = await beside.read(
		sql`UPDATE @workers SET drained = ${drained}::bool WHERE id = ${id}::text AND NOT command RETURNING id`,
	);
	return rows.length === 1;
}
