/** Seen events with the texts of their ids, for sources that begin a walk at one of them. Only in memory: what a source has kept, it has kept. */
import type { EventKey, Nanos } from '../../../core/contract';

const MOST = 10_000;

export class Settled {
	#events: EventKey[] = [];

	add(events: readonly EventKey[]): void {
		this.#events.push(...events.map(({ id, time }) => ({ id, time })));
		if (this.#events.length > MOST) this.#events = newestFirst(this.#events).slice(0, MOST / 2);
	}

	/** Not after `time`, newest first. What is older than these is not asked for any more. */
	newest(time: Nanos, count: number): EventKey[] {
		const found = newestFirst(this.#events.filter((event) => event.time <= time)).slice(0, count);
		this.#events = [...found, ...this.#events.filter((event) => event.time > time)];
		return found;
	}

	forgetBelow(time: Nanos): void {
		this.#events = this.#events.filter((event) => event.time >= time);
	}
}

const newestFirst = (events: EventKey[]) => events.sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0));
