/** Spans of time that were read whole. Half-open, so that an instant belongs to one span and touching spans are one. */
import type { Nanos } from '../contract';

export interface Interval {
	from: Nanos;
	/** Not included. */
	to: Nanos;
}

/** All of both, in order, with touching and overlapping ones merged. Empty intervals vanish. */
export function merged(intervals: readonly Interval[]): Interval[] {
	const result: Interval[] = [];
	const sorted = intervals.filter(({ from, to }) => from < to).sort((a, b) => (a.from < b.from ? -1 : 1));
	for (const { from, to } of sorted) {
		const last = result.at(-1);
		if (!last || from > last.to) result.push({ from, to });
		else if (to > last.to) last.to = to;
	}
	return result;
}

/** What is left of `intervals` (merged) without a span. */
export function without(intervals: readonly Interval[], { from, to }: Interval): Interval[] {
	const parts = intervals.flatMap((one) => [
		{ from: one.from, to: one.to < from ? one.to : from },
		{ from: one.from > to ? one.from : to, to: one.to },
	]);
	return merged(parts);
}

/** The first part of a span, at most `width` wide, that `covered` (merged) leaves open. */
export function firstOpen({ from, to }: Interval, width: Nanos, covered: readonly Interval[]): Interval | undefined {
	const inside = covered.find((one) => one.from <= from && from < one.to);
	const start = inside ? inside.to : from;
	if (start >= to) return undefined;
	const next = covered.find((one) => one.from > start)?.from;
	return { from: start, to: [start + width, to, next ?? to].reduce((a, b) => (b < a ? b : a)) };
}
