/**
 * What this process knows of a trigger, where n8n's static data lags behind. The durable engine stores a position when the poll
 * has long returned, reads it before a poll begins, and keeps nothing of the poll at activation; the ordinary one loads the
 * stored position when a workflow is published, though a poll of the version before may still run.
 */
import { runtime } from '../runtime';
import type { PollState } from './saved';

/** Half of the shortest poll interval: a position that is still the old one after that was not stored, and its events are due again. */
const STORED_WITHIN_MS = 30_000;

/** A poll has saved `state` in `data`, and handed events over or not. */
export function saved(key: string, data: object, state: PollState, isDelivering: boolean): void {
	runtime.latest.set(key, { state, data, isDelivering, at: runtime.clock.now() });
}

/**
 * The state to go on from; `storing`: n8n may not yet have stored where the poll before ended.
 * @param mark Of the log that is read.
 * @param data The node's static data, which is the same object in all polls of one activation on the ordinary engine only.
 */
export function newer(
	key: string,
	mark: string,
	data: object,
	stored: PollState | undefined,
): PollState | 'storing' | undefined {
	const isOrdinary = runtime.polledWith.has(data);
	runtime.polledWith.add(data);
	const last = runtime.latest.get(key);
	if (last?.state.fingerprint !== mark || (stored && isAhead(stored, last.state))) return stored;
	// without events nothing depends on it; and what the ordinary engine was handed by this activation has started the workflow
	if (!last.isDelivering || last.data === data) return last.state;
	// also when the clock was set back since
	const elapsed = Math.abs(runtime.clock.now() - last.at);
	// the ordinary engine throws away what a poll finds whose version was replaced meanwhile: its events are due again
	if (elapsed < STORED_WITHIN_MS && !isOrdinary) return 'storing';
	runtime.latest.delete(key);
	return stored;
}

/** Another process may have polled since, less often but further. */
function isAhead(stored: PollState, known: PollState): boolean {
	const isSameLog = stored.fingerprint === known.fingerprint;
	return stored.saves >= known.saves || (isSameLog && stored.stream.watermark > known.stream.watermark);
}
