import type { Nanos } from '../../core/contract';
import type { WalkProgress } from '../../core/walk/walk';
import type { DeliveryNotice } from '../delivery/delivery';
import type { Action } from '../store/actions';
import type { Removed } from '../store/deadLetters';
import type { AfterFailure } from './afterFailure';
import type { BackfillNotice } from './backfill';
import type { Requested } from './requested';
import type { Whereabouts } from './outageLog';
import type { VerifyNotice } from './scheduledVerify';

/** What a person or a log may want to know. No secrets. */
export interface RelayReport {
	progress?(source: string, progress: WalkProgress): void;
	/** `tookMs`: from the beginning of the poll. */
	pollFailed?(source: string, failure: AfterFailure, tookMs: number): void;
	pollSucceeded?(source: string, tookMs: number): void;
	/** The next poll begins in so long. */
	waiting?(source: string, ms: number): void;
	/** The stream begins so far ahead of the provider's clock: until then, nothing is collected. */
	startAhead?(source: string, start: Nanos, aheadMs: number): void;
	delivery?(destination: string, notice: DeliveryNotice, whereabouts: Whereabouts): void;
	backfill?(source: string, notice: BackfillNotice): void;
	verify?(source: string, notice: VerifyNotice): void;
	/** So many records more are in requests to it; less than 0: their request has ended. */
	sending?(destination: string, records: number): void;
	/** A request to a provider or a destination has ended. */
	requested?(one: Requested): void;
	/** A source cannot be read as it is configured; the others go on, and it is tried again. */
	unusable?(source: string, message: string): void;
	/** It can, now. */
	usable?(source: string): void;
	/** A file with a key or a certificate cannot be used, and its last content is. */
	fileKept?(owner: { source: string } | { destination: string }, message: string): void;
	/** Somebody has changed the state by a command. */
	byHand?(action: Action): void;
	/** Dead letters were removed, because they were old enough. */
	expired?(removed: Removed): void;
	/** A part of a shared state cannot be worked on now; it is tried again. */
	shardFailed?(shard: number, error: unknown): void;
	/** Upkeep of the state failed; it is tried again. */
	upkeepFailed?(message: string): void;
}
