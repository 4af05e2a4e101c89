/** A back-fill as people see it, and what ends the work on one. */
import type { Interval } from '../../core/walk/intervals';
import type { Nanos } from '../../core/contract';
import { formatInstant } from '../../core/time';

export interface Backfill extends Interval {
	id: number;
	stream: string;
	/** The range in the words it was asked for. */
	asked: string;
	done: Nanos;
	pages: number;
	/** New events put into the outbox. */
	events: number;
	started: Nanos;
	/** Finished, or cancelled. */
	ended?: Nanos;
	cancelled: boolean;
}

/** What somebody wants to have read of the past. */
export interface AskedPast extends Interval {
	stream: string;
	/** The range in the words it was asked for. */
	asked: string;
}

/** How `actions` says it. */
export const askedText = ({ stream, from, to }: AskedPast): string =>
	`backfill: ${stream}, ${formatInstant(from, 0)} to ${formatInstant(to, 0)}`;

export const cancelledText = (stream: string): string => `backfill --cancel: ${stream}`;

/** The job was cancelled, perhaps by another process, while a page was read; nothing of that page is kept. */
export class BackfillEnded extends Error {
	override name = 'BackfillEnded';
}
