/** The forwarder's one transactional store: stream states and the outbox. SQLite by default. */
import type { JobStore } from '../../core/walk/backfill';
import type { Gap, StreamStore } from '../../core/walk/contract';
import type { Nanos, SourceEvent } from '../../core/contract';
import type { Action } from './actions';
import type { DestinationsOf, Removed } from './deadLetters';
import type { DestinationHealth } from './health';
import type { Verdicts } from './ledger';
import type { Summary } from './summary';
import type { Verified } from './verified';

export interface StreamIdentity {
	/** Name of the source in the configuration. */
	name: string;
	/** Hash of what decides which events belong to it. */
	fingerprint: string;
	/** What the fingerprint was made of, as JSON: tells later what has changed. No secrets. */
	settings?: string;
	/** Destinations that get its events. */
	destinations: readonly string[];
	/** How long below the watermark it is remembered which events were stored. */
	keepLedger?: Nanos;
}

/** A stream that was opened, by its name. */
export type StreamName = Pick<StreamIdentity, 'name' | 'destinations'>;

/**
 * What one process owns: all of it, or a part that nobody else may write. A promise means that the state is asked; what is not
 * one is answered from memory.
 */
export interface Store {
	/**
	 * Opens them all at once, and returns them in that order. Rejects with `StateError` when the state of a name belongs to
	 * another account, endpoint or filter.
	 */
	streams(identities: readonly StreamIdentity[]): Promise<StreamStore[]>;
	/** The unfinished back-fill of a stream. */
	backfills(stream: StreamName): JobStore;
	/** Streams with an unfinished back-fill: one that was asked for, or that a damaged batch has left to be done. */
	unfinishedBackfills(): Promise<readonly string[]>;
	/** Outcomes of completeness checks of a stream. */
	verdicts(stream: StreamName): Verdicts;
	outbox(destination: string): Outbox;
	/** What the fingerprints were made of, as JSON, by stream: also of those whose source is no longer configured. */
	settings(): Promise<ReadonlyMap<string, string>>;
	/** Notes how the last poll ended, for `status`. */
	notePoll(stream: string, error?: string): Promise<void>;
	/** Notes how a destination is doing, for `status`. */
	noteDestination(destination: string, health: DestinationHealth): Promise<void>;
	/** Milliseconds that each rate limit is still paused, by the name of what shares it. */
	pauses(): Promise<ReadonlyMap<string, number>>;
	/** Notes that a rate limit is paused for so long from now on, for whoever reads its sources next; 0: not any more. */
	notePause(group: string, ms: number): Promise<void>;
	/** Records that wait for a destination. */
	waiting(destination: string): Promise<number>;
	/** Whether any destination still has to acknowledge something. */
	isWaiting(): Promise<boolean>;
	/** What people did to the state by hand since it was asked last, or since it was opened. */
	newActions(): Promise<Action[]>;
	/** Removes dead letters that are kept for longer than `keep`; gap records say so, in these words. */
	expireLetters(keep: Nanos, why: string, destinationsOf: DestinationsOf): Promise<Removed[]>;
	summary(): Promise<Summary>;
	/** Whether polling waits for room in the outbox. */
	isFull(): boolean;
	/** Lets those go on who wait for room, if there is some again. */
	lookForRoom(): void;
	/** Whether it is the disk that has no room. */
	isDiskLow(): boolean;
	/** Where a damaged state file was set aside. */
	readonly setAside?: string;
	/** That the state was of an older version, and where its copy is. */
	readonly migrated?: Migrated;
	/** Called after each commit that added batches. */
	onBatch(listener: () => void): void;
	close(): Promise<void>;
}

export interface Migrated {
	/** The version that the file had. */
	from: number;
	/** The file as it was. */
	copy: string;
}

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
	 * Removes batches of one stream for this destination and writes their dead letters, in one durable transaction, or throws.
	 * What was thrown may hide that it took effect: the same again then changes nothing more.
	 * `shipped`: records that the receiver accepted.
	 */
	acknowledge(batches: readonly Batch[], shipped: number, deadLetters?: readonly DeadLetter[]): Promise<void>;
}

/** Somebody else owns this state now, or may: nothing must be written any more. The message says which state, and what to do. */
export class StaleLeaseError extends Error {
	override name = 'StaleLeaseError';
}
