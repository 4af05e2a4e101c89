import type { Clock } from '../../providers/contract';

/** One pause for all requests to a receiver: four batches that each wait for themselves would still be four requests. */
export class Throttle {
	#until = 0;

	constructor(readonly clock: Clock) {}

	pause(ms: number): void {
		this.#until = Math.max(this.#until, this.clock.now() + ms);
	}

	/** Resolves when no pause is on. Throws the reason of `signal` when it aborts. */
	async pass(signal: AbortSignal): Promise<void> {
		for (;;) {
			signal.throwIfAborted();
			const rest = this.#until - this.clock.now();
			if (rest <= 0) return;
			await this.clock.sleep(rest, signal);
		}
	}
}
