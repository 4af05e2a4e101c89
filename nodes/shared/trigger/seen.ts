/**
 * The ids that a trigger has seen. The newer ones are kept as they are, because a source may keep some of them to begin its next walk at; of the
 * older ones eight bytes each have to do, by the ten minutes in which their event happened: n8n's static data must stay small.
 */
import type { EventKey } from '../../../core/walk/contract';
import type { Nanos } from '../../../core/contract';
import { hash128 } from '../../../core/record/hash';
import { SECOND } from '../../../core/time';

export interface Seen {
	ids: Map<string, Nanos>;
	/** Hashes of older ones, with the span in which their event happened. */
	old: Map<string, number>;
}

/** Half a mebibyte as text. */
const MOST_OLD = 40_000;
/** Kept whole below the watermark. */
const WHOLE = 3;

const SPAN = 600n * SECOND;
const endOf = (span: number): Nanos => BigInt(span + 1) * SPAN;

/** Letters and digits for 64 bits, always the same number of them. */
export const HASH_LENGTH = 13;

function hash(id: string): string {
	const whole = hash128(id);
	const folded = BigInt(`0x${whole.slice(0, 16)}`) ^ BigInt(`0x${whole.slice(16)}`);
	return folded.toString(36).padStart(HASH_LENGTH, '0');
}

export function isSeen({ ids, old }: Seen, id: string): boolean {
	return ids.has(id) || (old.size > 0 && old.has(hash(id)));
}

export function forget({ ids, old }: Seen, below: Nanos): void {
	for (const [id, time] of ids) if (time < below) ids.delete(id);
	for (const [one, span] of old) if (endOf(span) <= below) old.delete(one);
}

/** The newest not after `time`, newest first. */
export function newestUpTo({ ids }: Seen, time: Nanos, count: number): EventKey[] {
	const known = [...ids].filter(([, seenTime]) => seenTime <= time);
	known.sort(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0));
	return known.slice(0, count).map(([id, seenTime]) => ({ id, time: seenTime }));
}

/** What is to be kept; `floor`: the oldest did not fit, so that events from before it must no longer be looked at. */
export function compact(seen: Seen, watermark: Nanos): { seen: Seen; floor?: Nanos } {
	const whole = new Set(newestUpTo(seen, watermark - 1n, WHOLE).map(({ id }) => id));
	const ids = new Map<string, Nanos>();
	const old = new Map(seen.old);
	for (const [id, time] of seen.ids) {
		if (time >= watermark || whole.has(id)) ids.set(id, time);
		else old.set(hash(id), Number(time / SPAN));
	}
	if (old.size <= MOST_OLD) return { seen: { ids, old } };
	const spans = [...old.values()].sort((a, b) => b - a);
	const dropped = spans[MOST_OLD]!;
	for (const [one, span] of old) if (span <= dropped) old.delete(one);
	// the watermark may lie in that span: everything above it is known by its id
	const floor = endOf(dropped) < watermark ? endOf(dropped) : watermark;
	return { seen: { ids, old }, floor };
}
