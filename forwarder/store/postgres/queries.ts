/** What all statements of the store go through: a pool of connections, or PostgreSQL inside a test. */
export interface Queries {
	/**
	 * One statement, which commits by itself: it is on its way as a whole or not at all, so that a process that stops in the middle
	 * holds no lock. `bigint` columns are bigints. Throws `DatabaseError`.
	 */
	query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
	/** Several statements in one message, without values; with `BEGIN` and `COMMIT` in it one transaction. Throws `DatabaseError`. */
	script(text: string): Promise<void>;
	/**
	 * `look`: all that is read is of one moment. `change`: all takes effect or nothing does. For commands: what `work` has locked waits
	 * until it ends, so that nothing else may be waited for in it. Throws `DatabaseError`, and what `work` throws.
	 */
	transaction<T>(purpose: 'look' | 'change', work: (query: Queries['query']) => Promise<T>): Promise<T>;
}

export const BEGIN = {
	look: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
	change: 'BEGIN ISOLATION LEVEL READ COMMITTED',
} as const;

/** OID of `bigint`, which the drivers read as text or as a number. */
export const INT8 = 20;
