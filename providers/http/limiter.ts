/**
 * Bottleneck, for machines whose wall clock is set back. It plans in wall clock time: after a step of an hour it would start
 * nothing for an hour.
 */
import Bottleneck from 'bottleneck';
import type { Clock } from '../contract';

export interface LimiterOptions {
	/** Milliseconds between two starts. */
	minTime?: number;
	maxConcurrent: number;
}

export interface Limiter {
	schedule<T>(priority: number, work: () => Promise<T>): Promise<T>;
	setMinTime(ms: number): void;
}

/** Smaller steps delay a request by no more than that. */
const STEP_MS = 1_000;

export function createLimiter(given: LimiterOptions, clock: Pick<Clock, 'now'>): Limiter {
	let options = given;
	let limiter = new Bottleneck(options);
	let lastNow = clock.now();

	function renewAfterStep(): void {
		const now = clock.now();
		if (now < lastNow - STEP_MS) {
			// what waits in it is turned away, and queues again
			void limiter.stop({ dropWaitingJobs: true });
			limiter = new Bottleneck(options);
		}
		lastNow = now;
	}

	return {
		async schedule(priority, work) {
			for (;;) {
				renewAfterStep();
				const own = limiter;
				try {
					return await own.schedule({ priority }, work);
				} catch (error) {
					if (own === limiter || !(error instanceof Bottleneck.BottleneckError)) throw error;
				}
			}
		},
		setMinTime(minTime) {
			options = { ...options, minTime };
			void limiter.updateSettings({ minTime });
		},
	};
}
