import type { Clock } from '../../core/contract';

export interface SteppedClock extends Clock {
	/** Those who sleep until then wake up. */
	advance(ms: number): void;
	/** How many sleep. */
	readonly sleepers: number;
}

/** Time that passes only when a test says so; whoever sleeps really waits for it. */
export function steppedClock(startMs = Date.parse('2026-11-20T12:00:00Z')): SteppedClock {
	let now = startMs;
	const sleeping = new Map<() => void, number>();
	return {
		now: () => now,
		sleep: (ms, signal) =>
			new Promise((resolve) => {
				const wake = () => {
					sleeping.delete(wake);
					signal?.removeEventListener('abort', wake);
					resolve();
				};
				if (signal?.aborted) return resolve();
				sleeping.set(wake, now + ms);
				signal?.addEventListener('abort', wake);
			}),
		advance(ms) {
			now += ms;
			for (const [wake, at] of [...sleeping]) if (at <= now) wake();
		},
		get sleepers() {
			return sleeping.size;
		},
	};
}
