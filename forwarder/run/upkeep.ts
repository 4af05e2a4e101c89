/**
 * What the owner of the state does beside reading and shipping: it logs what people do by hand, removes old dead letters, and lets
 * polling go on when somebody else has made room on the disk. No delivery sees that while its destination accepts nothing.
 */
import type { Clock } from '../../core/contract';
import type { Action } from '../store/actions';
import { StaleLeaseError } from '../store/contract';
import type { Store } from '../store/contract';

const LOOK_EVERY_MS = 5000;
const EXPIRE_EVERY_MS = 3_600_000;

export interface UpkeepDeps {
	store: Pick<Store, 'newActions' | 'lookForRoom'>;
	clock: Clock;
	onAction: (action: Action) => void;
	/** Removes dead letters that are old enough. */
	expire: () => Promise<void>;
	/** It is tried again; nothing else depends on it. */
	onFailure: (message: string) => void;
}

/** Until the signal aborts. Throws only what makes further writing wrong. */
export async function keepUp(deps: UpkeepDeps, signal: AbortSignal): Promise<void> {
	const { store, clock, onAction, expire } = deps;
	let next = clock.now();
	while (!signal.aborted) {
		try {
			store.lookForRoom();
			for (const action of await store.newActions()) onAction(action);
			// a wall clock that was set back must not stretch the wait
			next = Math.min(next, clock.now() + EXPIRE_EVERY_MS);
			if (clock.now() >= next) {
				next = clock.now() + EXPIRE_EVERY_MS;
				await expire();
			}
		} catch (error) {
			if (error instanceof StaleLeaseError) throw error;
			deps.onFailure(error instanceof Error ? error.message : 'unknown error');
		}
		await clock.sleep(LOOK_EVERY_MS, signal);
	}
}
