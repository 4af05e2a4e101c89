/** Waits of any length: the one place that turns durations into timers. */
import type { Clock } from '../core/contract';

/** What a timer of Node can hold, 24 days. One that is set to more ends at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Calls `done` after `ms`, unless the function that it returns is called before. */
export function after(ms: number, done: () => void): () => void {
	if (ms > LONGEST_MS) return afterLong(ms, done);
	const timer = setTimeout(done, ms);
	return () => clearTimeout(timer);
}

function afterLong(ms: number, done: () => void): () => void {
	let cancel = after(LONGEST_MS, () => (cancel = after(ms - LONGEST_MS, done)));
	return () => cancel();
}

/** Aborts with a `TimeoutError`. Keeps no process alive, so it is for what has something else to wait for. */
export function deadline(ms: number): AbortSignal {
	return AbortSignal.timeout(Math.min(Math.ceil(ms), LONGEST_MS));
}

export const systemClock: Clock = {
	now: () => Date.now(),
	// the promise form makes an error with a stack for each sleep that is cut short, and a busy forwarder cuts most short
	sleep: (ms, signal) =>
		new Promise((resolve) => {
			const end = () => {
				cancel();
				signal?.removeEventListener('abort', end);
				resolve();
			};
			const cancel = after(ms, end);
			if (signal?.aborted) end();
			else signal?.addEventListener('abort', end);
		}),
};

/** Resolves when the signal aborts, or at once when it has. */
export function aborted(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return Promise.resolve();
	return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
