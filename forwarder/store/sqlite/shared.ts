/** What the parts of the store have in common: the database, the fenced transaction, the count of what waits. */
import type { DatabaseSync } from 'node:sqlite';
import type { LedgerIds } from './ledgerIds';
import type { Added, Recent } from '../recent';
import type { Transaction } from './transaction';
import type { Backlog } from '../room';

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
