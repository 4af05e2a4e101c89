/**
 * What people did by hand. Whoever follows it looks for numbers above the last one that he has seen, so they have to become visible in
 * their order: one at a time gets a number, until its statement is over.
 */
import type { Action, Who } from '../actions';
import type { Beside } from './beside';
import { sql, type Sql } from './sql';

/** To be read before a row is added, and before anything else is locked. */
export const TURN = sql`SELECT pg_advisory_xact_lock(('@actions'::regclass::oid)::bigint)`;

/** A row. @param from what has to be so, with the turn in it */
export const actionRow = ({ by, at }: Who, what: Sql, from: Sql): Sql =>
	sql`INSERT INTO @actions (at, by, what) SELECT ${at}::bigint, ${by}::text, ${what} FROM ${from}`;

/**
 * A change and what is said of it, in one statement; nothing is said of no change.
 * @param effect reads `turn`, and returns what it has changed
 * @param what is made of that, which is named `changed`
 */
export async function changeBy<Row>(
	state: Beside,
	who: Who,
	effect: Sql,
	what: Sql,
): Promise<{ rows: Row[]; action?: Action }> {
	const rows = await state.read<Row & { said: string }>(
		sql`WITH turn AS (${TURN}), changed AS (${effect}),
			noted AS (${actionRow(who, what, sql`changed HAVING count(*) > 0`)} RETURNING what AS said)
			SELECT changed.*, said FROM changed, noted`,
	);
	return { rows, ...(rows.length > 0 && { action: { ...who, what: rows[0]!.said } }) };
}

export async function noteAction(state: Beside, who: Who, what: string): Promise<Action> {
	await state.read(sql`WITH turn AS (${TURN}) ${actionRow(who, sql`${what}::text`, sql`turn`)}`);
	return { ...who, what };
}
