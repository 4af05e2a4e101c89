/** Dead letters that go into one batch when they are sent again. */
import type { Nanos } from '../../core/contract';
import type { LetterHead } from './deadLetters';

export interface Filling {
	stream: string;
	destinations: readonly string[];
	observed: Nanos;
	ids: readonly number[];
	/** Characters of their texts. */
	size: number;
}

/** As many as one page may hold. */
const RECORDS = 500;
const CHARACTERS = 1_000_000;

/** A batch has one time of receipt, that of all its records. */
export function hasRoom(batch: Filling, { stream, destination, observed }: LetterHead): boolean {
	const same = batch.stream === stream && batch.destinations[0] === destination && batch.observed === observed;
	return same && batch.ids.length < RECORDS && batch.size < CHARACTERS;
}
