/** A store that remembers whether its last write took effect: a full disk must show, not only in the log. */
import { BackfillEnded } from '../store/backfill';
import type { Change, StreamState } from '../../core/walk/contract';
import type { Store } from '../store/contract';

export interface WriteFailure {
	/** Milliseconds since the epoch. */
	at: number;
	message: string;
}

export interface WatchedStore {
	store: Store;
	/** Absent when the last write succeeded, or when there was none yet. */
	failure(): WriteFailure | undefined;
}

/** Told what passes, by stream. */
export interface StoreListener {
	/** What a stream is, as it is read. */
	loaded(stream: string, state: StreamState): void;
	/** What has just become durable. */
	committed(stream: string, change: Change): void;
	/** It is read no more with this store. */
	left(stream: string): void;
}

export function watchStore(store: Store, now: () => number, listener?: StoreListener): WatchedStore {
	let failure: WriteFailure | undefined;
	const loaded = new Set<string>();

	const watched = async <T>(write: () => Promise<T>): Promise<T> => {
		try {
			const result = await write();
			failure = undefined;
			return result;
		} catch (error) {
			// cancelled by somebody: that says nothing of the disk
			if (!(error instanceof BackfillEnded))
				failure = { at: now(), message: error instanceof Error ? error.message : 'unknown error' };
			throw error;
		}
	};

	return {
		failure: () => failure,
		store: {
			...store,
			streams: async (identities) => {
				const streams = await store.streams(identities);
				return streams.map((stream, at) => {
					const { name } = identities[at]!;
					return {
						...stream,
						load: async () => {
							const state = await stream.load();
							if (state) listener?.loaded(name, state);
							loaded.add(name);
							return state;
						},
						commit: async (change) => {
							await watched(() => stream.commit(change));
							listener?.committed(name, change);
						},
					};
				});
			},
			backfills: (identity) => {
				const jobs = store.backfills(identity);
				return {
					...jobs,
					commit: async (change) => {
						await watched(() => jobs.commit(change));
						listener?.committed(identity.name, { fresh: change.fresh, observed: change.observed });
					},
				};
			},
			outbox: (destination) => {
				const outbox = store.outbox(destination);
				return { ...outbox, acknowledge: (...given) => watched(() => outbox.acknowledge(...given)) };
			},
			notePoll: (...given) => watched(() => store.notePoll(...given)),
			close: () => {
				loaded.forEach((name) => listener?.left(name));
				return store.close();
			},
		},
	};
}
