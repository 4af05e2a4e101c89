/** The last hour in minutes, always; and the last ten minutes in finer steps of what somebody looks at, for as long as somebody does. */
import { History, type HistoryOptions, type Outcome, type Points, type Recorder, type Steps } from './history';

/** 2 kB for each that is looked at. */
export const FINE: Steps = { stepMs: 5_000, points: 120 };

export class Layers implements Recorder {
	readonly minutes: History;
	/** Absent: nobody looks. */
	#fine?: History;
	/** How many look at each. */
	readonly #lookers = new Map<string, number>();

	constructor(
		readonly now: () => number,
		readonly options: Omit<HistoryOptions, 'steps'> = {},
	) {
		this.minutes = new History(now, options);
	}

	events(name: string, count: number): void {
		this.minutes.events(name, count);
		this.#of(name)?.events(name, count);
	}

	lag(name: string, ms: number): void {
		this.minutes.lag(name, ms);
		this.#of(name)?.lag(name, ms);
	}

	request(name: string, outcome: Outcome): void {
		this.minutes.request(name, outcome);
		this.#of(name)?.request(name, outcome);
	}

	pause(name: string, ms: number): void {
		this.minutes.pause(name, ms);
		this.#of(name)?.pause(name, ms);
	}

	inFlight(name: string, count: number): void {
		this.minutes.inFlight(name, count);
		this.#of(name)?.inFlight(name, count);
	}

	forget(name: string): void {
		this.minutes.forget(name);
		this.#of(name)?.forget(name);
	}

	/** Forgets all others: their places are for those that come. */
	keep(isKept: (name: string) => boolean): void {
		for (const name of this.minutes.names()) if (!isKept(name)) this.forget(name);
	}

	/** Returns what ends the look. */
	look(name: string): () => void {
		const fine = (this.#fine ??= new History(this.now, { ...this.options, steps: FINE, rows: 1 }));
		const before = this.#lookers.get(name) ?? 0;
		this.#lookers.set(name, before + 1);
		if (before === 0) {
			// what goes on now began before
			fine.inFlight(name, this.minutes.flying(name));
			fine.pause(name, this.minutes.pausedMs(name));
		}
		return () => this.#leave(name);
	}

	/** Undefined: nobody looks at it. */
	fineOf(name: string): Points | undefined {
		return this.#of(name)?.of(name);
	}

	#of(name: string): History | undefined {
		return this.#fine && this.#lookers.has(name) ? this.#fine : undefined;
	}

	#leave(name: string): void {
		const left = this.#lookers.get(name)! - 1;
		if (left > 0) return void this.#lookers.set(name, left);
		this.#fine?.forget(name);
		this.#lookers.delete(name);
		if (this.#lookers.size === 0) this.#fine = undefined;
	}
}
