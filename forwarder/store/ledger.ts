/** What one stream has stored, as far back as it is remembered: the completeness check compares with it. */
import type { Gap } from '../../core/walk/contract';
import type { Interval } from '../../core/walk/intervals';
import type { EventKey, Nanos } from '../../core/contract';
import { DAY } from '../../core/time';
import type { Verified } from './verified';

/** How long it is remembered, where the configuration says nothing. */
export const KEEP: Nanos = 30n * DAY;

export interface Ledger {
	/** Spans of which every event, within the promise, must be there. Undefined before the first poll. */
	spans(): Promise<{ spans: Interval[]; watermark: Nanos } | undefined>;
	/** What became of each of them, in their order; undefined for what is not there. */
	find(events: readonly EventKey[]): Promise<('shipped' | 'dropped' | undefined)[]>;
	/** Those that are there at whatever time; in one pass through all of it. */
	anywhere<T extends { id: string }>(events: readonly T[]): Promise<T[]>;
	count(span: Interval): Promise<number>;
	/** Time of the entry that comes `count` entries after `from`, or of one that follows it on its page. */
	timeAfter(from: Nanos, count: number): Promise<Nanos | undefined>;
	/** Events of the span that some destination has not acknowledged. */
	waiting(span: Interval): Promise<number>;
	deadLettered(span: Interval): Promise<number>;
	/** Of elements that are not events: those that are among the dead letters. */
	kept(ids: readonly string[]): Promise<ReadonlySet<string>>;
	/** Gaps on record that touch the span. */
	gaps(span: Interval): Promise<Gap[]>;
}

/** Outcomes of scheduled completeness checks of one stream. */
export interface Verdicts {
	readonly ledger: Ledger;
	/** When the last check ended. */
	lastAt(): Promise<Nanos | undefined>;
	/**
	 * Keeps the verdict and ships its record, and a gap record for everything that was not said before. Atomic and durable.
	 * @param places where it is broken: when all of them were so in the check before, nothing is new, and whoever has seen it
	 * need not look again
	 */
	note(verified: Verified, gaps: readonly Gap[], places: readonly string[]): Promise<void>;
}
