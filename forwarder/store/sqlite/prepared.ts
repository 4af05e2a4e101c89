import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Made once for each database, and not for each of thousands of streams. */
export function perDatabase<T extends object>(make: (db: DatabaseSync) => T): (db: DatabaseSync) => T {
	const made = new WeakMap<DatabaseSync, T>();
	return (db) => {
		const known = made.get(db) ?? make(db);
		made.set(db, known);
		return known;
	};
}

const statements = perDatabase(() => new Map<string, StatementSync>());

/**
 * One statement for all streams: a statement takes some kilobytes, and a stream uses dozens. Whoever uses the same text sets the
 * same things on it, and never leaves off in the middle of its rows.
 */
export function prepared(db: DatabaseSync, sql: string): StatementSync {
	const known = statements(db);
	const statement = known.get(sql) ?? db.prepare(sql);
	known.set(sql, statement);
	return statement;
}
