/** Back-fill jobs in the state file, for whoever asks for them or shows them: one unfinished job per stream at most. */
import type { DatabaseSync } from 'node:sqlite';
import { FIRST_WIDTH } from '../../../core/walk/backfill';
import { decode, intervalsForm } from '../../../core/walk/codec';
import type { Interval } from '../../../core/walk/intervals';
import type { Nanos } from '../../../core/contract';
import { sumsOf } from './sums';
import type { Backfill } from '../backfill';

/** Not a name that a source can have: its ids are kept and forgotten apart from those of the live walk. */
export const backfillIds = (stream: string): string => `${stream}#backfill`;

export function coveredBy(db: DatabaseSync, stream: string): Interval[] {
	return coveredIn(db.prepare('SELECT covered FROM streams WHERE name = ?').get(stream)?.['covered'] ?? '[]');
}

/** Of a row that nobody has mended yet: none where it cannot be read. */
export function coveredIn(column: unknown): Interval[] {
	try {
		return decode(intervalsForm, String(column));
	} catch {
		return [];
	}
}

/** The newest job of each stream. */
export function newestBackfills(db: DatabaseSync): Backfill[] {
	return jobs(db, 'id IN (SELECT max(id) FROM backfills GROUP BY stream) ORDER BY stream');
}

export function backfillById(db: DatabaseSync, id: number): Backfill | undefined {
	return jobs(db, 'id = ?', id)[0];
}

function jobs(db: DatabaseSync, which: string, ...values: number[]): Backfill[] {
	const columns = 'id, stream, asked, "from", "to", done, pages, events, started, ended, cancelled';
	const rows = db.prepare(`SELECT ${columns} FROM backfills WHERE ${which}`);
	rows.setReadBigInts(true);
	return (rows.all(...values) as unknown as Row[]).map(({ ended, id, pages, events, cancelled, ...row }) => ({
		...row,
		...{ id: Number(id), pages: Number(pages), events: Number(events), cancelled: cancelled === 1n },
		...(ended !== null && { ended }),
	}));
}

type Counts = 'id' | 'pages' | 'events' | 'cancelled';
type Row = Omit<Backfill, Counts | 'ended'> & Record<Counts, bigint> & { ended: bigint | null };

/** Batches of the stream, up to the last one of the job, that some destination has not acknowledged. */
export function waitingOf(db: DatabaseSync, { id }: Backfill): number {
	const count = db.prepare(
		'SELECT count(*) AS n FROM backfills j JOIN batches b ON b.stream = j.stream AND b.id <= last_batch WHERE j.id = ?',
	);
	return Number(count.get(id)?.['n']);
}

/** Dead letters of the job's range, by destination, because that accepts no events so old. */
export function tooOldOf(db: DatabaseSync, { stream, from, to }: Backfill): { destination: string; count: number }[] {
	const count = db.prepare(
		`SELECT destination, count(*) AS count FROM dead_letters
		 WHERE stream = ? AND reason = 'too_old' AND time >= ? AND time < ? GROUP BY destination ORDER BY destination`,
	);
	return count.all(stream, from, to) as unknown as { destination: string; count: number }[];
}

/**
 * Adds a job. Safe beside a running daemon: it is one statement on a row that nobody has read yet, SQLite lets one writer at a
 * time in, and whoever holds the lease looks for jobs in the file itself and keeps no copy of them.
 * False when the stream has an unfinished job already.
 */
export function askForBackfill(
	db: DatabaseSync,
	{ stream, asked, from, to, now }: Interval & { stream: string; asked: string; now: Nanos },
): boolean {
	const row = { stream, from, to, done: from, width: FIRST_WIDTH };
	const { changes } = db
		.prepare(
			`INSERT INTO backfills (stream, "from", "to", done, width, asked, started, sum)
			 VALUES (:stream, :from, :to, :done, :width, :asked, :started, :sum) ON CONFLICT DO NOTHING`,
		)
		.run({ ...row, asked, started: now, ...sumsOf('backfills', row) });
	return changes === 1;
}

/** Ids stay known, so that the same range asked for again begins without repeats. False: there was none to cancel. */
export function cancelBackfill(db: DatabaseSync, stream: string, now: Nanos): boolean {
	const cancel = db.prepare('UPDATE backfills SET ended = ?, cancelled = 1 WHERE stream = ? AND ended IS NULL');
	return cancel.run(now, stream).changes === 1;
}
