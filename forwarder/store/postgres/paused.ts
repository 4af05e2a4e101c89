/** Sources that a person has paused: in no owner's memory, every worker looks at them with each beat. */
import type { Nanos } from '../../../core/contract';
import type { Who } from '../actions';
import { pausedText, resumedText, type PauseChanged, type PausedSource } from '../paused';
import type { Beside } from './beside';
import { noteAction } from './gapAdmin';
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

export async function pauseSources(
	state: Beside,
	sources: readonly string[],
	note: string | undefined,
	who: Who,
): Promise<PauseChanged> {
	const rows = await state.read<{ source: string }>(
		sql`INSERT INTO @paused_sources (source, since, by, note)
			SELECT name, ${who.at}::bigint, ${who.by}::text, ${note ?? null}::text FROM unnest(${[...sources]}::text[]) name
			ON CONFLICT DO NOTHING RETURNING source`,
	);
	return changed(state, rows, who, (names) => pausedText(names, note));
}

export async function resumeSources(state: Beside, sources: readonly string[], who: Who): Promise<PauseChanged> {
	const rows = await state.read<{ source: string }>(
		sql`DELETE FROM @paused_sources WHERE source = ANY(${[...sources]}::text[]) RETURNING source`,
	);
	return changed(state, rows, who, resumedText);
}

async function changed(
	state: Beside,
	rows: readonly { source: string }[],
	who: Who,
	text: (names: readonly string[]) => string,
): Promise<PauseChanged> {
	const sources = rows.map(({ source }) => source).sort();
	if (sources.length === 0) return { sources };
	return { sources, action: await noteAction(state, who, text(sources)) };
}
