import type { Clock } from '../../core/contract';

export interface SimClock extends Clock {
	advance(ms: number): void;
}

/** Time that stands still until somebody sleeps or advances it. */
export function simClock(startMs = Date.parse('2026-02-11T16:00:00Z')): SimClock {
	let now = startMs;
	return {
		now: () => now,
		sleep: async (ms, signal) => {
			if (!signal?.aborted) now += ms;
		},
		advance: (ms) => (now += ms),
	};
}
