/** What was written before sources kept a state of their own: that of one of them, in fields of the stream and its walk. */
import type { EventKey, Kept } from '../contract';

export function formerKept(anchors: readonly EventKey[], neverClimb: boolean): Kept | undefined {
	if (anchors.length === 0 && !neverClimb) return undefined;
	return { anchors: anchors.map(({ id, time }) => [id, String(time)]), ...(neverClimb && { neverClimb }) };
}

/** A walk that had begun at an anchor begins again: what it has read is known by its ids. */
export function formerWalk<T extends object>(walk: T & { climbing?: unknown }): Omit<T, 'climbing'> | undefined {
	return walk.climbing === undefined ? walk : undefined;
}

/** A bigint, or a text that looked like one: each `~` before it says that it is a text. */
const BIGINT = /^(~*)(-?\d+)n$/;

/** State as it was written while instants were `"123n"`. */
export function formerState(text: string): unknown {
	return JSON.parse(text, (_key, part: unknown) => {
		const [, marks, digits] = (typeof part === 'string' && BIGINT.exec(part)) || [];
		if (digits === undefined) return part;
		return marks ? (part as string).slice(1) : BigInt(digits);
	});
}
