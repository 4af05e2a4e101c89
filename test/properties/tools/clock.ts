/** Time that moves only when a test says so, or when nothing else is left to happen. */
import type { Clock } from '../../../core/contract';

interface Timer {
	at: number;
	fire: () => void;
}

export class VirtualClock implements Clock {
	readonly #timers = new Set<Timer>();

	constructor(public time: number) {}

	now(): number {
		return this.time;
	}

	sleep(ms: number, signal?: AbortSignal): Promise<void> {
		return new Promise((resolve) => {
			const end = () => {
				this.#timers.delete(timer);
				signal?.removeEventListener('abort', end);
				resolve();
			};
			const timer: Timer = { at: this.time + ms, fire: end };
			this.#timers.add(timer);
			if (signal?.aborted) end();
			else signal?.addEventListener('abort', end);
		});
	}

	advance(ms: number): void {
		const until = this.time + ms;
		for (let next = this.#next(); next && next.at <= until; next = this.#next()) this.#fire(next);
		this.time = until;
	}

	/** Moves on from timer to timer until the promise settles. Throws when it never could. */
	async until<T>(promise: Promise<T>): Promise<T> {
		let settled = false;
		const mark = () => void (settled = true);
		promise.then(mark, mark);
		for (;;) {
			// nothing here waits for more than microtasks, so that one turn of the loop is enough
			await new Promise((resolve) => setImmediate(resolve));
			if (settled) return promise;
			const next = this.#next();
			if (!next) throw new Error('deadlock: nothing is left that could happen');
			this.#fire(next);
		}
	}

	/** What sleeps in a process that died will never be woken. */
	forgetSleepers(): void {
		this.#timers.clear();
	}

	#fire(timer: Timer): void {
		this.time = Math.max(this.time, timer.at);
		timer.fire();
	}

	#next(): Timer | undefined {
		let next: Timer | undefined;
		for (const timer of this.#timers) if (!next || timer.at < next.at) next = timer;
		return next;
	}
}
