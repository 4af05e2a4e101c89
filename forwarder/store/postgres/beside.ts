/**
 * Changes by a command, beside the owner of a shard: right whoever that is and whatever he knows. They raise the number of the last commit, so that
 * he is refused once, reads the shard again and goes on with what was changed.
 */
import { Refused } from './errors';
import type { Queries } from './queries';
import { named, sql, statement, type Sql } from './sql';

export class Beside {
	readonly #queries: Pick<Queries, 'query'>;
	readonly #schema: string;

	constructor(queries: Pick<Queries, 'query'>, schema: string) {
		this.#queries = queries;
		this.#schema = schema;
	}

	read<T>(what: Sql): Promise<T[]> {
		const { text, values } = statement(what, this.#schema);
		return this.#queries.query<T>(text, values);
	}

	/**
	 * One statement. `when`: else nothing is done, and false is returned. Each effect reads `FROM fence`, as those of the owner do.
	 * @param locked what must still be there, as a part of the statement named `locked`
	 */
	async change(
		shard: number,
		effects: readonly Sql[],
		when: Sql = sql`true`,
		locked: Sql = sql`SELECT 1`,
	): Promise<boolean> {
		const fence = sql`UPDATE @shards SET seq = seq + 1 WHERE shard = ${shard}::int AND ${when} RETURNING seq`;
		const rows = await this.read(
			sql`WITH locked AS (${locked}), fence AS (${fence}), ${named(effects)} SELECT seq FROM fence`,
		);
		return rows.length === 1;
	}

	async shardOf(stream: string): Promise<number | undefined> {
		const [row] = await this.read<{ shard: number }>(sql`SELECT shard FROM @streams WHERE name = ${stream}::text`);
		return row?.shard;
	}
}

/** Somebody else was quicker. */
export const isTaken = (error: unknown): boolean => error instanceof Refused && error.code === '23505';
