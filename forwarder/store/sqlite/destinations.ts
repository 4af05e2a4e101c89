/** How each destination is doing, as the process that delivers last noted it. */
import type { DatabaseSync } from 'node:sqlite';
import { fromMillis } from '../../../core/time';
import type { DestinationHealth } from '../health';

export function healthWriter(db: DatabaseSync): (destination: string, health: DestinationHealth) => void {
	const write = db.prepare(
		`INSERT INTO destinations (name, state, since, last_error, last_error_at) VALUES (?, ?, ?, ?, ?)
		 ON CONFLICT DO UPDATE SET state = excluded.state, since = excluded.since,
			last_error = excluded.last_error, last_error_at = excluded.last_error_at`,
	);
	return (destination, { state, since, lastError }) =>
		void write.run(
			destination,
			state,
			fromMillis(since),
			lastError?.message ?? null,
			lastError ? fromMillis(lastError.at) : null,
		);
}
