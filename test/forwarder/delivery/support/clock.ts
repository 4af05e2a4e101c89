import type { Clock } from '../../../../core/contract';

interface Timer {
	at: number;
	fire: () => void;
}

/** Time that stands still until a test moves it. */
export class TestClock implements Clock {
	/** Lengths of all sleeps, in the order they began. */
	readonly sleeps: number[] = [];
	readonly #timers = new Set<Timer>();

	constructor(public time = Date.parse('2026-11-20T12:00:00Z')) {}

	now(): number {
		return this.time;
	}

	sleep(ms: number, signal?: AbortSignal): Promise<void> {
		this.sleeps.push(ms);
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

	/** Lets everything happen that needs no time, then moves on, timer by timer. */
	async pass(ms: number): Promise<void> {
		const until = this.time + ms;
		await settle();
		for (let next = this.#next(); next && next.at <= until; next = this.#next()) {
			this.time = Math.max(this.time, next.at);
			next.fire();
			await settle();
		}
		this.time = until;
	}

	/** The wall clock is set to another time; what sleeps does not notice. */
	step(ms: number): void {
		this.time += ms;
		for (const timer of this.#timers) timer.at += ms;
	}

	/** Moves on until the promise settles. */
	async until<T>(promise: Promise<T>): Promise<T> {
		let settled = false;
		const mark = () => void (settled = true);
		promise.then(mark, mark);
		await settle();
		while (!settled) {
			const next = this.#next();
			if (next) {
				this.time = Math.max(this.time, next.at);
				next.fire();
			}
			await settle();
		}
		return promise;
	}

	#next(): Timer | undefined {
		return [...this.#timers].sort((a, b) => a.at - b.at)[0];
	}
}

/** Everything that waits for no timer and no network. */
export async function settle(): Promise<void> {
	for (let round = 0; round < 10; round++) await new Promise((resolve) => setImmediate(resolve));
}
