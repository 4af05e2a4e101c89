/** What people have been told of, by whichever worker. Times are by the clock of the database. */
import type { Told, ToldStore } from '../told';
import type { Queries } from './queries';
import { sql, statement, type Sql } from './sql';

export function openTold(queries: Pick<Queries, 'query'>, schema: string): ToldStore {
	const ask = <Row>(what: Sql) => {
		const { text, values } = statement(what, schema);
		return queries.query<Row>(text, values);
	};
	return {
		async begin(name, who, forMs) {
			const mine = await ask(sql`INSERT INTO @tellers (name, who, since) VALUES (${name}::text, ${who}::text, now())
				ON CONFLICT (name) DO UPDATE SET who = excluded.who, since = excluded.since
				WHERE tellers.who = excluded.who OR tellers.since < now() - ${forMs}::bigint * interval '1 ms' RETURNING 1`);
			return mine.length > 0;
		},
		async end(name, who) {
			await ask(sql`DELETE FROM @tellers WHERE name = ${name}::text AND who = ${who}::text`);
		},
		read: (name) =>
			ask<Told>(sql`SELECT key, notice, greatest(0, extract(epoch FROM now() - seen) * 1000)::float8 AS "unseenMs"
				FROM @told WHERE name = ${name}::text ORDER BY key`),
		async seen(name, keys) {
			await ask(sql`UPDATE @told SET seen = now() WHERE name = ${name}::text AND key = ANY(${keys}::text[])`);
		},
		async change(name, { begun = [], over = [] }) {
			const [keys, notices] = [begun.map(({ key }) => key), begun.map(({ notice }) => notice)];
			await ask(sql`WITH gone AS (DELETE FROM @told WHERE name = ${name}::text AND key = ANY(${over}::text[]))
				INSERT INTO @told (name, key, notice, seen)
				SELECT ${name}::text, key, notice, now() FROM unnest(${keys}::text[], ${notices}::text[]) AS given (key, notice)
				ON CONFLICT (name, key) DO UPDATE SET notice = excluded.notice, seen = excluded.seen`);
		},
	};
}
