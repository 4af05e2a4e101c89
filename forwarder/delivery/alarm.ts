import type { Clock } from '../../core/contract';

/** A wait that can be cut short, and that misses no call: a ring between looking and waiting ends the wait at once. */
export class Alarm {
	#rings = 0;
	#sleeping?: AbortController;

	ring(): void {
		this.#rings++;
		// a reason of its own: the default one is an error with a stack
		this.#sleeping?.abort('rung');
	}

	/** Taken before looking at whatever `ring` announces, given to `wait` afterwards. */
	get rings(): number {
		return this.#rings;
	}

	/** Resolves after `ms`, when `signal` aborts, or when it has rung since `seen`. */
	wait(clock: Clock, ms: number, seen: number, signal: AbortSignal): Promise<void> {
		if (this.#rings !== seen || signal.aborted) return Promise.resolve();
		const sleeping = new AbortController();
		const stop = () => sleeping.abort();
		this.#sleeping = sleeping;
		signal.addEventListener('abort', stop, { once: true });
		return clock.sleep(ms, sleeping.signal).finally(() => {
			signal.removeEventListener('abort', stop);
			this.#sleeping = undefined;
		});
	}
}
