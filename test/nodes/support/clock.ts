import type { Clock } from '../../../core/contract';

export interface NodeClock extends Clock {
	advance(ms: number): void;
	/** Aborts when the time has come. */
	deadline(ms: number): AbortSignal;
	/** Longest single wait so far. */
	readonly longestSleep: number;
}

/** Time that stands still until somebody sleeps or advances it; deadlines are met on the way. */
export function nodeClock(startMs = Date.parse('2026-02-11T16:00:00Z')): NodeClock {
	let now = startMs;
	let longestSleep = 0;
	const alarms: { at: number; controller: AbortController }[] = [];
	const moveTo = (time: number) => {
		now = time;
		for (const { at, controller } of alarms) if (at <= now) controller.abort();
	};
	return {
		now: () => now,
		get longestSleep() {
			return longestSleep;
		},
		advance: (ms) => moveTo(now + ms),
		deadline(ms) {
			const controller = new AbortController();
			alarms.push({ at: now + ms, controller });
			return controller.signal;
		},
		async sleep(ms, signal) {
			if (signal?.aborted) return;
			longestSleep = Math.max(longestSleep, ms);
			const end = now + ms;
			const onTheWay = alarms.map(({ at }) => at).filter((at) => at > now && at < end);
			for (const at of onTheWay.sort((a, b) => a - b)) {
				moveTo(at);
				if (signal?.aborted) return;
			}
			moveTo(end);
		},
	};
}
