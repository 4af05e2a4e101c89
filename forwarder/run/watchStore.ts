/** A store that remembers whether its last write took effect: a full disk must show, not only in the log. */
import { BackfillEnded } from '../store/backfill';
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

export function watchStore(store: Store, now: () => number): WatchedStore {
	let failure: WriteFailure | undefined;

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
				return streams.map((stream) => ({ ...stream, commit: (change) => watched(() => stream.commit(change)) }));
			},
			backfills: (identity) => {
				const jobs = store.backfills(identity);
				return { ...jobs, commit: (change) => watched(() => jobs.commit(change)) };
			},
			outbox: (destination) => {
				const outbox = store.outbox(destination);
				return { ...outbox, acknowledge: (...given) => watched(() => outbox.acknowledge(...given)) };
			},
			notePoll: (...given) => watched(() => store.notePoll(...given)),
		},
	};
}
