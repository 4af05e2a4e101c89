/** As much of a store as one pass of one source needs, without any durability: for measuring what durability costs. */
import type { StreamState, StreamStore } from '../../core/walk/contract';
import { applied } from '../../core/walk/state';
import type { Batch, Outbox } from '../../forwarder/store/contract';
import type { Store } from '../../forwarder/store/contract';

/** Waiting events above which reading pauses, so that memory stays what it is with a full outbox on disk. */
const FULL = 5_000;

export function memoryStore(): Store {
	const ids = new Set<string>();
	// no map, as in the real store
	const waiting: Batch[] = [];
	const listeners = new Set<() => void>();
	const resumes = new Set<() => void>();
	let events = 0;
	let lastId = 0;
	let state: StreamState | undefined;

	const stream = (name: string): StreamStore => ({
		load: async () => state,
		seen: async (elements) => new Set(elements.map(({ id }) => id).filter((id) => ids.has(id))),
		settled: async () => [],
		commit: async ({ fresh = [], gaps = [], seen = [], observed = 0n, ...step }) => {
			state = applied(state ?? { start: step.start!, watermark: step.start! }, step);
			for (const { id } of seen) ids.add(id);
			if (fresh.length === 0 && gaps.length === 0) return;
			waiting.push({ id: ++lastId, stream: name, observed, events: [...fresh], gaps: [...gaps] });
			events += fresh.length;
			listeners.forEach((listener) => listener());
		},
		rememberedFrom: async () => undefined,
		room: async () => {
			while (events >= FULL) await new Promise<void>((resume) => resumes.add(resume));
		},
	});

	const outbox: Outbox = {
		pending: async (after, limit) => waiting.filter(({ id }) => id > after).slice(0, limit),
		acknowledge: async (batches) => {
			for (const batch of batches) {
				waiting.splice(waiting.indexOf(batch), 1);
				events -= batch.events.length;
			}
			for (const resume of resumes) resume();
			resumes.clear();
		},
	};

	return {
		streams: async (identities) => identities.map(({ name }) => stream(name)),
		unfinishedBackfills: async () => [],
		backfills: () => {
			const none = async (): Promise<never> => Promise.reject(new Error('no back-fill is measured here'));
			return { load: async () => undefined, covered: none, seen: none, room: none, commit: none };
		},
		verdicts: () => {
			throw new Error('no verification is measured here');
		},
		outbox: () => outbox,
		settings: async () => new Map(),
		notePoll: async () => undefined,
		noteDestination: async () => undefined,
		pauses: async () => new Map(),
		notePause: async () => undefined,
		waiting: async () => 0,
		isFull: () => events >= FULL,
		isDiskLow: () => false,
		isWaiting: async () => events > 0,
		newActions: async () => [],
		lookForRoom: () => undefined,
		expireLetters: async () => [],
		summary: async () => ({ streams: [], destinations: [], past: [], unseen: [], paused: [] }),
		onBatch: (listener) => listeners.add(listener),
		close: async () => undefined,
	};
}
