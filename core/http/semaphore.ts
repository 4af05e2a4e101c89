/** So many at once; the others wait, in the order in which they came. */
export class Semaphore {
	readonly #waiting = new Set<() => void>();
	#free: number;

	constructor(count: number) {
		this.#free = count;
	}

	/** True: a place was taken, and `leave` gives it back. False: the signal aborted first. */
	async enter(signal?: AbortSignal): Promise<boolean> {
		if (signal?.aborted) return false;
		if (this.#free > 0) {
			this.#free--;
			return true;
		}
		return new Promise((resolve) => {
			const giveUp = () => {
				this.#waiting.delete(enter);
				resolve(false);
			};
			const enter = () => {
				signal?.removeEventListener('abort', giveUp);
				resolve(true);
			};
			this.#waiting.add(enter);
			signal?.addEventListener('abort', giveUp, { once: true });
		});
	}

	leave(): void {
		const [next] = this.#waiting;
		if (!next) {
			this.#free++;
			return;
		}
		this.#waiting.delete(next);
		next();
	}
}
