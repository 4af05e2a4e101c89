import type { Clock } from '../../core/contract';

/** The time of jest's fake timers. */
export const timerClock: Clock = {
	now: () => Date.now(),
	sleep: (ms, signal) =>
		new Promise((resolve) => {
			const timer = setTimeout(resolve, ms);
			signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
		}),
};
