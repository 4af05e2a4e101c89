/**
 * What older state files say otherwise: instants as `"123n"`, positions of before sources kept a state of their own, and outcomes of
 * completeness checks that were gaps with JSON as their text.
 */
import type { DatabaseSync } from 'node:sqlite';
import { encode, gapsForm, intervalsForm, keptForm, walkForm } from '../../../core/walk/codec';
import type { Gap, Walk } from '../../../core/walk/contract';
import { formerKept, formerState, formerWalk } from '../../../core/walk/former';
import type { Interval } from '../../../core/walk/intervals';
import type { EventKey } from '../../../core/contract';
import { type FormerGap, isVerify } from '../former';
import { readVerified, verifiedForm } from '../verified';

/** A step of the migration. What cannot be read stays as it is: it is found as damaged by whoever wants it next. */
export function keepFormer(db: DatabaseSync): void {
	const rows = db.prepare('SELECT name, walk, anchors, never_climb, covered FROM streams');
	const update = db.prepare('UPDATE streams SET kept = ?, walk = ?, covered = ? WHERE name = ?');
	for (const { name, walk, anchors, never_climb, covered } of rows.all() as unknown as Row[])
		update.run(keptText(anchors, never_climb !== 0), walkText(walk), coveredText(covered), name);
	const jobs = db.prepare('SELECT id, walk FROM backfills WHERE walk IS NOT NULL');
	const keep = db.prepare('UPDATE backfills SET walk = ? WHERE id = ?');
	for (const { id, walk } of jobs.all() as unknown as { id: number; walk: string }[]) keep.run(walkText(walk), id);
}

interface Row {
	name: string;
	walk: string | null;
	anchors: string;
	never_climb: number;
	covered: string;
}

function keptText(anchors: string, neverClimb: boolean): string | null {
	try {
		const kept = formerKept(formerState(anchors) as EventKey[], neverClimb);
		return kept ? encode(keptForm, kept) : null;
	} catch {
		return anchors;
	}
}

function walkText(walk: string | null): string | null {
	if (walk === null) return null;
	try {
		const same = formerWalk(formerState(walk) as Walk);
		return same ? encode(walkForm, same) : null;
	} catch {
		return walk;
	}
}

function coveredText(covered: string): string {
	try {
		return encode(intervalsForm, formerState(covered) as Interval[]);
	} catch {
		return covered;
	}
}

/** A step of the migration, as the one above. */
export function keepFormerGaps(db: DatabaseSync): void {
	const rows = db.prepare("SELECT id, gaps FROM batches WHERE gaps <> '[]'");
	const update = db.prepare('UPDATE batches SET gaps = ?, verified = ? WHERE id = ?');
	for (const { id, gaps } of rows.all() as unknown as { id: number; gaps: string }[]) {
		const columns = gapColumns(gaps);
		if (columns) update.run(columns.gaps, columns.verified, id);
	}
}

function gapColumns(text: string): Record<'gaps' | 'verified', string | null> | undefined {
	try {
		const all = formerState(text) as (Gap | FormerGap)[];
		const verified = readVerified(all.find(isVerify)?.detail ?? '');
		const gaps = encode(gapsForm, (verified ? all.filter((gap) => !isVerify(gap)) : all) as Gap[]);
		return { gaps, verified: verified ? encode(verifiedForm, verified) : null };
	} catch {
		return undefined;
	}
}
