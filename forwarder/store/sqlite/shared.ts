/** What the parts of the store have in common: the database, the fenced transaction, the count of what waits. */
import type { DatabaseSync } from 'node:sqlite';
import type { Nanos } from '../../../core/contract';
import type { LedgerIds } from './ledgerIds';
import type { Added, Recent } from '../recent';
import type { Transaction } from './transaction';

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

/** What streams and outboxes share. */
export interface Shared {
	db: DatabaseSync;
	/** Fenced: nothing for a former owner. */
	transaction: Transaction;
	now(): bigint;
	/** Bytes of event text waiting in the outbox, and who waits for room. */
	backlog: Backlog;
	/** What need not be read from the file. */
	recent: Recent;
	/** Of a stream: its live walk and its back-fill share them. */
	ledgerIds(stream: string): LedgerIds;
	/** Streams whose position a damaged batch has moved back: what was loaded before is not written any more. */
	rewound: Set<string>;
	/** To be called after a commit. `added`: the new batch when it counts and may be kept at hand. */
	batchAdded(added?: Added): void;
}

export interface Backlog {
	size: number;
	readonly limit: number;
	readonly waiting: Set<() => void>;
	/** The disk has too little room for more. */
	isDiskLow(): boolean;
}
