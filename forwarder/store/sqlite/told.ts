/** What people have been told of. One process owns the file, so that it is always its turn. */
import { toMillis } from '../../../core/time';
import type { ToldStore } from '../told';
import type { Shared } from './shared';

export function openTold({ db, transaction, now }: Pick<Shared, 'db' | 'transaction' | 'now'>): ToldStore {
	const all = db.prepare('SELECT key, notice, seen FROM told WHERE name = ?');
	all.setReadBigInts(true);
	const see = db.prepare('UPDATE told SET seen = ? WHERE name = ? AND key = ?');
	const put = db.prepare('INSERT OR REPLACE INTO told (name, key, notice, seen) VALUES (?, ?, ?, ?)');
	const remove = db.prepare('DELETE FROM told WHERE name = ? AND key = ?');
	return {
		begin: async () => true,
		end: async () => undefined,
		read: async (name) =>
			all.all(name).map((row) => ({
				key: row['key'] as string,
				notice: row['notice'] as string,
				unseenMs: Math.max(0, toMillis(now() - (row['seen'] as bigint))),
			})),
		seen: async (name, keys) => transaction(() => keys.forEach((key) => see.run(now(), name, key))),
		change: async (name, { begun = [], over = [] }) =>
			transaction(() => {
				for (const { key, notice } of begun) put.run(name, key, notice, now());
				for (const key of over) remove.run(name, key);
			}),
	};
}
