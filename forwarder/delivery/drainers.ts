export type DrainResult =
	/** Everything that was in the outbox is acknowledged. */
	| { kind: 'drained' }
	/** The destination needs a person; the rest is still in the outbox. */
	| { kind: 'halted'; message: string }
	/** Stopped from outside before the end. */
	| { kind: 'stopped' };

interface Drainer {
	resolve: (result: DrainResult) => void;
	reject: (error: unknown) => void;
}

/** Those who wait for the outbox to be empty. */
export class Drainers {
	#waiting: Drainer[] = [];

	add(signal: AbortSignal): Promise<DrainResult> {
		return new Promise((resolve, reject) => {
			this.#waiting.push({ resolve, reject });
			signal.addEventListener('abort', () => resolve({ kind: 'stopped' }), { once: true });
		});
	}

	/** Those who wait now: a look at the outbox that began earlier says nothing to those who come later. */
	now(): readonly Drainer[] {
		return [...this.#waiting];
	}

	resolve(result: DrainResult, some: readonly Drainer[] = this.#waiting): void {
		const done = new Set(some);
		this.#waiting = this.#waiting.filter((one) => !done.has(one));
		for (const one of done) one.resolve(result);
	}

	reject(error: unknown): void {
		for (const one of this.#waiting.splice(0)) one.reject(error);
	}
}
