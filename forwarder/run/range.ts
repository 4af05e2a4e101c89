/** Which part of the past is meant: words to instants, and how they go together with what is there. */
import type { Nanos } from '../../core/contract';
import { formatInstant } from '../../core/time';
import type { Interval } from '../../core/walk/intervals';
import { startOf } from '../config/buildSource';
import type { Backfill } from '../store/backfill';

export interface Asked {
	from?: Nanos;
	to?: Nanos;
	/** In the user's words, to know the same request again: ages mean other instants each time. */
	text: string;
}

export interface NoRange {
	key: 'from' | 'to';
	mistake: string;
	fix: string;
}

export function readRange({ from, to }: { from?: string; to?: string }, nowMs: number): Asked | NoRange {
	const given = { from: instant(from, nowMs), to: instant(to, nowMs) };
	for (const key of ['from', 'to'] as const) {
		const found = given[key];
		if (typeof found === 'string')
			return { key, mistake: found, fix: 'write an ISO 8601 instant, a date or an age (30d)' };
	}
	return {
		...(given.from !== undefined && { from: given.from as Nanos }),
		...(given.to !== undefined && { to: given.to as Nanos }),
		text: from === undefined ? '' : `${from} to ${to ?? 'start'}`,
	};
}

/** A text: what is wrong with it. */
function instant(text: string | undefined, nowMs: number): Nanos | string | undefined {
	if (text === undefined) return undefined;
	const found = startOf(text, nowMs);
	return typeof found === 'bigint' ? found : found.what;
}

export type Agreed =
	/** With the unfinished job. */
	| { kind: 'goOn'; job: Backfill }
	/** A new one; `cut`: it ends where the live walk begins. */
	| ({ kind: 'begin'; cut: boolean } & Interval)
	/** An unfinished one of another range is there. */
	| { kind: 'another'; job: Backfill }
	| { kind: 'noFrom' }
	/** The live walk reads all of it. */
	| { kind: 'tooLate' }
	| { kind: 'empty' };

export function agreed(asked: Asked, start: Nanos, unfinished: Backfill | undefined): Agreed {
	const { from, to = start } = asked;
	if (unfinished) {
		const within = from === undefined || (from >= unfinished.from && to <= unfinished.to);
		return { kind: within || asked.text === unfinished.asked ? 'goOn' : 'another', job: unfinished };
	}
	if (from === undefined) return { kind: 'noFrom' };
	if (from >= start) return { kind: 'tooLate' };
	if (from >= to) return { kind: 'empty' };
	return { kind: 'begin', cut: to > start, from, to: to < start ? to : start };
}

export function rangeText({ from, to }: Interval): string {
	return `${formatInstant(from, 0)} to ${formatInstant(to, 0)}`;
}
