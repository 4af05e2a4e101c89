/** What stands behind the question mark of a path. */
import type { LetterFilter } from '../../store/deadLetters';
import { Refused } from '../http/exchange';

/** A whole number. Throws `Refused`. */
export function whole(query: URLSearchParams, key: string, usual: number, most: number, least = 0): number {
	const text = query.get(key);
	if (text === null) return usual;
	const value = Number(text);
	if (/^\d+$/.test(text) && value >= least && value <= most) return value;
	throw new Refused(
		400,
		`${key}: is out of range`,
		`Give a whole number from ${least}${most < 1e9 ? ` to ${most}` : ' on'}`,
	);
}

/** Characters. */
export const MOST_SEARCHED = 200;

export interface LettersAsked {
	source?: string | undefined;
	destination?: string | undefined;
	reason?: string | undefined;
	q?: string | undefined;
}

/** Throws `Refused`. */
export function letterFilter({ source: stream, destination, reason, q: text }: LettersAsked): LetterFilter {
	// SQLite's LIKE takes it for the end of what is looked for: it would find all letters
	const asked = Object.entries({ source: stream, destination, reason, q: text });
	const zero = asked.find(([, value]) => value?.includes('\0'));
	if (zero) throw new Refused(400, `${zero[0]}: has a zero character`, 'Leave it out');
	return {
		...(stream !== undefined && { stream }),
		...(destination !== undefined && { destination }),
		...(reason !== undefined && { reason }),
		...(text !== undefined && { text }),
	};
}
