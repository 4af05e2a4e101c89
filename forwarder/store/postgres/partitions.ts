/** How far the partitions are, for the metrics: what is full of them, and what is there ahead. */
import type { Clock } from '../../../core/contract';
import { keptFor } from '../../kept';
import type { Queries } from './queries';
import { sql, statement } from './sql';
import { SLOTS } from './tables';

export interface Partitions {
	slotsInUse: number;
	daysAhead: number;
}

const KEEP_MS = 10_000;

/** Empty when the database does not answer. Asked at most every ten seconds. */
export function partitionsOf(
	queries: Pick<Queries, 'query'>,
	schema: string,
	clock: Pick<Clock, 'now'>,
): () => Promise<{ partitions?: Partitions }> {
	const { text, values } = statement(
		sql`SELECT (SELECT count(*)::int FROM generate_series(0, ${SLOTS - 1}::int) n WHERE pg_relation_size(('@batches_' || n)::regclass) > 0) AS "slotsInUse",
			(SELECT coalesce(max(to_date(right(relname, 8), 'YYYYMMDD')) - (now() AT TIME ZONE 'UTC')::date, 0) FROM pg_inherits
				JOIN pg_class ON oid = inhrelid WHERE inhparent = '@pages'::regclass) AS "daysAhead"`,
		schema,
	);
	return keptFor(KEEP_MS, clock, () =>
		queries.query<Partitions>(text, values).then(
			([partitions]) => ({ partitions: partitions! }),
			() => ({}),
		),
	);
}
