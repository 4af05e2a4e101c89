/** What the owner of the state does beside reading and shipping: it logs what people do to the state by hand. */
import type { Clock } from '../../providers/contract';
import type { Action } from '../store/actions';
import type { Store } from '../store/store';

const LOOK_EVERY_MS = 5000;

export interface UpkeepDeps {
	store: Pick<Store, 'newActions'>;
	clock: Clock;
	onAction: (action: Action) => void;
}

/** Until the signal aborts. */
export async function keepUp({ store, clock, onAction }: UpkeepDeps, signal: AbortSignal): Promise<void> {
	while (!signal.aborted) {
		for (const action of store.newActions()) onAction(action);
		await clock.sleep(LOOK_EVERY_MS, signal);
	}
}
