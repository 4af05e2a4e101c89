/** Dead letters that are given up. The gap record that told of them goes on to say so where they should have gone. */
import type { Gap } from '../../../core/walk/contract';
import type { Nanos } from '../../../core/contract';
import { several } from '../actions';
import type { DestinationsOf, Removed } from '../deadLetters';
import type { NewBatch } from './batches';
import { gapsOf } from './letters';
import { sql, type Sql } from './sql';

export interface Group {
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

/** By source and destination. */
export const groupsOf = (
	where: Sql,
): Sql => sql`SELECT stream, destination, array_agg(id::text) AS ids, count(*)::int AS letters,
		count(CASE WHEN destination = '' THEN 1 ELSE time END)::int AS events,
		string_agg(DISTINCT reason, ', ') AS reasons, min(time) AS "from", max(time) AS "to"
	FROM @dead_letters WHERE ${where} GROUP BY stream, destination ORDER BY stream, destination`;

interface Telling {
	why: string;
	at: Nanos;
	/** Who has seen the gap already. */
	seenBy?: string;
	destinationsOf: DestinationsOf;
}

/** Parts of a commit. */
export function removal(
	group: Group,
	{ why, at, seenBy, destinationsOf }: Telling,
): { effects: Sql[]; batch?: NewBatch } {
	const { stream, destination, ids, events, reasons, from, to } = group;
	const removed = sql`DELETE FROM @dead_letters USING fence WHERE id = ANY(${ids}::bigint[])`;
	if (events === 0) return { effects: [removed] };
	const whose = destination === '' ? '' : ` of destination ${destination}`;
	const gap: Gap = {
		reason: 'skipped',
		...(from !== null && { from }),
		...(to !== null && { to }),
		detail: `${several(events, 'dead letter')}${whose} (${reasons}): ${why}`,
	};
	const all = destinationsOf(stream);
	const destinations = destination === '' ? all : all.filter((name) => name === destination);
	return {
		effects: [removed, gapsOf(stream, [gap], at, seenBy)],
		batch: { stream, destinations, observed: at, events: [], gaps: [gap] },
	};
}

export const removedOf = ({ stream, destination, letters }: Group): Removed => ({
	stream,
	...(destination !== '' && { destination }),
	letters,
});
