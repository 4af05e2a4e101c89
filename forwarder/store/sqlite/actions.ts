/** What people did to the state by hand: who, when and what. The process that owns the state puts it into its log, too. */
import type { DatabaseSync } from 'node:sqlite';
import type { Action, Who } from '../actions';

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
