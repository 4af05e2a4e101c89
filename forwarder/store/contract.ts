/** The forwarder's one transactional store: stream states and the outbox. SQLite by default. */
import type { Gap } from '../../core/walk/contract';
import type { Nanos, SourceEvent } from '../../core/contract';
import type { Verified } from './verified';

/** Events of one page, safe once committed, waiting for every destination to acknowledge them. */
export interface Batch {
	/** Ascending in commit order. */
	id: number;
	stream: string;
	/** When the events were received: the same in every attempt. */
	observed: Nanos;
	events: SourceEvent[];
	/** Gaps that travel as records of their own. */
	gaps: Gap[];
	/** The outcome of a completeness check, which travels as one too. */
	verified?: Verified;
	/** Dead letters that travel again: when all are refused once more, that says nothing about the destination. */
	retried?: boolean;
}

type Content = { [part in 'events' | 'gaps']: readonly unknown[] } & Pick<Batch, 'verified'>;

/** How many records a batch becomes. */
export function recordsIn({ events, gaps, verified }: Content): number {
	return events.length + gaps.length + (verified ? 1 : 0);
}

export interface DeadLetter {
	stream: string;
	/** Absent for elements that never became an event. */
	destination?: string;
	eventId: string;
	raw: string;
	/** As of the event. */
	isReplaced?: true;
	/** Event time. Absent for gaps, and for elements that never became an event. */
	time?: Nanos;
	observed: Nanos;
	/** Short and stable: invalid_event, rejected, doubtful, too_large, too_old. Before `doubtful` there was partial_success. */
	reason: string;
	/** The receiver's or the check's own words. */
	detail: string;
}

/**
 * Records that the receiver took in part, without saying which part. All of one acknowledgement are one entry in lists: they
 * have the same words, and are looked at and sent again together.
 */
export const DOUBTFUL = 'doubtful';

/** Waiting batches of one destination. */
export interface Outbox {
	/** The oldest batches with an id above `after` that this destination has not acknowledged. */
	pending(after: number, limit: number): Promise<Batch[]>;
	/**
	 * Removes batches of one stream for this destination and writes their dead letters, in one durable transaction.
	 * `shipped`: records that the receiver accepted.
	 */
	acknowledge(batches: readonly Batch[], shipped: number, deadLetters?: readonly DeadLetter[]): Promise<void>;
}

/** A later command on the same state file, or a second process, owns the store now. */
export class StaleLeaseError extends Error {
	override name = 'StaleLeaseError';

	constructor() {
		super('another process has taken the state file over; run one process for each state.path');
	}
}
