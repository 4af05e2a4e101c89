/** How long rate limits are paused, by the clock of this machine. */
import type { DatabaseSync } from 'node:sqlite';
import { fromMillis, toMillis } from '../../../core/time';
import type { Shared } from './shared';

export function readPauses(db: DatabaseSync, now: bigint): Map<string, number> {
	const all = db.prepare('SELECT domain, until FROM pauses WHERE until > ?');
	all.setReadBigInts(true);
	return new Map(all.all(now).map((row) => [row['domain'] as string, toMillis((row['until'] as bigint) - now)]));
}

export function notePause({ db, transaction, now }: Shared, group: string, ms: number): void {
	transaction(() => {
		db.prepare('DELETE FROM pauses WHERE domain = ? OR until <= ?').run(group, now());
		if (ms > 0) db.prepare('INSERT INTO pauses (domain, until) VALUES (?, ?)').run(group, now() + fromMillis(ms));
	});
}
