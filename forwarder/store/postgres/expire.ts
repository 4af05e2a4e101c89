/** Dead letters that were kept for long enough. The gap record that told of them goes on to say so where they should have gone. */
import type { Gap } from '../../../core/walk/contract';
import type { Nanos } from '../../../core/contract';
import { several } from '../actions';
import type { DestinationsOf, Removed } from '../deadLetters';
import { gapsOf } from './letters';
import { commit, type Shared } from './shared';
import { sql } from './sql';

interface Group {
	stream: string;
	destination: string;
	ids: string[];
	letters: number;
	/** Without refused gap records: one of those makes no further one. */
	events: number;
	reasons: string;
	from: bigint | null;
	to: bigint | null;
}

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
	const groups = await fence.read<Group>(
		sql`SELECT stream, destination, array_agg(id::text) AS ids, count(*)::int AS letters,
				count(CASE WHEN destination = '' THEN 1 ELSE time END)::int AS events,
				string_agg(DISTINCT reason, ', ') AS reasons, min(time) AS "from", max(time) AS "to"
			FROM @dead_letters WHERE at < ${before}::bigint AND stream = ANY(${rows.names}::text[]) GROUP BY stream, destination ORDER BY stream, destination`,
	);
	for (const { stream, destination, ids, events, reasons, from, to } of groups) {
		const whose = destination === '' ? '' : ` of destination ${destination}`;
		const gap: Gap = {
			reason: 'skipped',
			...(from !== null && { from: from }),
			...(to !== null && { to: to }),
			detail: `${several(events, 'dead letter')}${whose} (${reasons}): ${why}`,
		};
		const all = destinationsOf(stream);
		const destinations = destination === '' ? all : all.filter((name) => name === destination);
		await commit(shared, () => ({
			effects: [
				sql`DELETE FROM @dead_letters USING fence WHERE id = ANY(${ids}::bigint[])`,
				...(events > 0 ? [gapsOf(stream, [gap], at)] : []),
			],
			...(events > 0 && { batch: { stream, destinations, observed: at, events: [], gaps: [gap] } }),
		}));
	}
	return groups.map(({ stream, destination, letters }) => ({
		stream,
		...(destination !== '' && { destination }),
		letters,
	}));
}
