/** The state of all streams and the outbox in one SQLite file: one transaction domain, durable at every commit. */
import { fromMillis } from '../../../core/time';
import { followActions } from './actions';
import { restore } from './damage';
import { deliveriesAgree } from './deliveries';
import { healthWriter } from './destinations';
import { watchDisk } from './disk';
import { openJobs } from './backfillWork';
import { LedgerIds } from './ledgerIds';
import { openState } from './open';
import { openOutbox } from './outbox';
import { Recent } from '../recent';
import { pausedSources } from './paused';
import { notePause, readPauses } from './pauses';
import { expireLetters } from './removeLetters';
import type { Shared } from './shared';
import { isFull, resumeIfRoom } from '../room';
import { openStreams } from './stream';
import { pollWriter } from './streamRow';
import { summarize } from './summary';
import { openTold } from './told';
import type { ToldStore } from '../told';
import { fenced } from './transaction';
import { openVerdicts } from './verdicts';
import type { Store } from '../contract';
import type { Wishes } from '../wishes';

export interface StoreOptions {
	/** Bytes of waiting event text above which polling pauses (R11). */
	maxOutboxSize: number;
	/** Milliseconds since the epoch. */
	now(): number;
	/** Bytes free on the disk of the file. */
	freeBytes?: () => number;
}

export interface FileStore extends Store {
	told: ToldStore;
	/** What is to be done at once is asked of the one process that has the file, and not kept. */
	wishes(): Promise<Wishes>;
}

/** Opens or creates the state file. Throws `StateError`. */
export function openStore(path: string, options: StoreOptions): FileStore {
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
			const ids = ledgerIds.get(stream) ?? new LedgerIds(db, stream);
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
	const unfinished = db.prepare('SELECT stream FROM backfills WHERE ended IS NULL UNION SELECT stream FROM rereads');
	const waiting = db.prepare('SELECT 1 FROM deliveries LIMIT 1');
	const settings = db.prepare('SELECT name, settings FROM streams WHERE settings IS NOT NULL');
	const notePoll = pollWriter(db);
	const newActions = followActions(db);
	const paused = pausedSources(db);
	const noteHealth = healthWriter(db);
	const waitingFor = db.prepare(
		'SELECT coalesce(sum(records), 0) AS n FROM deliveries JOIN batches ON id = batch WHERE destination = ?',
	);
	return {
		streams: async (identities) => openStreams(shared, identities),
		backfills: (identity) => openJobs(shared, identity),
		unfinishedBackfills: async () => unfinished.all().map(({ stream }) => stream as string),
		verdicts: (identity) => openVerdicts(shared, identity),
		outbox: (destination) => openOutbox(shared, destination),
		settings: async () => new Map(settings.all().map((row) => [row['name'] as string, row['settings'] as string])),
		notePoll: async (stream, error) => shared.transaction(() => notePoll(stream, shared.now(), error)),
		noteDestination: async (destination, health) => shared.transaction(() => noteHealth(destination, health)),
		pauses: async () => readPauses(db, shared.now()),
		notePause: async (group, ms) => notePause(shared, group, ms),
		wishes: async () => ({ paused: paused().map(({ source }) => source), wishes: [] }),
		waiting: async (destination) => Number(waitingFor.get(destination)?.['n']),
		newActions: async () => newActions(),
		expireLetters: async (...given) => expireLetters(shared, ...given),
		isFull: () => isFull(shared.backlog),
		lookForRoom: () => resumeIfRoom(shared.backlog),
		isDiskLow: disk.isLow,
		isWaiting: async () => waiting.get() !== undefined,
		summary: async () => summarize(db),
		told: openTold(shared),
		setAside,
		migrated,
		onBatch: (listener) => listeners.add(listener),
		close: async () => close(),
	};
}
