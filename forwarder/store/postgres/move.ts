/**
 * Streams that go into another shard, with all that waits of them. Whoever does it holds both leases, so that no owner has anything of it in
 * memory; the statement believes nothing but what it reads itself.
 */
import type { StreamIdentity } from '../contract';
import type { Lease } from '../lease';
import { StaleLeaseError } from '../contract';
import type { Beside } from './beside';
import { joined, sql, type Sql } from './sql';

/** Returns how many batches went with them. Throws `StaleLeaseError` when one of the leases has ended. */
export async function moveStreams(beside: Beside, names: readonly string[], from: Lease, to: Lease): Promise<number> {
	const [row] = await beside.read<{ batches: number }>(sql`WITH waiting AS (
			SELECT slot, seq, for_destinations, row_number() OVER (ORDER BY seq) AS n FROM @batches b
			WHERE shard = ${from.shard}::int AND stream = ANY(${[...names]}::text[])
				AND EXISTS (SELECT 1 FROM unnest(for_destinations) d WHERE NOT EXISTS
					(SELECT 1 FROM @cursors c WHERE c.shard = b.shard AND c.destination = d AND c.acked >= b.seq))
		), left_fence AS (
			UPDATE @shards SET seq = seq + 1 WHERE ${isHeld(from)} RETURNING seq
		), fence AS (
			UPDATE @shards SET seq = seq + 1 + (SELECT count(*) FROM waiting) WHERE ${isHeld(to)} RETURNING seq
		), place AS (
			SELECT fence.seq AS last, fence.seq - 1 - (SELECT count(*) FROM waiting) AS before FROM fence, left_fence
		), opened AS (
			INSERT INTO @cursors (shard, destination, epoch, acked)
				SELECT ${to.shard}::int, d, ${to.epoch}::bigint, ${ALL_BUT_THESE} FROM place, (SELECT DISTINCT unnest(for_destinations) AS d FROM waiting) w
			ON CONFLICT (shard, destination) DO NOTHING
		), batches AS (
			UPDATE @batches b SET shard = ${to.shard}::int, seq = place.before + w.n FROM waiting w, place
			WHERE b.slot = w.slot AND b.shard = ${from.shard}::int AND b.seq = w.seq RETURNING 1
		), jobs AS (
			UPDATE @backfills SET last_batch = place.last FROM place WHERE stream = ANY(${[...names]}::text[]) AND last_batch IS NOT NULL
		), streams AS (
			UPDATE @streams SET shard = ${to.shard}::int FROM place WHERE name = ANY(${[...names]}::text[]) AND shard = ${from.shard}::int
		) SELECT (SELECT count(*)::int FROM batches) AS batches FROM place`);
	if (!row) throw new StaleLeaseError('another process has taken a shard meanwhile; nothing was moved. Do it again');
	return row.batches;
}

/** Up to where a destination has all in its new shard that is for it, which is nothing yet. */
const ALL_BUT_THESE = sql`place.before`;

const isHeld = ({ shard, epoch, owner }: Lease): Sql =>
	joined([sql`shard = ${shard}::int`, sql`epoch = ${epoch}::bigint`, sql`owner = ${owner}::text`], ' AND ');

/** For a stream that was never opened: where its state will be. */
export async function placeStream(
	beside: Beside,
	{ name, fingerprint, settings }: Pick<StreamIdentity, 'name' | 'fingerprint' | 'settings'>,
	shard: number,
): Promise<void> {
	await beside.change(shard, [
		// ids of a former stream of that name do not count
		sql`INSERT INTO @streams (name, shard, fingerprint, settings, generation) SELECT ${name}::text, ${shard}::int, ${fingerprint}::text,
				${settings ?? null}::text, coalesce((SELECT max(generation) + 1 FROM @pages p WHERE p.stream = ${name}::text), 0) FROM fence`,
	]);
}
