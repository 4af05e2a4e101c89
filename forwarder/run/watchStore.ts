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
	/** Absent when what failed has succeeded since, or something after it that needs as much room. */
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
	let failure: (WriteFailure & { what: string }) | undefined;
	const loaded = new Set<string>();

	/** @param isProof events need room; what changes a row in its place, or is written later, does not */
	const watched = async <T>(what: string, isProof: boolean, write: () => Promise<T>): Promise<T> => {
		try {
			const result = await write();
			if (isProof || failure?.what === what) failure = undefined;
			return result;
		} catch (error) {
			// cancelled by somebody: that says nothing of the disk
			if (!(error instanceof BackfillEnded))
				failure = { what, at: now(), message: error instanceof Error ? error.message : 'unknown error' };
			throw error;
		}
	};
	const hasEvents = ({ fresh = [] }: Pick<Change, 'fresh'>) => fresh.length > 0;

	return {
		failure: () => failure && { at: failure.at, message: failure.message },
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
							await watched(`source ${name}`, hasEvents(change), () => stream.commit(change));
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
						await watched(`past of ${identity.name}`, hasEvents(change), () => jobs.commit(change));
						listener?.committed(identity.name, { fresh: change.fresh, observed: change.observed });
					},
				};
			},
			outbox: (destination) => {
				const outbox = store.outbox(destination);
				const what = `destination ${destination}`;
				return { ...outbox, acknowledge: (...given) => watched(what, true, () => outbox.acknowledge(...given)) };
			},
			notePoll: (stream, error) => watched(`poll of ${stream}`, false, () => store.notePoll(stream, error)),
			close: () => {
				loaded.forEach((name) => listener?.left(name));
				return store.close();
			},
		},
	};
}
