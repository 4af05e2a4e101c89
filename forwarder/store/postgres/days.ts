/** The partitions: days of ids made ahead and dropped at their end, and the ring of the outbox turned. By the clock of the database. */
import type { Clock, Nanos } from '../../../core/contract';
import { DAY } from '../../../core/time';
import { sql, type Sql } from './sql';

interface Reader {
	read<T>(what: Sql): Promise<T[]>;
}

/** Days that are there before they come. */
const AHEAD = 7;

/** A slot is written for this long. */
const TURN_EVERY = '1 hour';

/** Made by whoever finds that one is missing. */
export async function makeDays(at: Reader): Promise<void> {
	await at.read(sql`SELECT @make_days(${AHEAD}::int)`);
}

/** Ids are kept by when they were stored; a day more, because a day is forgotten as a whole. */
export async function dropDays(at: Reader, keepLedger: Nanos): Promise<void> {
	const days = Number(keepLedger / DAY) + 2;
	await at.read(sql`SELECT @drop_days(least((now() AT TIME ZONE 'UTC')::date - ${days}::int, (${oldestNeeded})))`);
}

/** A walk that is in progress may list again what it has read: a source that is stuck keeps its days, as long as it is polled. */
const oldestNeeded: Sql = sql`SELECT (to_timestamp(min(watermark) / 1e9) AT TIME ZONE 'UTC')::date - 1 FROM @streams
	WHERE greatest(last_success, last_error_at) > (extract(epoch FROM now()) - 86400) * 1e9`;

/** `waits`: for a destination; the present slot grows on. `busy`: tried again. */
export async function turnRing(at: Reader, every = TURN_EVERY): Promise<string> {
	const [row] = await at.read<{ turned: string }>(sql`SELECT @turn_ring(${every}::interval) AS turned`);
	return row!.turned;
}

const LOOK_EVERY_MS = 60_000;

/** Until the signal aborts. What fails, because somebody holds a lock for long, is tried again. */
export async function keepDays(
	at: Reader,
	keepLedger: Nanos,
	clock: Pick<Clock, 'sleep'>,
	signal: AbortSignal,
): Promise<void> {
	while (!signal.aborted) {
		for (const work of [() => makeDays(at), () => turnRing(at), () => dropDays(at, keepLedger)])
			await work().catch(() => undefined);
		await clock.sleep(LOOK_EVERY_MS, signal);
	}
}
