import Bottleneck from 'bottleneck';

/**
 * Bottleneck, for machines whose wall clock is set back. It remembers in wall clock time when the next job may start: after a
 * step of an hour it would start nothing for an hour. That moment lies ahead by the jobs that have a place already, never by more.
 */
export function steadyLimiter(options: { minTime?: number; maxConcurrent: number }): Bottleneck {
	const limiter = new Bottleneck(options);
	const store = (limiter as unknown as { _store: Store })._store;
	const yieldLoop = store.yieldLoop.bind(store);
	// it gives way to others with a timer, five times for each job: that alone is 4 ms
	store.yieldLoop = (ms = 0) => (ms > 0 ? yieldLoop(ms) : Promise.resolve());
	let next = store._nextRequest;
	Object.defineProperty(store, '_nextRequest', {
		get: () => Math.min(next, Date.now() + store.storeOptions.minTime * (options.maxConcurrent + 1)),
		set: (at: number) => {
			next = at;
		},
	});
	return limiter;
}

/** As far as we know it; a test fails when another version has other fields. */
interface Store {
	_nextRequest: number;
	yieldLoop(ms?: number): Promise<void>;
	storeOptions: { minTime: number };
}
