/** Draws from one seed. Every part of the harness has a die of its own, so that one more draw in one does not change the others. */
import { randomFrom } from '../../sandbox/faults';

export interface Dice {
	chance(probability: number): boolean;
	/** Whole, both ends included. */
	between(low: number, high: number): number;
	pick<T>(list: readonly T[]): T;
}

export function dice(seed: number, part: string): Dice {
	let mixed = seed >>> 0;
	for (const letter of part) mixed = (Math.imul(mixed, 31) + letter.charCodeAt(0)) >>> 0;
	const random = randomFrom(mixed);
	return {
		chance: (probability) => random() < probability,
		between: (low, high) => low + Math.floor(random() * (high - low + 1)),
		pick: (list) => list[Math.floor(random() * list.length)]!,
	};
}

/** How often each kind of something happened. */
export class Tally {
	readonly #counts = new Map<string, number>();

	add(kind: string, count = 1): void {
		this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + count);
	}

	get total(): number {
		return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
	}

	entries(): [string, number][] {
		return [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1));
	}
}
