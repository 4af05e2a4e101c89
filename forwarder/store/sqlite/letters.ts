/** Adds dead letters; to be called inside a transaction. */
import type { DatabaseSync } from 'node:sqlite';
import type { Nanos } from '../../../core/contract';
import type { DeadLetter } from '../contract';
import { damagedParts, summedColumns, sumsOf, type Row } from './sums';
import { perDatabase, prepared } from './prepared';

/** One that is there already stays as it is. */
export const letterWriter = perDatabase((db): ((letter: DeadLetter, at: Nanos) => void) => {
	const add = prepared(
		db,
		`INSERT OR IGNORE INTO dead_letters (stream, destination, event_id, raw, replaced, time, observed, reason, detail, at, sum)
		 VALUES (:stream, :destination, :event_id, :raw, :replaced, :time, :observed, :reason, :detail, :at, :sum)`,
	);
	return ({ stream, destination = '', eventId, raw, isReplaced, time = null, observed, reason, detail }, at) => {
		const replaced = isReplaced ? 1 : 0;
		const row = { stream, destination, event_id: eventId, raw, replaced, time, observed, reason, detail, at };
		add.run({ ...row, ...sumsOf('dead_letters', row) });
	};
});

/** Whether the disk has altered it since. */
export function isDamagedLetter(db: DatabaseSync, id: number): boolean {
	const find = prepared(db, `SELECT ${summedColumns('dead_letters').join(', ')} FROM dead_letters WHERE id = ?`);
	find.setReadBigInts(true);
	const row = find.get(id) as Row | undefined;
	return row !== undefined && damagedParts('dead_letters', row).length > 0;
}
