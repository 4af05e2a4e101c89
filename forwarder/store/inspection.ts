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
}

export interface Inspection {
	version: number;
	/** Higher with every new owner. */
	epoch: number;
	streams: InspectedStream[];
	/** What waits for each destination. */
	waiting: { destination: string; records: number; since: Nanos }[];
	batches: number;
	/** Bytes of event text in them. */
	bytes: number;
	deadLetters: number;
	gaps: number;
}

export interface InspectedStream extends StreamPosition {
	/** Ids that are known, so that they are not shipped again. */
	seen: number;
}

/** Whoever may write: the one process that has a file, or had it last, or all that share a database. */
export type Owner = { running: boolean } & ({ pid: number; since: Nanos } | { workers: SharingWorker[] });

export interface SharingWorker {
	id: string;
	/** When it was started. */
	since: Nanos;
}
