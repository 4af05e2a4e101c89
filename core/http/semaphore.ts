/** So many at once; the others wait, in the order in which they came. */
export class Semaphore {
	/** A list: there are thousands of semaphores, and a set for nobody takes 200 bytes. */
	readonly #waiting: (() => void)[] = [];
	#count: number;
	/** Below zero while more are inside than there are places. */
	#free: number;

	constructor(count: number) {
		this.#count = count;
		this.#free = count;
	}

	/** Whoever is inside stays. */
	resize(count: number): void {
		this.#free += count - this.#count;
		this.#count = count;
		this.#letIn();
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
				this.#waiting.splice(this.#waiting.indexOf(enter), 1);
				resolve(false);
			};
			const enter = () => {
				signal?.removeEventListener('abort', giveUp);
				resolve(true);
			};
			this.#waiting.push(enter);
			signal?.addEventListener('abort', giveUp, { once: true });
		});
	}

	leave(): void {
		this.#free++;
		this.#letIn();
	}

	#letIn(): void {
		while (this.#free > 0 && this.#waiting.length > 0) {
			this.#free--;
			this.#waiting.shift()!();
		}
	}
}
