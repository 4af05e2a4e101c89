/** Hashes of ids in 4 to 6 bytes each (a Bloom filter): it forgets none, and takes one in 170,000 others for one of its own. */
import { hash } from 'node:crypto';

/** The first 64 bits of the hash of an id, as the file has them and as the filter does. */
export interface IdHash {
	short: bigint;
	high: number;
	low: number;
}

/** 64 bits of a hash stand for an id. */
export function hashOf(id: string): IdHash {
	const digest = hash('sha1', id, 'buffer');
	return { short: digest.readBigInt64BE(), high: digest.readUInt32BE(), low: digest.readUInt32BE(4) };
}

const BITS = 32;
const PROBES = 8;

export class IdFilter {
	readonly #words: Uint32Array;
	#free: number;

	/** @param capacity Hashes that it holds without mistaking others more often. */
	constructor(capacity: number) {
		this.#words = new Uint32Array(capacity);
		this.#free = capacity;
	}

	get isFull(): boolean {
		return this.#free <= 0;
	}

	add({ high, low }: Pick<IdHash, 'high' | 'low'>): void {
		this.#free--;
		for (let probe = 0; probe < PROBES; probe++) {
			const bit = this.#bit(high, low, probe);
			this.#words[Math.floor(bit / BITS)]! |= 1 << (bit % BITS);
		}
	}

	mayHold({ high, low }: Pick<IdHash, 'high' | 'low'>): boolean {
		for (let probe = 0; probe < PROBES; probe++) {
			const bit = this.#bit(high, low, probe);
			if ((this.#words[Math.floor(bit / BITS)]! & (1 << (bit % BITS))) === 0) return false;
		}
		return true;
	}

	/** Two halves of one hash make as many independent places as are wanted (Kirsch and Mitzenmacher). */
	#bit(high: number, low: number, probe: number): number {
		return (high + probe * (low - (low % 2) + 1)) % (this.#words.length * BITS);
	}
}
