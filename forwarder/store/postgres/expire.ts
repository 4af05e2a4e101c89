/** Dead letters that were kept for long enough. */
import type { Nanos } from '../../../core/contract';
import type { DestinationsOf, Removed } from '../deadLetters';
import { groupsOf, removal, removedOf, type Group } from './removeLetters';
import { commit, type Shared } from './shared';
import { sql } from './sql';

/**
 * Removes what became a dead letter longer ago than `keep`, by our clock or by the newest watermark, whichever is behind: a
 * clock that runs ahead must not remove anything.
 */
export async function expireLetters(
	shared: Shared,
	keep: Nanos,
	why: string,
	destinationsOf: DestinationsOf,
): Promise<Removed[]> {
	const { fence, rows, now } = shared;
	const watermarks = rows.names.flatMap((name) => rows.get(name).watermark ?? []);
	if (watermarks.length === 0) return [];
	const newest = watermarks.reduce((a, b) => (b > a ? b : a));
	const at = now();
	const before = (newest < at ? newest : at) - keep;
	const groups = await fence.read<Group>(groupsOf(sql`at < ${before}::bigint AND stream = ANY(${rows.names}::text[])`));
	for (const group of groups) await commit(shared, () => removal(group, { why, at, destinationsOf }));
	return groups.map(removedOf);
}
