/**
 * Ids that later pages must not ship again. Clustered by time: events come in its order, so adding is appending, where an order
 * of ids would touch as many pages of the file as there are events.
 */
import type { EventKey, Listed } from '../../../core/walk/contract';
import { isEventId } from '../../../core/walk/sift';
import type { Nanos } from '../../../core/contract';
import { perDatabase, prepared } from './prepared';

/** By the name of a stream, or of its back-fill. */
export const seenIn = perDatabase((db) => {
	const find = prepared(
		db,
		'SELECT key AS id FROM json_each(?) WHERE EXISTS (SELECT 1 FROM seen WHERE stream = ? AND time = value AND id = key)',
	);
	// as the partial index has it: the ids of elements that are not events
	const findTimeless = prepared(db, "SELECT id FROM seen WHERE stream = ? AND id = ? AND id >= '?' AND id < '@'");
	const add = prepared(db, 'INSERT OR IGNORE INTO seen (stream, time, id) VALUES (?, ?, ?)');
	// listed again: one row is enough, and the newest counts
	const forgetTimeless = prepared(db, "DELETE FROM seen WHERE stream = ? AND id = ? AND id >= '?' AND id < '@'");
	const settled = prepared(db, 'SELECT id, time FROM seen WHERE stream = ? AND time <= ? ORDER BY time DESC LIMIT ?');
	settled.setReadBigInts(true);
	const forget = prepared(db, 'DELETE FROM seen WHERE stream = ? AND time < ?');
	const forgetAll = prepared(db, 'DELETE FROM seen WHERE stream = ?');
	return {
		/** The ids of those that are known. */
		known(name: string, elements: readonly Listed[]): Set<string> {
			const times = elements.flatMap(({ id, time }) => (time === undefined ? [] : `${JSON.stringify(id)}:${time}`));
			const timeless = elements.filter(({ time }) => time === undefined);
			const rows = [
				...find.all(`{${times.join(',')}}`, name),
				...timeless.flatMap(({ id }) => findTimeless.all(name, id)),
			];
			return new Set(rows.map(({ id }) => id as string));
		},
		/** The newest not after `time`, newest first. */
		settled: (name: string, time: Nanos, count: number) => settled.all(name, time, count) as unknown as EventKey[],
		add(name: string, elements: readonly EventKey[]): void {
			for (const { id, time } of elements) {
				if (!isEventId(id)) forgetTimeless.run(name, id);
				add.run(name, time, id);
			}
		},
		forgetBelow: (name: string, time: Nanos) => void forget.run(name, time),
		forgetAll: (name: string) => void forgetAll.run(name),
	};
});
