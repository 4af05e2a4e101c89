/** Takes ids out of all that is known of a stream, so that its events are shipped when they are read again. */
import type { Interval } from '../../../core/walk/intervals';
import type { EventKey } from '../../../core/contract';
import { firstSeenName } from '../../../core/walk/sift';
import { backfillIds } from './backfills';
import { hashOf } from '../idFilter';
import type { Shared } from './shared';

export function forgetListed({ db, ledgerIds }: Shared, stream: string, events: readonly EventKey[]): void {
	const seen = db.prepare('DELETE FROM seen WHERE stream = ? AND time = ? AND id = ?');
	const byName = db.prepare("DELETE FROM seen WHERE stream = ? AND id = ? AND id >= '?' AND id < '@'");
	const ledger = db.prepare('DELETE FROM ledger WHERE stream = ? AND time = ? AND id = ?');
	for (const { id, time } of events) {
		for (const name of [stream, backfillIds(stream)]) seen.run(name, time, id);
		byName.run(stream, firstSeenName(id));
		ledger.run(stream, time, hashOf(id).short);
	}
	ledgerIds(stream).forgot();
}

export function forgetWithin({ db, ledgerIds }: Shared, stream: string, { from, to }: Interval): void {
	for (const name of [stream, backfillIds(stream)])
		db.prepare('DELETE FROM seen WHERE stream = ? AND time >= ? AND time < ?').run(name, from, to);
	// an event is seen when it has happened: how much later, nobody knows
	db.prepare("DELETE FROM seen WHERE stream = ? AND time >= ? AND id >= '??' AND id < '?@'").run(stream, from);
	db.prepare('DELETE FROM ledger WHERE stream = ? AND time >= ? AND time < ?').run(stream, from, to);
	ledgerIds(stream).forgot();
}
