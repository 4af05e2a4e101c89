/** Which shard keeps the state of which stream. */
import { createHash } from 'node:crypto';
import type { Queries } from './queries';
import { named } from './schema';

/** Streams that have been opened once, by name. */
export type Placed = ReadonlyMap<string, { shard: number; fingerprint: string }>;

export async function streamsIn(queries: Pick<Queries, 'query'>, schema: string): Promise<Placed> {
	const rows = await queries.query<{ name: string; shard: number; fingerprint: string }>(
		named('SELECT name, shard, fingerprint FROM @streams', schema),
	);
	return new Map(rows.map(({ name, ...rest }) => [name, rest]));
}

/**
 * Shards in which anything was ever stored, also when its streams have been reset or moved since: what they left behind still has to
 * be shipped.
 */
export async function shardsInUse(queries: Pick<Queries, 'query'>, schema: string): Promise<number[]> {
	const rows = await queries.query<{ shard: number }>(
		named('SELECT shard FROM @cursors UNION SELECT shard FROM @streams', schema),
	);
	return rows.map(({ shard }) => shard);
}

/** Where a stream goes that was never opened: the same in every process, and one for all that share a rate limit. */
export function shardFor(limitGroup: string, shards: number): number {
	return createHash('sha256').update(limitGroup).digest().readUInt32BE() % shards;
}
