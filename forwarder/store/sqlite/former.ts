/**
 * What older state files and exports say otherwise: positions of before sources kept a state of their own, and outcomes of
 * completeness checks that were gaps with JSON as their text.
 */
import type { DatabaseSync } from 'node:sqlite';
import { formerKept, formerWalk } from '../../../core/walk/former';
import { parseInstant } from '../../../core/time';
import type { EventKey } from '../../../core/contract';
import { decodeState, encodeState } from '../codec';
import { readVerified } from '../verified';

/** A step of the migration. What is not JSON stays as it is: it is found as damaged by whoever wants it next. */
export function keepFormer(db: DatabaseSync): void {
	const rows = db.prepare(
		"SELECT name, walk, anchors, never_climb FROM streams WHERE anchors <> '[]' OR never_climb <> 0",
	);
	const update = db.prepare('UPDATE streams SET kept = ?, walk = ? WHERE name = ?');
	for (const { name, walk, anchors, never_climb } of rows.all() as unknown as Row[])
		update.run(keptText(anchors, never_climb !== 0), isOver(walk) ? null : walk, name);
}

interface Row {
	name: string;
	walk: string | null;
	anchors: string;
	never_climb: number;
}

function keptText(anchors: string, neverClimb: boolean): string | null {
	try {
		const kept = formerKept(decodeState<EventKey[]>(anchors), neverClimb);
		return kept ? encodeState(kept) : null;
	} catch {
		return anchors;
	}
}

function isOver(walk: string | null): boolean {
	try {
		return walk !== null && formerWalk(decodeState(walk)) === undefined;
	} catch {
		return false;
	}
}

/** A stream of an export, as it is exported now. What is not of the former shape comes back as it is. */
export function renewedStream(row: unknown): unknown {
	if (typeof row !== 'object' || row === null || !('anchors' in row)) return row;
	const { anchors, never_climb, walk, ...rest } = row as FormerStream;
	try {
		const known = anchors.map(({ id, time }) => ({ id, time: parseInstant(time)! }));
		const kept = formerKept(known, never_climb) ?? null;
		return { ...rest, walk: (walk && formerWalk(walk)) ?? null, kept };
	} catch {
		return row;
	}
}

interface FormerStream {
	anchors: { id: string; time: string }[];
	never_climb: boolean;
	walk: { climbing?: string } | null;
}

interface FormerGap {
	reason: string;
	detail: string;
}

const isVerify = ({ reason }: FormerGap) => reason === 'verify';

/** A step of the migration. */
export function liftVerified(db: DatabaseSync): void {
	const rows = db.prepare(`SELECT id, gaps FROM batches WHERE gaps LIKE '%"verify"%' AND json_valid(gaps)`).all();
	const update = db.prepare('UPDATE batches SET gaps = ?, verified = ? WHERE id = ?');
	for (const { id, gaps } of rows as { id: number; gaps: string }[]) {
		const all = JSON.parse(gaps) as FormerGap[];
		const verified = readVerified(all.find(isVerify)?.detail ?? '');
		if (verified) update.run(JSON.stringify(all.filter((gap) => !isVerify(gap))), encodeState(verified), id);
	}
}

/** A batch of an export, as it is exported now. */
export function renewedBatch(row: unknown): unknown {
	const { gaps, ...rest } = (row ?? {}) as { gaps?: FormerGap[] };
	const former = Array.isArray(gaps) ? gaps.find(isVerify) : undefined;
	if (!former) return row;
	try {
		return { ...rest, gaps: gaps!.filter((gap) => !isVerify(gap)), verified: JSON.parse(former.detail) as unknown };
	} catch {
		return row;
	}
}
