import type { DatabaseSync, StatementSync } from 'node:sqlite';

const statements = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

/**
 * One statement for all streams: a statement takes some kilobytes, and a stream uses dozens. Whoever uses the same text sets the
 * same things on it, and never leaves off in the middle of its rows.
 */
export function prepared(db: DatabaseSync, sql: string): StatementSync {
	const known = statements.get(db) ?? new Map<string, StatementSync>();
	statements.set(db, known);
	const statement = known.get(sql) ?? db.prepare(sql);
	known.set(sql, statement);
	return statement;
}
