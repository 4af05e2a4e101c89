/** The real store with a fault possible at every await, and the invariants looked at after every commit. */
import type { Change, StreamStore } from '../../../core/walk/contract';
import type { Outbox } from '../../../forwarder/store/contract';
import type { Batch, DeadLetter } from '../../../forwarder/store/contract';
import { faulty, type Faults, type Life } from '../tools/faults';

const broken = { 'disk error': () => new Error('disk I/O error') };

export interface StoreWatch {
	life: Life;
	faults: Faults;
	committed: (change: Change) => Promise<void>;
	acknowledged: (batch: Batch, deadLetters: readonly DeadLetter[]) => void;
	/** Called before polling waits for room in the outbox. */
	beforeRoom: () => void;
}

export function watchStream(inner: StreamStore, watch: StoreWatch): StreamStore {
	const { life, faults } = watch;
	const place = (name: string) => ({ name: `store.${name}`, life, faults, before: broken });
	return {
		load: () => faulty(place('load'), () => inner.load()),
		seen: (ids) => faulty(place('seen'), () => inner.seen(ids)),
		rememberedFrom: () => faulty(place('rememberedFrom'), () => inner.rememberedFrom()),
		settled: (time, count) => faulty(place('settled'), () => inner.settled(time, count)),
		room: async (signal) => {
			watch.beforeRoom();
			await faulty(place('room'), () => inner.room(signal));
		},
		commit: (change) =>
			faulty(place('commit'), async () => {
				await inner.commit(change);
				await watch.committed(change);
			}),
	};
}

export function watchOutbox(inner: Outbox, watch: StoreWatch): Outbox {
	const { life, faults } = watch;
	const place = (name: string) => ({ name: `outbox.${name}`, life, faults, before: broken });
	return {
		pending: (after, limit) => faulty(place('pending'), () => inner.pending(after, limit)),
		acknowledge: (batches, shipped, deadLetters = []) =>
			faulty(place('acknowledge'), async () => {
				await inner.acknowledge(batches, shipped, deadLetters);
				for (const batch of batches) {
					const ids = new Set(batch.events.map(({ id }) => id));
					const own = deadLetters.filter(({ eventId }) => ids.has(eventId));
					watch.acknowledged(batch, own);
				}
			}),
	};
}
