/**
 * Dead letters that are given up: discarded by somebody, or kept for long enough. The gap record that told of them goes on to
 * say so where they should have gone.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Gap } from '../../../core/walk/contract';
import type { Nanos } from '../../../core/contract';
import { noteAction } from './actions';
import { several, type Action, type Who } from '../actions';
import { batchWriter } from './batches';
import { findLetters } from './deadLetters';
import type { Chosen } from '../letterSearch';
import { settleRejections } from './gaps';
import type { Shared } from './shared';
import { immediate } from './transaction';
import type { DestinationsOf, Removed } from '../deadLetters';

/** Not fenced by the lease: the owner never uses a letter again, and finds the gap record's batch by itself. */
export function discardLetters(
	db: DatabaseSync,
	which: Chosen,
	who: Who,
	destinationsOf: DestinationsOf,
): { letters: number; action?: Action } {
	return immediate(db)(() => {
		const ids = findLetters(db, which).map(({ id }) => id);
		if (ids.length === 0) return { letters: 0 };
		const removed = remove(db, ids, { why: `discarded by ${who.by}`, at: who.at, seenBy: who.by, destinationsOf });
		settleRejections(db, who);
		const sources = [...new Set(removed.map(({ stream }) => stream))].join(', ');
		const what = `dead-letters discard: ${several(ids.length, 'dead letter')} of ${sources}`;
		return { letters: ids.length, action: noteAction(db, who, what) };
	});
}

/**
 * Removes what became a dead letter longer ago than `keep`, by our clock or by the newest watermark, whichever is behind: a
 * clock that runs ahead must not remove anything.
 */
export function expireLetters(shared: Shared, keep: Nanos, why: string, destinationsOf: DestinationsOf): Removed[] {
	const { db, transaction, now } = shared;
	const newest = db.prepare('SELECT max(watermark) AS at FROM streams');
	newest.setReadBigInts(true);
	const watermark = newest.get()?.['at'] as Nanos | null | undefined;
	if (watermark === null || watermark === undefined) return [];
	const at = now();
	const before = (watermark < at ? watermark : at) - keep;
	const ids = olderThan(db, before);
	if (ids.length === 0) return [];
	const removed = transaction(() => remove(db, ids, { why, at, destinationsOf }));
	shared.batchAdded();
	return removed;
}

/** They are in the order in which they came, so the texts of younger ones need not be read past. */
function olderThan(db: DatabaseSync, before: Nanos): number[] {
	const select = db.prepare('SELECT id, at FROM dead_letters ORDER BY id');
	select.setReadBigInts(true);
	const ids: number[] = [];
	for (const { id, at } of select.iterate()) {
		if ((at as bigint) >= before) break;
		ids.push(Number(id));
	}
	return ids;
}

interface Telling {
	why: string;
	at: Nanos;
	/** Who has seen the gap already. */
	seenBy?: string;
	destinationsOf: DestinationsOf;
}

interface Group {
	stream: string;
	destination: string;
	letters: bigint;
	/** Without refused gap records: one of those makes no further one. */
	events: bigint;
	reasons: string;
	from: Nanos | null;
	to: Nanos | null;
}

/** To be called inside a transaction. */
function remove(db: DatabaseSync, ids: readonly number[], { why, at, seenBy, destinationsOf }: Telling): Removed[] {
	const chosen = 'id IN (SELECT value FROM json_each(:ids))';
	const groups = db.prepare(
		`SELECT stream, destination, count(*) AS letters, count(iif(destination = '', 1, time)) AS events,
			group_concat(DISTINCT reason) AS reasons, min(time) AS "from", max(time) AS "to"
		 FROM dead_letters WHERE ${chosen} GROUP BY stream, destination`,
	);
	groups.setReadBigInts(true);
	const found = groups.all({ ids: JSON.stringify(ids) }) as unknown as Group[];
	db.prepare(`DELETE FROM dead_letters WHERE ${chosen}`).run({ ids: JSON.stringify(ids) });
	const batches = batchWriter(db);
	const see = db.prepare('UPDATE gaps SET acknowledged = ?, acknowledged_by = ? WHERE id = last_insert_rowid()');
	for (const { stream, destination, events, reasons, from, to } of found) {
		if (events === 0n) continue;
		const whose = destination === '' ? '' : ` of destination ${destination}`;
		const detail = `${several(Number(events), 'dead letter')}${whose} (${reasons.replaceAll(',', ', ')}): ${why}`;
		const gap: Gap = { reason: 'skipped', ...(from !== null && { from }), ...(to !== null && { to }), detail };
		batches.noteGap(stream, gap, at);
		if (seenBy !== undefined) see.run(at, seenBy);
		const all = destinationsOf(stream);
		const destinations = destination === '' ? all : all.filter((name) => name === destination);
		if (destinations.length > 0) batches.add({ stream, destinations, observed: at, events: [], gaps: [gap] });
	}
	return found.map(({ stream, destination, letters }) => ({
		stream,
		...(destination !== '' && { destination }),
		letters: Number(letters),
	}));
}
