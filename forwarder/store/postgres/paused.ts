/** Sources that a person has paused: in no owner's memory, every worker looks at them with each beat. */
import type { Nanos } from '../../../core/contract';
import type { Who } from '../actions';
import { pausing, RESUMING, type ChangeWords, type PauseChanged, type PausedSource } from '../paused';
import { changeBy } from './actions';
import type { Beside } from './beside';
import { sql, type Sql } from './sql';

export interface PausedRow {
	source: string;
	since: Nanos;
	by: string;
	note: string | null;
}

export const pausedOf = (which: Sql): Sql =>
	sql`SELECT source, since, by, note FROM (SELECT source AS stream, * FROM @paused_sources) p WHERE ${which} ORDER BY source`;

export const pausedIn = (rows: readonly PausedRow[]): PausedSource[] =>
	rows.map(({ note, ...row }) => ({ ...row, ...(note !== null && { note }) }));

export function pauseSources(
	state: Beside,
	sources: readonly string[],
	note: string | undefined,
	who: Who,
): Promise<PauseChanged> {
	const add = sql`INSERT INTO @paused_sources (source, since, by, note)
		SELECT name, ${who.at}::bigint, ${who.by}::text, ${note ?? null}::text FROM unnest(${[...sources]}::text[]) name, turn
		ON CONFLICT DO NOTHING RETURNING source`;
	return change(state, add, pausing(note), who);
}

export function resumeSources(state: Beside, sources: readonly string[], who: Who): Promise<PauseChanged> {
	const remove = sql`DELETE FROM @paused_sources USING turn WHERE source = ANY(${[...sources]}::text[]) RETURNING source`;
	return change(state, remove, RESUMING, who);
}

async function change(state: Beside, effect: Sql, { before, after }: ChangeWords, who: Who): Promise<PauseChanged> {
	const what = sql`${before}::text || string_agg(source, ', ' ORDER BY source COLLATE "C") || ${after}::text`;
	const { rows, action } = await changeBy<{ source: string }>(state, who, effect, what);
	return { sources: rows.map(({ source }) => source).sort(), ...(action && { action }) };
}

export async function pausedNow(state: Beside): Promise<PausedSource[]> {
	return pausedIn(await state.read<PausedRow>(pausedOf(sql`true`)));
}
