/** What waits for which destination, without the events: in order, with the number up to which each destination has acknowledged. */
import type { Head } from './batches';

export interface Waiting extends Head {
	/** Destinations that have not acknowledged it. */
	left: number;
}

export class Queues {
	readonly #cursors: Map<string, number>;
	readonly #queues = new Map<string, Waiting[]>();
	readonly #all = new Map<number, Waiting>();
	#size = 0;

	constructor(cursors: ReadonlyMap<string, number>, heads: readonly Head[]) {
		this.#cursors = new Map(cursors);
		for (const head of heads) this.add(head);
	}

	/** Bytes of event text. */
	get size(): number {
		return this.#size;
	}

	get isEmpty(): boolean {
		return this.#all.size === 0;
	}

	get destinations(): string[] {
		return [...this.#cursors.keys()];
	}

	/** Everything that waits for anybody. */
	heads(): Iterable<Waiting> {
		return this.#all.values();
	}

	find(id: number): Head | undefined {
		return this.#all.get(id);
	}

	acked(destination: string): number {
		return this.#cursors.get(destination) ?? 0;
	}

	open(destination: string, acked: number): void {
		this.#cursors.set(destination, acked);
	}

	add(head: Head): void {
		const owing = head.destinations.filter((destination) => this.acked(destination) < head.id);
		if (owing.length === 0) return;
		const waiting = { ...head, left: owing.length };
		for (const destination of owing) this.of(destination).push(waiting);
		this.#all.set(head.id, waiting);
		this.#size += head.size;
	}

	/** For one destination, in order. */
	of(destination: string): Waiting[] {
		const queue = this.#queues.get(destination) ?? [];
		this.#queues.set(destination, queue);
		return queue;
	}

	after(destination: string, id: number, limit: number): Head[] {
		const queue = this.of(destination);
		const next = queue.findIndex((head) => head.id > id);
		return next < 0 ? [] : queue.slice(next, next + limit);
	}

	/** Returns those that nobody waits for any more. */
	acknowledge(destination: string, upTo: number): Head[] {
		if (upTo <= this.acked(destination)) return [];
		this.#cursors.set(destination, upTo);
		const queue = this.of(destination);
		const rest = queue.findIndex(({ id }) => id > upTo);
		const done = queue.splice(0, rest < 0 ? queue.length : rest);
		const freed = done.filter((head) => --head.left === 0);
		for (const head of freed) this.#forget(head);
		return freed;
	}

	/** It is not shipped to anybody any more. */
	remove(id: number): void {
		const head = this.#all.get(id);
		if (!head) return;
		this.#forget(head);
		for (const queue of this.#queues.values()) {
			const at = queue.indexOf(head);
			if (at >= 0) queue.splice(at, 1);
		}
	}

	#forget(head: Head): void {
		this.#all.delete(head.id);
		this.#size -= head.size;
	}
}
