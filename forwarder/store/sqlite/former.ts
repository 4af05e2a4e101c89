/**
 * What older state files and exports say otherwise: positions of before sources kept a state of their own, and outcomes of
 * completeness checks that were gaps with JSON as their text.
 */
import type { DatabaseSync } from 'node:sqlite';
import { formerKept, formerWalk } from '../../../core/walk/former';
import type { EventKey } from '../../../core/contract';
import { decodeState, encodeState } from '../codec';
import { readVerified } from '../verified';
import { type FormerGap, isVerify } from '../former';

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
