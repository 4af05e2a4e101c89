/** The unfinished back-fill job of one stream, for whoever works on it. */
import { decode, encode, intervalsForm, walkForm } from '../../../core/walk/codec';
import type { Job, JobStore } from '../../../core/walk/backfill';
import { merged, without, type Interval } from '../../../core/walk/intervals';
import { askForBackfill, backfillIds, coveredBy } from './backfills';
import type { Shared } from './shared';
import type { StreamName } from '../contract';
import { seenIn } from './seen';
import { mendJob, openJob } from './mend';
import { room } from '../room';
import { known, write } from './stream';
import { streamRows } from './streamRow';
import { prepared } from './prepared';
import { BackfillEnded } from '../backfill';

/**
 * Share of the outbox that back-fill may fill: batches are shipped in the order of their commits, so what waits there
 * delays every live event, and the live walk needs the room when a receiver is down.
 */
const SHARE = 64;

export function openJobs(shared: Shared, { name, destinations }: StreamName): JobStore {
	const { db, transaction, backlog, now } = shared;
	const load = prepared(db, 'SELECT "from", "to", done, width, walk FROM backfills WHERE stream = ? AND ended IS NULL');
	load.setReadBigInts(true);
	const seenAs = backfillIds(name);
	const move = prepared(
		db,
		`UPDATE backfills SET done = ?, width = coalesce(?, width), pages = pages + ?, events = events + ?
		 WHERE stream = ? AND ended IS NULL`,
	);
	const keepWalk = prepared(db, 'UPDATE backfills SET walk = ? WHERE stream = ? AND ended IS NULL');
	const keepBatch = prepared(
		db,
		'UPDATE backfills SET last_batch = (SELECT max(id) FROM batches) WHERE stream = ? AND ended IS NULL',
	);
	const end = prepared(db, 'UPDATE backfills SET ended = ?, walk = NULL WHERE stream = ? AND ended IS NULL');
	const job = openJob(shared, name);
	const next = prepared(db, 'SELECT id, "from", "to" FROM rereads WHERE stream = ? ORDER BY id LIMIT 1');
	next.setReadBigInts(true);
	const done = prepared(db, 'DELETE FROM rereads WHERE id = ?');

	/** A span that a damaged batch has left open becomes a job when no other is unfinished. */
	function askedAgain(): void {
		const reread = next.get(name) as ({ id: bigint } & Interval) | undefined;
		if (!reread) return;
		transaction(() => {
			done.run(reread.id);
			// also what a job has covered since
			streamRows(db).change(name, { covered: encode(intervalsForm, without(coveredBy(db, name), reread)) });
			askForBackfill(db, { ...reread, stream: name, asked: 'again: a stored batch was damaged', now: now() });
		});
	}

	return {
		load: async () => {
			mendJob(shared, name, destinations);
			if (!load.get(name)) askedAgain();
			const row = load.get(name) as (Omit<Job, 'walk'> & { walk: string | null }) | undefined;
			return row && { ...row, walk: row.walk === null ? undefined : decode(walkForm, row.walk) };
		},
		covered: async () => coveredBy(db, name),
		seen: async (elements) => known(db, seenAs, shared.ledgerIds(name), elements),
		room: (signal) => room(backlog, backlog.limit / SHARE, signal),
		commit: async ({ done: upTo, width, covered, finished, walk, ...events }) => {
			const added = transaction(() => {
				job.check();
				const page = events.observed === undefined ? 0 : 1;
				const { changes } = move.run(upTo, width ?? null, page, events.fresh?.length ?? 0, name);
				if (changes === 0) throw new BackfillEnded('the back-fill was cancelled');
				const result = write(shared, { name, destinations }, seenAs, events);
				if (walk !== undefined) keepWalk.run(walk && encode(walkForm, walk), name);
				if (result) keepBatch.run(name);
				if (covered)
					streamRows(db).change(name, { covered: encode(intervalsForm, merged([...coveredBy(db, name), covered])) });
				job.seal();
				if (finished) {
					end.run(now(), name);
					seenIn(db).forgetAll(seenAs);
				}
				return result;
			});
			if (added) shared.batchAdded(added);
		},
	};
}
