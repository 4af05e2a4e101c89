/** Gap records and verdicts as people look at them, until they are acknowledged. None of it is in the memory of an owner. */
import type { Gap } from '../../../core/walk/contract';
import type { Action, Who } from '../actions';
import type { Acknowledged, GapFilter, KeptGap } from '../gaps';
import { changeBy } from './actions';
import type { Beside } from './beside';
import { sql, type Sql } from './sql';

type Chosen = readonly number[] | GapFilter;

/** That a source begins somewhere is no news: each does, once. */
export const OPEN_GAP = sql`acknowledged IS NULL AND reason <> 'collection_start'`;

const isList = (which: Chosen): which is readonly number[] => Array.isArray(which);

function where(which: Chosen): Sql {
	if (isList(which)) return sql`id = ANY(${which}::bigint[])`;
	const { stream = null, reason = null } = which;
	return sql`(${stream}::text IS NULL OR stream = ${stream}::text) AND (${reason}::text IS NULL OR reason = ${reason}::text)`;
}

type Stored = Record<'id' | 'at', bigint> &
	Record<'from' | 'to' | 'acknowledged', bigint | null> & {
		stream: string;
		reason: Gap['reason'];
		detail: string;
		acknowledgedBy: string | null;
	};

/** Newest first; `total` counts those beyond the limit too. `all`: also what needs nobody any more. */
export async function listGaps(state: Beside, filter: GapFilter, { limit, all }: { limit: number; all: boolean }) {
	const chosen = all ? where(filter) : sql`${where(filter)} AND ${OPEN_GAP}`;
	const [count] = await state.read<{ total: number }>(sql`SELECT count(*)::int AS total FROM @gaps WHERE ${chosen}`);
	const rows = await state.read<Stored>(
		sql`SELECT id, stream, reason, "from", "to", detail, at, acknowledged, acknowledged_by AS "acknowledgedBy"
			FROM @gaps WHERE ${chosen} ORDER BY id DESC LIMIT ${limit}::int`,
	);
	return { total: count!.total, gaps: rows.map(gapOf) };
}

function gapOf({ id, stream, reason, from, to, detail, at, acknowledged, acknowledgedBy }: Stored): KeptGap {
	return {
		...{ id: Number(id), stream, reason, detail, at },
		...(from !== null && { from }),
		...(to !== null && { to }),
		...(acknowledged !== null && { acknowledged }),
		...(acknowledgedBy !== null && { acknowledgedBy }),
	};
}

export async function acknowledgeGaps(state: Beside, which: Chosen, who: Who): Promise<Acknowledged> {
	const effect = sql`UPDATE @gaps SET acknowledged = ${who.at}::bigint, acknowledged_by = ${who.by}::text FROM turn
		WHERE ${where(which)} AND ${OPEN_GAP} RETURNING id, stream, reason`;
	const what = sql`'gaps acknowledge: ' || count(*) || CASE count(*) WHEN 1 THEN ' gap' ELSE ' gaps' END
		|| ' of ' || string_agg(DISTINCT stream, ', ') || ' (' || string_agg(DISTINCT reason, ', ') || ')'`;
	const { rows, action } = await changeBy<{ id: bigint }>(state, who, effect, what);
	const marked = new Set(rows.map(({ id }) => Number(id)));
	const unknown = isList(which) ? which.filter((id) => !marked.has(id)) : [];
	return { gaps: rows.length, unknown, ...(action && { action }) };
}

/** What the last checks found broken, of one stream or of all. Returns their names. */
export async function acknowledgeVerdicts(
	state: Beside,
	stream: string | undefined,
	who: Who,
): Promise<{ streams: string[]; action?: Action }> {
	const effect = sql`UPDATE @streams SET verdict_acknowledged = ${who.at}::bigint FROM turn
		WHERE last_verdict = 'broken' AND verdict_acknowledged IS NULL
			AND (${stream ?? null}::text IS NULL OR name = ${stream ?? null}::text) RETURNING name`;
	const what = sql`'verify --acknowledge: broken verdict of ' || string_agg(name, ', ' ORDER BY name)`;
	const { rows, action } = await changeBy<{ name: string }>(state, who, effect, what);
	return { streams: rows.map(({ name }) => name), ...(action && { action }) };
}

/** Whoever has retried or discarded the last dead letter of a source has settled the gaps about them. */
export async function settleRejections(state: Beside, who: Who): Promise<void> {
	await state.read(
		sql`UPDATE @gaps SET acknowledged = ${who.at}::bigint, acknowledged_by = ${who.by}::text
			WHERE reason = 'rejected' AND ${OPEN_GAP} AND stream NOT IN (SELECT stream FROM @dead_letters)`,
	);
}
