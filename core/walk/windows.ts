/** The windows of a walk: from the top again, or in two. */
import type { Range, Source } from '../contract';
import type { Nanos, Walk } from './contract';

/** Back to the beginning of a window. */
export const fromTheTop = { position: undefined, begun: undefined, oldest: undefined, below: undefined, pages: 0 };

/** Two windows that share their boundary instant; an open one stays open at the top. */
export function halve({ lower, upper }: Range, startedAt: Nanos | undefined): [Range, Range] | undefined {
	const top = upper ?? startedAt;
	if (top === undefined || top - lower < 2n) return undefined;
	const middle = lower + (top - lower) / 2n;
	return [
		{ lower, upper: middle },
		{ lower: middle, upper },
	];
}

/** With these two instead of the current window. */
export function inHalves(walk: Walk, halves: [Range, Range]): Walk {
	return { ...walk, ...fromTheTop, windows: [...halves, ...walk.windows.slice(1)], rejections: 0 };
}

/** An upper bound would be one of another time: what is stored in a half and happened before it would be in none. */
export function isDivisible({ bounds }: Pick<Source, 'bounds'>): boolean {
	return bounds !== 'stored';
}
