/** Back-fill jobs in the state file: one unfinished job per stream at most. */
import type { DatabaseSync } from 'node:sqlite';
import type { Walk } from '../../polling/contract';
import { merged, type Interval } from '../../polling/intervals';
import { FIRST_WIDTH, type Job, type JobStore } from '../../polling/backfill';
import type { Nanos } from '../../providers/contract';
import { decodeState, encodeState } from './codec';
import type { Shared, StreamIdentity } from './store';
import { roomBelow, writer } from './stream';

/**
 * Share of the outbox that back-fill may fill: batches are shipped in the order of their commits, so what waits there
 * delays every live event, and the live walk needs the room when a receiver is down.
 */
const SHARE = 64;

/** Not a name that a source can have: its ids are kept and forgotten apart from those of the live walk. */
export const backfillIds = (stream: string): string => `${stream}#backfill`;

/** The job was cancelled, perhaps by another process, while a page was read; nothing of that page is kept. */
export class BackfillEnded extends Error {
	override name = 'BackfillEnded';
}

export function openBackfills(shared: Shared, { name, destinations }: Omit<StreamIdentity, 'fingerprint'>): JobStore {
	const { db, transaction, backlog, now } = shared;
	const load = db.prepare('SELECT "from", "to", done, width, walk FROM backfills WHERE stream = ? AND ended IS NULL');
	load.setReadBigInts(true);
	const seen = db.prepare('SELECT id FROM seen WHERE stream = ? AND id IN (SELECT value FROM json_each(?))');
	const write = writer(shared, name, destinations, backfillIds(name));
	const move = db.prepare(
		`UPDATE backfills SET done = ?, width = coalesce(?, width), pages = pages + ?, events = events + ?
		 WHERE stream = ? AND ended IS NULL`,
	);
	const keepWalk = db.prepare('UPDATE backfills SET walk = ? WHERE stream = ? AND ended IS NULL');
	const keepBatch = db.prepare(
		'UPDATE backfills SET last_batch = (SELECT max(id) FROM batches) WHERE stream = ? AND ended IS NULL',
	);
	const end = db.prepare('UPDATE backfills SET ended = ?, walk = NULL WHERE stream = ? AND ended IS NULL');
	const forgetAll = db.prepare('DELETE FROM seen WHERE stream = ?');
	const cover = db.prepare('UPDATE streams SET covered = ? WHERE name = ?');

	return {
		load: async () => {
			const row = load.get(name) as (Omit<Job, 'walk'> & { walk: string | null }) | undefined;
			return row && { ...row, walk: row.walk === null ? undefined : decodeState<Walk>(row.walk) };
		},
		covered: async () => coveredBy(db, name),
		seen: async (ids) => new Set(seen.all(backfillIds(name), JSON.stringify(ids)).map(({ id }) => id as string)),
		room: (signal) => roomBelow(backlog, backlog.limit / SHARE, signal),
		commit: async ({ done, width, covered, finished, walk, ...events }) => {
			const added = transaction(() => {
				const page = events.observed === undefined ? 0 : 1;
				const { changes } = move.run(done, width ?? null, page, events.fresh?.length ?? 0, name);
				if (changes === 0) throw new BackfillEnded('the back-fill was cancelled');
				const result = write(events);
				if (walk !== undefined) keepWalk.run(walk && encodeState(walk), name);
				if (result.batch) keepBatch.run(name);
				if (covered) cover.run(encodeState(merged([...coveredBy(db, name), covered])), name);
				if (finished) {
					end.run(now(), name);
					forgetAll.run(backfillIds(name));
				}
				return result;
			});
			backlog.size += added.size;
			if (added.batch) shared.batchAdded();
		},
	};
}

export function coveredBy(db: DatabaseSync, stream: string): Interval[] {
	const text = db.prepare('SELECT covered FROM streams WHERE name = ?').get(stream)?.['covered'];
	return decodeState<Interval[]>((text as string | undefined) ?? '[]');
}

/** A job as people see it. */
export interface Backfill extends Interval {
	id: number;
	stream: string;
	/** The range in the words it was asked for. */
	asked: string;
	done: Nanos;
	pages: number;
	/** New events put into the outbox. */
	events: number;
	started: Nanos;
	/** Finished, or cancelled. */
	ended?: Nanos;
	cancelled: boolean;
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

/** Dead letters of the job's range, by destination, because that takes no events so old. */
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
	const { changes } = db
		.prepare(
			`INSERT INTO backfills (stream, asked, "from", "to", done, width, started) VALUES (?, ?, ?, ?, ?, ?, ?)
			 ON CONFLICT DO NOTHING`,
		)
		.run(stream, asked, from, to, from, FIRST_WIDTH, now);
	return changes === 1;
}

/** Ids stay known, so that the same range asked for again begins without repeats. False: there was none to cancel. */
export function cancelBackfill(db: DatabaseSync, stream: string, now: Nanos): boolean {
	const cancel = db.prepare('UPDATE backfills SET ended = ?, cancelled = 1 WHERE stream = ? AND ended IS NULL');
	return cancel.run(now, stream).changes === 1;
}
