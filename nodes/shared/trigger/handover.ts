/**
 * n8n's durable engine stores a trigger's position when the poll has long returned, and reads it before a poll begins: of two polls
 * close to each other the second still has the position of the first, and would find the same events again.
 */
import { runtime } from '../runtime';

/** Half of the shortest poll interval: a position that is still the old one after that was not stored, and its events are due again. */
const STORED_WITHIN_MS = 30_000;

/** A poll that began at `state` has handed events over. */
export function handOver(key: string, state: unknown): void {
	runtime.handedOver.set(key, { from: JSON.stringify(state), at: runtime.clock.now() });
}

/** Whether n8n may still be storing where the poll before ended, so that `state` is not to be trusted. */
export function isHandingOver(key: string, state: unknown): boolean {
	const last = runtime.handedOver.get(key);
	if (!last) return false;
	// also when the clock was set back since
	const elapsed = Math.abs(runtime.clock.now() - last.at);
	if (last.from === JSON.stringify(state) && elapsed < STORED_WITHIN_MS) return true;
	runtime.handedOver.delete(key);
	return false;
}
