/** Changes of a stream's position that only an operator may make. The caller owns the state. */
import type { DatabaseSync } from 'node:sqlite';
import type { Gap } from '../../../core/walk/contract';
import type { Nanos } from '../../../core/contract';
import { backfillIds, cancelBackfill } from './backfills';
import { batchWriter } from './batches';
import { openJob } from './mend';
import { seenIn } from './seen';
import { streamRows } from './streamRow';
import { fenced } from './transaction';

interface Owned {
	db: DatabaseSync;
	epoch: number;
}

interface Told {
	/** Where the gap record goes. None for a stream that is no longer configured: nobody could map it. */
	destinations: readonly string[];
	now: Nanos;
}

/** Forgets where the stream is and what it has seen, and ends its back-fill. What waits in the outbox and the dead letters stay. */
export function resetStream({ db, epoch }: Owned, name: string, gap: Gap, told: Told): void {
	fenced(
		db,
		epoch,
	)(() => {
		db.prepare('DELETE FROM streams WHERE name = ?').run(name);
		forgetIds(db, name);
		cancelBackfill(db, name, told.now);
		// spans of the position that is forgotten
		db.prepare('DELETE FROM rereads WHERE stream = ?').run(name);
		tell(db, name, gap, told);
	});
}

/**
 * Goes on from the same watermark with other settings. A walk and its cursors belong to the former ones: the range above the
 * watermark is read again from its beginning, and ids filter what was read before. What the source has kept goes as well:
 * the new account may not have the events that it is about. What was stored says nothing of the new settings either.
 * `gap`: it is another log. Its events may have the ids of former ones, so none of those is kept.
 */
export function adoptStream(
	{ db, epoch }: Owned,
	identity: { name: string; fingerprint: string; settings: string },
	gap: Gap | undefined,
	told: Told,
): void {
	const { name, fingerprint, settings } = identity;
	fenced(
		db,
		epoch,
	)(() => {
		streamRows(db).change(name, { fingerprint, settings, walk: null, kept: null });
		db.prepare('UPDATE streams SET ledger_from = watermark WHERE name = ?').run(name);
		db.prepare('UPDATE backfills SET walk = NULL WHERE stream = ? AND ended IS NULL').run(name);
		openJob({ db }, name).seal();
		if (!gap) return;
		forgetIds(db, name);
		tell(db, name, gap, told);
	});
}

function forgetIds(db: DatabaseSync, name: string): void {
	for (const ids of [name, backfillIds(name)]) seenIn(db).forgetAll(ids);
	db.prepare('DELETE FROM ledger WHERE stream = ?').run(name);
}

/** Takes a destination's batches out of the outbox. Returns how many events it does not get. */
export function giveUpDestination(
	{ db, epoch }: Owned,
	destination: string,
	told: { now: Nanos; destinationsOf: (stream: string) => readonly string[] },
): number {
	return fenced(
		db,
		epoch,
	)(() => {
		const lost = db
			.prepare(
				`SELECT stream, sum(iif(json_valid(events), json_array_length(events), 0)) AS events FROM batches JOIN deliveries ON batch = id
				 WHERE destination = ? GROUP BY stream`,
			)
			.all(destination)
			.map(({ stream, events }) => ({ stream: String(stream), events: Number(events) }));
		db.prepare('DELETE FROM deliveries WHERE destination = ?').run(destination);
		db.prepare('DELETE FROM destinations WHERE name = ?').run(destination);
		db.exec('DELETE FROM batches WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE batch = id)');
		for (const { stream, events } of lost) {
			const detail = `given up by operator: ${events} events for destination ${destination}, which is no longer configured`;
			tell(db, stream, { reason: 'skipped', detail }, { destinations: told.destinationsOf(stream), now: told.now });
		}
		return lost.reduce((sum, { events }) => sum + events, 0);
	});
}

function tell(db: DatabaseSync, stream: string, gap: Gap, { destinations, now }: Told): void {
	const batches = batchWriter(db);
	batches.noteGap(stream, gap, now);
	if (destinations.length > 0) batches.add({ stream, destinations, observed: now, events: [], gaps: [gap] });
}
