/** What a stream's fingerprint is made of, as an older version wrote it: the provider's settings stood among the others. */
import type { DatabaseSync } from 'node:sqlite';
import { regrouped } from '../regroup';

export function regroupSettings(db: DatabaseSync): void {
	const change = db.prepare('UPDATE streams SET fingerprint = ?, settings = ? WHERE name = ?');
	for (const { name, settings } of db.prepare('SELECT name, settings FROM streams').all()) {
		const now = regrouped(settings);
		if (now) change.run(now.fingerprint, now.settings, name!);
	}
}
