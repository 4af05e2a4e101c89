/**
 * A search through what dead letters say: the newest first, and in steps between which others have their turn, because there may be a million
 * of them, and who searches shares a thread, or a database, with who polls and ships.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LetterFilter, LetterKind } from './deadLetters';

export type Searched = LetterFilter & { text: string };

export interface Step {
	/** Those that fit. */
	found: readonly number[];
	/** How many were looked at. */
	looked: number;
	/** The oldest of them. */
	last: number;
}

/** Looks at so many that have a smaller number. */
export type Look = (below: number, most: number) => Step | Promise<Step>;

export interface Found {
	/** The newest first. */
	ids: number[];
	looked: number;
	/** There was no time for the others. */
	isCut: boolean;
}

export interface Pace {
	/** Of one step, about. */
	stepMs: number;
	/** Of all together. */
	limitMs?: number;
	/** Milliseconds that only go forwards. */
	now?: () => number;
}

const FIRST = 100;
const LEAST = 10;
const MOST = 20_000;

export async function search(look: Look, pace: Pace): Promise<Found> {
	const { stepMs, limitMs = Infinity, now = () => performance.now() } = pace;
	const until = now() + limitMs;
	const ids: number[] = [];
	let [below, most, looked] = [Number.MAX_SAFE_INTEGER, FIRST, 0];
	for (;;) {
		const begun = now();
		const step = await look(below, most);
		const took = now() - begun;
		for (const id of step.found) ids.push(id);
		looked += step.looked;
		if (step.looked < most) return { ids, looked, isCut: false };
		if (now() >= until) return { ids, looked, isCut: true };
		below = step.last;
		if (took > stepMs) most = Math.max(LEAST, Math.floor(most / 2));
		else if (took < stepMs / 2) most = Math.min(MOST, most * 2);
		await nextTurn();
	}
}

/** What letters are chosen by, without a search. */
export type Chosen = readonly number[] | LetterKind;

export async function chosen(
	which: readonly number[] | LetterFilter,
	find: (filter: Searched) => Promise<Found>,
): Promise<Chosen> {
	if (isList(which)) return which;
	const { text, ...kind } = which;
	return text === undefined ? kind : (await find({ ...kind, text })).ids;
}

export const isList = <T>(which: readonly number[] | T): which is readonly number[] => Array.isArray(which);
