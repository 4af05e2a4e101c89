/** Gap records as people look at them, until they are acknowledged. */
import type { DatabaseSync } from 'node:sqlite';
import { noteAction } from './actions';
import { several, type Who } from '../actions';
import { immediate } from './transaction';
import type { Acknowledged, GapFilter, KeptGap } from '../gaps';

/** That a source begins somewhere is no news: each does, once. */
export const OPEN_GAP = "acknowledged IS NULL AND reason <> 'collection_start'";

const COLUMNS = 'id, stream, reason, "from", "to", detail, at, acknowledged, acknowledged_by AS acknowledgedBy';
const CHOSEN = '(:stream IS NULL OR stream = :stream) AND (:reason IS NULL OR reason = :reason)';

/** Newest first; `total` counts those beyond the limit too. `all`: also what needs nobody any more. */
export function listGaps(db: DatabaseSync, filter: GapFilter, { limit, all }: { limit: number; all: boolean }) {
	const where = all ? CHOSEN : `${CHOSEN} AND ${OPEN_GAP}`;
	const list = db.prepare(`SELECT ${COLUMNS} FROM gaps WHERE ${where} ORDER BY id DESC LIMIT :limit`);
	list.setReadBigInts(true);
	return {
		total: Number(db.prepare(`SELECT count(*) AS n FROM gaps WHERE ${where}`).get(named(filter))?.['n']),
		gaps: list.all({ ...named(filter), limit }).map((row) => {
			const known = Object.entries(row).filter(([, value]) => value !== null);
			return { ...(Object.fromEntries(known) as unknown as KeptGap), id: Number(row['id']) };
		}),
	};
}

/** Not fenced by the lease: that somebody has looked at a gap is right whoever owns the state now. */
export function acknowledgeGaps(db: DatabaseSync, which: readonly number[] | GapFilter, who: Who): Acknowledged {
	const ids = isList(which);
	const where = ids ? 'id IN (SELECT value FROM json_each(:ids))' : CHOSEN;
	const mark = db.prepare(
		`UPDATE gaps SET acknowledged = :at, acknowledged_by = :by WHERE ${where} AND ${OPEN_GAP} RETURNING id, stream, reason`,
	);
	return immediate(db)(() => {
		const chosen = ids ? { ids: JSON.stringify(which) } : named(which);
		const rows = mark.all({ ...chosen, ...who }) as { id: number; stream: string; reason: string }[];
		const unknown = ids ? which.filter((id) => !rows.some((row) => row.id === id)) : [];
		if (rows.length === 0) return { gaps: 0, unknown };
		const sources = [...new Set(rows.map(({ stream }) => stream))].join(', ');
		const reasons = [...new Set(rows.map(({ reason }) => reason))].join(', ');
		const what = `gaps acknowledge: ${several(rows.length, 'gap')} of ${sources} (${reasons})`;
		return { gaps: rows.length, unknown, action: noteAction(db, who, what) };
	});
}

/**
 * Whoever has retried or discarded the last dead letter of a source has settled the gaps about them. To be called inside
 * the transaction that does it.
 */
export function settleRejections(db: DatabaseSync, who: Who): void {
	db.prepare(
		`UPDATE gaps SET acknowledged = :at, acknowledged_by = :by WHERE reason = 'rejected' AND ${OPEN_GAP}
			AND stream NOT IN (SELECT stream FROM dead_letters)`,
	).run({ ...who });
}

const isList = (which: readonly number[] | GapFilter): which is readonly number[] => Array.isArray(which);

const named = ({ stream, reason }: GapFilter) => ({ stream: stream ?? null, reason: reason ?? null });
