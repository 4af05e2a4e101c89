/** The state of all streams and the outbox in one SQLite file: one transaction domain, durable at every commit. */
import type { JobStore } from '../../../core/walk/backfill';
import type { StreamStore } from '../../../core/walk/contract';
import type { Nanos } from '../../../core/contract';
import { fromMillis } from '../../../core/time';
import { followActions, type Action } from './actions';
import type { Outbox } from '../contract';
import { restore } from './damage';
import { deliveriesAgree } from './deliveries';
import { healthWriter, type DestinationHealth } from './destinations';
import { watchDisk } from './disk';
import { openJobs } from './backfillWork';
import type { Migrated } from './migrate';
import { openLedgerIds, type LedgerIds } from './ledgerIds';
import { openState } from './open';
import { openOutbox } from './outbox';
import { Recent } from '../recent';
import { expireLetters, type DestinationsOf, type Removed } from './removeLetters';
import type { Shared, StreamIdentity } from './shared';
import { isFull, resumeIfRoom } from '../room';
import { openStream } from './stream';
import { summarize, type Summary } from './summary';
import { fenced } from './transaction';
import { openVerdicts, type Verdicts } from './verdicts';

export interface StoreOptions {
	/** Bytes of waiting event text above which polling pauses (R11). */
	maxOutboxSize: number;
	/** Milliseconds since the epoch. */
	now(): number;
	/** Bytes free on the disk of the file. */
	freeBytes?: () => number;
}

export interface Store {
	/** Throws `StateError` when the state of that name belongs to another account, endpoint or filter. */
	stream(identity: StreamIdentity): StreamStore;
	/** The unfinished back-fill of a stream. */
	backfills(identity: Omit<StreamIdentity, 'fingerprint'>): JobStore;
	/** Outcomes of completeness checks of a stream. */
	verdicts(identity: Omit<StreamIdentity, 'fingerprint'>): Verdicts;
	outbox(destination: string): Outbox;
	/** What the fingerprint of a stream was made of, as JSON, also when its source is no longer configured. */
	settingsOf(stream: string): string | undefined;
	/** Notes how the last poll ended, for `status`. */
	notePoll(stream: string, error?: string): void;
	/** Notes how a destination is doing, for `status`. */
	noteDestination(destination: string, health: DestinationHealth): void;
	/** Records that wait for a destination. */
	waiting(destination: string): number;
	/** Whether polling waits for room in the outbox. */
	isFull(): boolean;
	/** What people did to the state by hand since it was asked last, or since it was opened. */
	newActions(): Action[];
	/** Removes dead letters that are kept for longer than `keep`; gap records say so, in these words. */
	expireLetters(keep: Nanos, why: string, destinationsOf: DestinationsOf): Removed[];
	/** Lets those go on who wait for room, if there is some again. */
	lookForRoom(): void;
	/** Whether it is the disk that has no room. */
	isDiskLow(): boolean;
	/** Whether any destination still has to acknowledge something. */
	isWaiting(): boolean;
	summary(): Summary;
	/** Where a damaged state file was set aside. */
	readonly setAside?: string;
	/** That the state file was of an older version, and where its copy is. */
	readonly migrated?: Migrated;
	/** Called after each commit that added batches. */
	onBatch(listener: () => void): void;
	close(): void;
}

/** Opens or creates the state file. Throws `StateError`. */
export function openStore(path: string, options: StoreOptions): Store {
	const { maxOutboxSize, now } = options;
	const { db, epoch, setAside, migrated, close } = openState(path, now(), { free: options.freeBytes });
	const disk = watchDisk(db, path, options.freeBytes);
	const listeners = new Set<() => void>();
	const size = Number(db.prepare('SELECT coalesce(sum(size), 0) AS size FROM batches').get()?.['size']);
	const ledgerIds = new Map<string, LedgerIds>();
	const shared: Shared = {
		db,
		transaction: fenced(db, epoch),
		now: () => fromMillis(now()),
		backlog: { size, limit: maxOutboxSize, waiting: new Set(), isDiskLow: disk.isLow },
		recent: new Recent(),
		ledgerIds(stream) {
			const ids = ledgerIds.get(stream) ?? openLedgerIds(db, stream);
			ledgerIds.set(stream, ids);
			return ids;
		},
		rewound: new Set(),
		batchAdded(added) {
			if (added) {
				shared.backlog.size += added.size;
				shared.recent.add(added);
			}
			listeners.forEach((listener) => listener());
		},
	};
	if (!deliveriesAgree(db)) restore(shared);
	const waiting = db.prepare('SELECT 1 FROM deliveries LIMIT 1');
	const settings = db.prepare('SELECT settings FROM streams WHERE name = ?');
	const noteSuccess = db.prepare('UPDATE streams SET last_success = ? WHERE name = ?');
	const noteError = db.prepare('UPDATE streams SET last_error = ?, last_error_at = ? WHERE name = ?');
	const noteHealth = healthWriter(db);
	const waitingFor = db.prepare(
		'SELECT coalesce(sum(records), 0) AS n FROM deliveries JOIN batches ON id = batch WHERE destination = ?',
	);
	return {
		stream: (identity) => openStream(shared, identity),
		backfills: (identity) => openJobs(shared, identity),
		verdicts: (identity) => openVerdicts(shared, identity),
		outbox: (destination) => openOutbox(shared, destination),
		settingsOf: (stream) => (settings.get(stream)?.['settings'] ?? undefined) as string | undefined,
		notePoll: (stream, error) =>
			shared.transaction(() =>
				error === undefined ? noteSuccess.run(shared.now(), stream) : noteError.run(error, shared.now(), stream),
			),
		noteDestination: (destination, health) => shared.transaction(() => noteHealth(destination, health)),
		waiting: (destination) => Number(waitingFor.get(destination)?.['n']),
		newActions: followActions(db),
		expireLetters: (...given) => expireLetters(shared, ...given),
		isFull: () => isFull(shared.backlog),
		lookForRoom: () => resumeIfRoom(shared.backlog),
		isDiskLow: disk.isLow,
		isWaiting: () => waiting.get() !== undefined,
		summary: () => summarize(db),
		setAside,
		migrated,
		onBatch: (listener) => listeners.add(listener),
		close,
	};
}
