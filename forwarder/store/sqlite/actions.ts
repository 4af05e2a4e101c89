/** What people did to the state by hand: who, when and what. The process that owns the state puts it into its log, too. */
import type { DatabaseSync } from 'node:sqlite';
import type { Nanos } from '../../../core/contract';
import { formatInstant } from '../../../core/time';

export interface Who {
	/** Name of the user that ran the command. */
	by: string;
	at: Nanos;
}

export interface Action extends Who {
	/** The command and what it did, in one line. No event data. */
	what: string;
}

/** How the log says it, in the command and in the process that owns the state. */
export const BY_HAND = 'changed by hand';

export function byHand({ by, at, what }: Action) {
	return { by, at: formatInstant(at, 0), what };
}

/** To be called inside the transaction that does it. */
export function noteAction(db: DatabaseSync, { by, at }: Who, what: string): Action {
	db.prepare('INSERT INTO actions (at, by, what) VALUES (?, ?, ?)').run(at, by, what);
	return { by, at, what };
}

/** Each call returns what was done since the one before; the first one, since this. */
export function followActions(db: DatabaseSync): () => Action[] {
	let last = Number(db.prepare('SELECT coalesce(max(id), 0) AS id FROM actions').get()?.['id']);
	const next = db.prepare('SELECT id, at, by, what FROM actions WHERE id > ? ORDER BY id');
	next.setReadBigInts(true);
	return () =>
		(next.all(last) as unknown as (Action & { id: bigint })[]).map(({ id, ...action }) => {
			last = Number(id);
			return action;
		});
}

/** `3 gaps`, `1 gap`. */
export function several(count: number, what: string): string {
	return `${count} ${what}${count === 1 ? '' : 's'}`;
}
