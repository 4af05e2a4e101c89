/** Back-fill jobs, for whoever asks for them: one unfinished job per stream at most. */
import { FIRST_WIDTH } from '../../../core/walk/backfill';
import type { Interval } from '../../../core/walk/intervals';
import type { Nanos } from '../../../core/contract';
import { isTaken, type Beside } from './beside';
import { sql } from './sql';

/** False when the stream has an unfinished one already, or was never opened. */
export async function askForBackfill(
	state: Beside,
	{ stream, asked, from, to, now }: Interval & { stream: string; asked: string; now: Nanos },
): Promise<boolean> {
	const shard = await state.shardOf(stream);
	if (shard === undefined) return false;
	const job = sql`INSERT INTO @backfills (stream, asked, "from", "to", done, width, started)
		SELECT ${stream}::text, ${asked}::text, ${from}::bigint, ${to}::bigint, ${from}::bigint, ${FIRST_WIDTH}::bigint, ${now}::bigint FROM fence`;
	try {
		return await state.change(
			shard,
			[job],
			sql`NOT EXISTS (SELECT 1 FROM @backfills WHERE stream = ${stream}::text AND ended IS NULL)`,
		);
	} catch (error) {
		if (isTaken(error)) return false;
		throw error;
	}
}

/** Ids stay known, so that the same range asked for again begins without repeats. False: there was none to cancel. */
export async function cancelBackfill(state: Beside, stream: string, now: Nanos): Promise<boolean> {
	const shard = await state.shardOf(stream);
	if (shard === undefined) return false;
	const unfinished = sql`stream = ${stream}::text AND ended IS NULL`;
	return state.change(
		shard,
		[sql`UPDATE @backfills b SET ended = ${now}::bigint, cancelled = true FROM fence WHERE ${unfinished}`],
		sql`EXISTS (SELECT 1 FROM @backfills WHERE ${unfinished})`,
	);
}
