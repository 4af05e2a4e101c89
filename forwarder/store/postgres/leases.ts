/** The statements of leases. Each is whole in itself: none leaves anything half done, or a lock behind. */
import type { Lease, LeaseTable, View, WorkerRow } from '../lease';
import { Refused } from './errors';
import type { Queries } from './queries';
import { named } from './schema';

/** Changes with every failover. */
const TIMELINE = 'substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)';
/** Two servers that were one, and both take writes, have this too. Not every role may read it. */
const SERVER = `(SELECT system_identifier FROM pg_control_system()) || '/' || ${TIMELINE}`;
const MAY_NOT = ['42501', '42883'];

/** A shard whose row is gone is shown as one that nobody has, and nobody can take. */
const beatOn = (server: string) => `WITH me AS (
	INSERT INTO @workers (id, beat, shards, outbox, leaving, command, version, schema, config, host)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
	ON CONFLICT (id) DO UPDATE SET beat = EXCLUDED.beat, shards = EXCLUDED.shards, outbox = EXCLUDED.outbox, leaving = EXCLUDED.leaving,
		config = EXCLUDED.config, beaten = now()
)
SELECT ${server} AS server,
	(SELECT coalesce(json_agg(w), '[]') FROM (SELECT id, beat, outbox, leaving, drained, command, config FROM @workers) w) AS workers,
	(SELECT json_agg(s) FROM (
		SELECT shard, coalesce(epoch, -1) AS epoch, owner, wanted_by AS "wantedBy",
			CASE WHEN fallen > now() - interval '10 minutes' THEN falls ELSE 0 END AS falls
		FROM generate_series(0, $11::int - 1) shard LEFT JOIN @shards USING (shard) ORDER BY shard
	) s) AS shards`;

/** The cursors get the new epoch in the same statement: an acknowledgement waits for one lock, and then sees it. */
const TAKE = `WITH seen AS (
	SELECT * FROM unnest($2::int[], $3::bigint[], $4::text[], $5::bigint[]) AS seen (shard, epoch, owner, beat)
), taken AS (
	UPDATE @shards s SET epoch = s.epoch + 1, owner = $1, wanted_by = NULL, taken = now(),
		falls = CASE WHEN s.owner IS NULL OR s.owner = $1 THEN s.falls
			WHEN s.fallen > now() - interval '10 minutes' THEN s.falls + 1 ELSE 1 END,
		fallen = CASE WHEN s.owner IS NULL OR s.owner = $1 THEN s.fallen ELSE now() END
	FROM seen
	WHERE s.shard = seen.shard AND s.epoch = seen.epoch AND s.owner IS NOT DISTINCT FROM seen.owner
		AND NOT EXISTS (SELECT 1 FROM @workers w WHERE w.id = seen.owner AND w.beat IS DISTINCT FROM seen.beat)
	RETURNING s.shard, s.epoch, s.owner, s.seq
), marked AS (
	UPDATE @cursors c SET epoch = taken.epoch FROM taken WHERE c.shard = taken.shard
)
SELECT shard, epoch, owner, seq FROM taken`;

const RELEASE = `UPDATE @shards s SET owner = NULL, falls = 0
	FROM unnest($1::int[], $2::bigint[], $3::text[]) AS held (shard, epoch, owner)
	WHERE s.shard = held.shard AND s.epoch = held.epoch AND s.owner = held.owner`;

const BURY = `DELETE FROM @workers w USING unnest($1::text[], $2::bigint[]) AS dead (id, beat)
	WHERE w.id = dead.id AND w.beat = dead.beat AND NOT EXISTS (SELECT 1 FROM @shards s WHERE s.owner = w.id)`;

export function leaseTable(queries: Queries, schema: string, shardCount: number): LeaseTable {
	let server = SERVER;
	const run = <Row>(text: string, values: readonly unknown[]) => queries.query<Row>(named(text, schema), values);
	return {
		async beat({ id, beat, shards, outbox, leaving, command, about }) {
			const { version, schema: known, config, host } = about;
			const said = [id, beat, shards, outbox, leaving, command, version, known, config, host, shardCount];
			const look = () => run<View>(beatOn(server), said);
			const [view] = await look().catch((error: unknown) => {
				if (!(error instanceof Refused && MAY_NOT.includes(error.code)) || server === TIMELINE) throw error;
				server = TIMELINE;
				return look();
			});
			// the statement sees the table as it was before it
			const others = view!.workers.filter((worker) => worker.id !== id);
			const mine = view!.workers.find((worker) => worker.id === id);
			const self: WorkerRow = { drained: false, ...mine, id, beat, outbox, leaving, command, config };
			return { ...view!, workers: [...others, self] } satisfies View;
		},
		async take(owner, seen) {
			const columns = [
				seen.map(({ shard }) => shard),
				seen.map(({ epoch }) => epoch),
				seen.map((one) => one.owner),
				seen.map(({ beat }) => beat ?? null),
			];
			const rows = await run<Record<'epoch' | 'seq', bigint> & { shard: number; owner: string }>(TAKE, [
				owner,
				...columns,
			]);
			return rows.map((row): Lease => ({ ...row, epoch: Number(row.epoch), seq: Number(row.seq) }));
		},
		async release(leases) {
			const columns = [
				leases.map(({ shard }) => shard),
				leases.map(({ epoch }) => epoch),
				leases.map(({ owner }) => owner),
			];
			await run(RELEASE, columns);
		},
		async bury(workers) {
			await run(BURY, [workers.map(({ id }) => id), workers.map(({ beat }) => beat)]);
		},
		async leave(id) {
			await run('DELETE FROM @workers w WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM @shards s WHERE s.owner = w.id)', [
				id,
			]);
		},
		async want(shard, by) {
			await run('UPDATE @shards SET wanted_by = $2 WHERE shard = $1', [shard, by]);
		},
	};
}
