import type { Clock } from '../../providers/contract';

/** One pause for all requests to a receiver: four batches that each wait for themselves would still be four requests. */
export class Throttle {
	#until = 0;
	/** Of the pause that ends then. */
	#length = 0;

	constructor(readonly clock: Clock) {}

	pause(ms: number): void {
		const until = this.clock.now() + ms;
		if (until <= this.#until) return;
		this.#until = until;
		this.#length = ms;
	}

	/** Resolves when no pause is on. Throws the reason of `signal` when it aborts. */
	async pass(signal: AbortSignal): Promise<void> {
		for (;;) {
			signal.throwIfAborted();
			// a wall clock that was set back must not stretch the pause
			this.#until = Math.min(this.#until, this.clock.now() + this.#length);
			const rest = this.#until - this.clock.now();
			if (rest <= 0) return;
			await this.clock.sleep(rest, signal);
		}
	}
}
