/**
 * Hashes of ids that are likely to be listed again, 32 bytes each: a table in memory that answers for nearly every repeat. Only a cache: what
 * it does not hold is looked for in the database.
 */
import type { Nanos } from '../../../core/contract';
import type { IdHash } from '../idFilter';

const LEAST = 32;
/** A million ids. More than that is hardly listed again soon, and would take memory from everybody. */
const MOST = 1 << 21;

export class RecentIds {
	#keys = new BigInt64Array(LEAST);
	#until = new BigInt64Array(LEAST);
	#count = 0;
	#floor: Nanos = -(2n ** 63n);

	/** @param until it may be listed as long as ids from here on are kept */
	add({ short, low }: Pick<IdHash, 'short' | 'low'>, until: Nanos): void {
		if (until < this.#floor) return;
		if (this.#count * 2 >= this.#keys.length) this.#makeRoom();
		const at = this.#place(short, low);
		if (this.#keys[at] === EMPTY) this.#count++;
		this.#keys[at] = keyOf(short);
		if (until > this.#until[at]!) this.#until[at] = until;
	}

	has({ short, low }: Pick<IdHash, 'short' | 'low'>): boolean {
		return this.#keys[this.#place(short, low)] !== EMPTY;
	}

	/** They take room until that is needed. */
	forgetBelow(until: Nanos): void {
		if (until > this.#floor) this.#floor = until;
	}

	clear(): void {
		this.#keys = new BigInt64Array(LEAST);
		this.#until = new BigInt64Array(LEAST);
		this.#count = 0;
	}

	#place(short: bigint, low: number): number {
		const key = keyOf(short);
		const mask = this.#keys.length - 1;
		let at = low & mask;
		while (this.#keys[at] !== EMPTY && this.#keys[at] !== key) at = (at + 1) & mask;
		return at;
	}

	#makeRoom(): void {
		const [keys, until] = [this.#keys, this.#until];
		const kept = [...keys.keys()].filter((at) => keys[at] !== EMPTY && until[at]! >= this.#floor);
		const size = kept.length * 4 > keys.length ? keys.length * 2 : keys.length;
		this.clear();
		if (size > MOST) return;
		this.#keys = new BigInt64Array(size);
		this.#until = new BigInt64Array(size);
		for (const at of kept) this.add({ short: keys[at]!, low: Number(BigInt.asUintN(32, keys[at]!)) }, until[at]!);
	}
}

const EMPTY = 0n;
/** Nothing is a key of its own. */
const keyOf = (short: bigint) => (short === EMPTY ? 1n : short);
