/** What the state holds, as an operator looks at it: positions rather than progress. */
import type { Walk } from '../../core/walk/contract';
import type { Interval } from '../../core/walk/intervals';
import type { Kept, Nanos } from '../../core/contract';

export interface StreamPosition {
	name: string;
	fingerprint: string;
	/** What the fingerprint was made of, as JSON. */
	settings?: string;
	/** Absent before the first poll. */
	start?: Nanos;
	watermark?: Nanos;
	walk?: Walk;
	/** Of the source's memory. */
	kept?: Kept;
	/** Read by back-fill. */
	covered: Interval[];
	/** Ids that are known, so that they are not shipped again. */
	seen: number;
}

export interface Inspection {
	version: number;
	epoch: number;
	/** Process that wrote last, or writes now, and since when. */
	pid: number;
	since: Nanos;
	streams: StreamPosition[];
	/** What waits for each destination. */
	waiting: { destination: string; records: number; since: Nanos }[];
	batches: number;
	/** Bytes of event text in them. */
	bytes: number;
	deadLetters: number;
	gaps: number;
}

export type Owner = Pick<Inspection, 'pid' | 'since'>;
