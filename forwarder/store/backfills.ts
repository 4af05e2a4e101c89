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
	events: number;
	/** Batches since its start that some destination has not acknowledged. */
	waiting: number;
	/** Dead letters of its range, because a destination takes no events that old. */
	tooOld: number;
	started: Nanos;
	ended?: Nanos;
	cancelled: boolean;
}

/** The newest job of each stream, or of one. */
export function newestBackfills(db: DatabaseSync, stream?: string): Backfill[] {
	const rows = db.prepare(
		`SELECT id, stream, asked, "from", "to", done, pages, events, started, ended, cancelled,
			(SELECT count(*) FROM batches b WHERE b.stream = j.stream AND b.id <= last_batch) AS waiting,
			(SELECT count(*) FROM dead_letters d WHERE d.stream = j.stream AND reason = 'too_old'
				AND time >= "from" AND time < "to") AS tooOld
		 FROM backfills j WHERE id IN (SELECT max(id) FROM backfills GROUP BY stream) AND ? IN ('', stream) ORDER BY stream`,
	);
	rows.setReadBigInts(true);
	return (rows.all(stream ?? '') as unknown as Row[]).map(({ ended, ...row }) => ({
		...row,
		...(ended !== null && { ended }),
		...{ id: Number(row.id), pages: Number(row.pages), events: Number(row.events), cancelled: row.cancelled === 1n },
		...{ waiting: Number(row.waiting), tooOld: Number(row.tooOld) },
	}));
}

type Counts = 'id' | 'pages' | 'events' | 'waiting' | 'tooOld' | 'cancelled';
type Row = Omit<Backfill, Counts | 'ended'> & Record<Counts, bigint> & { ended: bigint | null };

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
