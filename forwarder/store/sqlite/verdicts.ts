/** Outcomes of scheduled completeness checks: kept for `status`, and shipped as records. */
import type { DatabaseSync } from 'node:sqlite';
import type { Gap } from '../../../core/walk/contract';
import type { Nanos } from '../../../core/contract';
import { noteAction } from './actions';
import type { Action, Who } from '../actions';
import { batchWriter } from './batches';
import { openLedger } from './ledger';
import type { Shared } from './shared';
import type { StreamName } from '../contract';
import { immediate } from './transaction';
import { prepared } from './prepared';
import type { Verdicts } from '../ledger';

/** The last check found something broken, and it is not acknowledged yet. */
export const OPEN_VERDICT = "last_verdict = 'broken' AND verdict_acknowledged IS NULL";

export function openVerdicts(shared: Shared, { name, destinations }: StreamName): Verdicts {
	const { db, transaction, now } = shared;
	const last = prepared(db, 'SELECT last_verdict_at AS at FROM streams WHERE name = ?');
	last.setReadBigInts(true);
	const before = prepared(db, 'SELECT verdict_places AS places FROM streams WHERE name = ?');
	const keep = prepared(
		db,
		`UPDATE streams SET last_verdict = ?, last_verdict_at = ?, verdict_places = ?,
			verdict_acknowledged = iif(?, verdict_acknowledged, NULL) WHERE name = ?`,
	);
	const said = prepared(
		db,
		'SELECT 1 FROM gaps WHERE stream = ? AND reason = ? AND "from" IS ? AND "to" IS ? AND detail = ?',
	);
	const batches = batchWriter(db);

	return {
		ledger: openLedger(db, name),
		lastAt: async () => (last.get(name)?.['at'] as Nanos | null | undefined) ?? undefined,
		async note(verified, gaps, places) {
			transaction(() => {
				const observed = now();
				const known = new Set(JSON.parse(String(before.get(name)?.['places'] ?? '[]')) as string[]);
				const isOld = places.length > 0 && places.every((place) => known.has(place));
				keep.run(verified.verdict, observed, JSON.stringify(places), Number(isOld), name);
				const isNew = ({ reason, from, to, detail }: Gap) =>
					said.get(name, reason, from ?? null, to ?? null, detail) === undefined;
				const unsaid = isOld ? [] : gaps.filter(isNew);
				for (const gap of unsaid) batches.noteGap(name, gap, observed);
				batches.add({ stream: name, destinations, observed, events: [], gaps: unsaid, verified });
			});
			shared.batchAdded();
		},
	};
}

/**
 * Somebody has seen what the last checks found broken, of one stream or of all. Returns their names. Not fenced by the lease: it
 * is right whoever owns the state now.
 */
export function acknowledgeVerdicts(
	db: DatabaseSync,
	stream: string | undefined,
	who: Who,
): { streams: string[]; action?: Action } {
	const mark = prepared(
		db,
		`UPDATE streams SET verdict_acknowledged = ?1 WHERE ${OPEN_VERDICT} AND (?2 IS NULL OR name = ?2) RETURNING name`,
	);
	return immediate(db)(() => {
		const streams = mark.all(who.at, stream ?? null).map(({ name }) => String(name));
		if (streams.length === 0) return { streams };
		return { streams, action: noteAction(db, who, `verify --acknowledge: broken verdict of ${streams.join(', ')}`) };
	});
}
