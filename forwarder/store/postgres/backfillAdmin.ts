/** Back-fill jobs, for whoever asks for them: one unfinished job per stream at most. */
import { FIRST_WIDTH } from '../../../core/walk/backfill';
import type { Who } from '../actions';
import { askedText, cancelledText, type AskedPast, type Backfill } from '../backfill';
import type { BackfillProgress } from '../admin';
import { actionRow, TURN } from './actions';
import { waits } from './batches';
import { isTaken, type Beside } from './beside';
import { sql, type Sql } from './sql';

/** Before the row of the shard is locked: whoever waits for his turn must not hold it. */
const IN_TURN = sql`(SELECT count(*) FROM locked) = 1`;

/** False when the stream has an unfinished one already, or was never opened. */
export async function askForBackfill(state: Beside, past: AskedPast, who: Who): Promise<boolean> {
	const { stream, asked, from, to } = past;
	const shard = await state.shardOf(stream);
	if (shard === undefined) return false;
	const job = sql`INSERT INTO @backfills (stream, asked, "from", "to", done, width, started)
		SELECT ${stream}::text, ${asked}::text, ${from}::bigint, ${to}::bigint, ${from}::bigint, ${FIRST_WIDTH}::bigint, ${who.at}::bigint FROM fence`;
	try {
		return await state.change(
			shard,
			[job, actionRow(who, sql`${askedText(past)}::text`, sql`fence`)],
			sql`${IN_TURN} AND NOT EXISTS (SELECT 1 FROM @backfills WHERE stream = ${stream}::text AND ended IS NULL)`,
			TURN,
		);
	} catch (error) {
		if (isTaken(error)) return false;
		throw error;
	}
}

/** Ids stay known, so that the same range asked for again begins without repeats. False: there was none to cancel. */
export async function cancelBackfill(state: Beside, stream: string, who: Who): Promise<boolean> {
	const shard = await state.shardOf(stream);
	if (shard === undefined) return false;
	const unfinished = sql`stream = ${stream}::text AND ended IS NULL`;
	return state.change(
		shard,
		[
			sql`UPDATE @backfills b SET ended = ${who.at}::bigint, cancelled = true FROM fence WHERE ${unfinished}`,
			actionRow(who, sql`${cancelledText(stream)}::text`, sql`fence`),
		],
		sql`${IN_TURN} AND EXISTS (SELECT 1 FROM @backfills WHERE ${unfinished})`,
		TURN,
	);
}

export type StoredJob = Record<'id' | 'from' | 'to' | 'done' | 'pages' | 'events' | 'started', bigint> & {
	stream: string;
	asked: string;
	ended: bigint | null;
	cancelled: boolean;
};

const JOB = sql`id, stream, asked, "from", "to", done, pages, events, started, ended, cancelled`;

/** The newest of each stream. */
export const newestJobs = (which: Sql): Sql =>
	sql`SELECT DISTINCT ON (stream) ${JOB} FROM @backfills WHERE ${which} ORDER BY stream, id DESC`;

export function backfillOf(job: StoredJob): Backfill {
	return {
		...{ id: Number(job.id), stream: job.stream, asked: job.asked, cancelled: job.cancelled },
		...{ from: job.from, to: job.to, done: job.done, started: job.started },
		...{ pages: Number(job.pages), events: Number(job.events) },
		...(job.ended !== null && { ended: job.ended }),
	};
}

export async function backfills(state: Beside): Promise<Backfill[]> {
	return (await state.read<StoredJob>(newestJobs(sql`true`))).map(backfillOf);
}

export async function backfillProgress(state: Beside, id: number): Promise<BackfillProgress | undefined> {
	const [row] = await state.read<StoredJob>(sql`SELECT ${JOB} FROM @backfills WHERE id = ${id}::bigint`);
	if (!row) return undefined;
	const job = backfillOf(row);
	const [waiting] = await state.read<{ n: number }>(
		sql`SELECT count(*)::int AS n FROM @backfills j JOIN @streams s ON s.name = j.stream
			JOIN @batches b ON ${waits(sql`s.shard`)} AND b.stream = j.stream AND b.seq <= j.last_batch
			WHERE j.id = ${id}::bigint`,
	);
	const tooOld = await state.read<{ destination: string; count: number }>(
		sql`SELECT destination, count(*)::int AS count FROM @dead_letters WHERE stream = ${job.stream}::text AND reason = 'too_old'
			AND time >= ${job.from}::bigint AND time < ${job.to}::bigint GROUP BY destination ORDER BY destination`,
	);
	return { job, waiting: waiting!.n, tooOld };
}
