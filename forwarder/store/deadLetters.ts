/** What was not delivered, as an operator looks at it. */
import type { Nanos } from '../../core/contract';
import type { Action } from './actions';

/** What letters have in common. */
export interface LetterKind {
	stream?: string;
	destination?: string;
	reason?: string;
	text?: undefined;
}

export interface LetterFilter extends Omit<LetterKind, 'text'> {
	/** A part of what is said of it or of its text, or its number. Those that are in doubt with it are found too: they are one. */
	text?: string;
}

/** `text` as a pattern of LIKE: small and large letters are the same. */
export function patternOf(text: string): string {
	return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
}

/** Of a list. `textLength`: characters of each text. */
export interface LetterSlice {
	offset: number;
	limit: number;
	textLength: number;
	/** Of a search, about. Default: for as long as it takes. */
	limitMs?: number;
}

export interface LettersRead {
	/** That fit, of those that were looked at. */
	total: number;
	letters: LetterRead[];
	/** There was no time to look at all: at the newest, of all that there are. */
	looked?: { at: number; of: number };
}

export interface LetterHead {
	id: number;
	/** When it became one. */
	at: Nanos;
	stream: string;
	/** Absent for elements that never became an event. */
	destination?: string;
	eventId: string;
	/** Event time. Absent for gap records as well. */
	time?: Nanos;
	observed: Nanos;
	reason: string;
	detail: string;
}

export interface Letter extends LetterHead {
	/** The text as received; of a gap record its own. */
	raw: string;
	/** True when the text lacks bytes that were received. */
	isReplaced?: true;
}

/** Of a list, with the beginning of its text. */
export interface LetterRead extends Omit<Letter, 'isReplaced'> {
	/** The text goes on. */
	isCut: boolean;
}

/** A line of the list: one letter, or all the letters of one doubt, which have the first one's number. */
export interface LetterEntry extends LetterHead {
	records: number;
}

/** Of one stream, destination and reason. */
export interface LetterCount {
	stream: string;
	/** Absent for elements that never became an event. */
	destination?: string;
	reason: string;
	records: number;
}

export interface Retried {
	letters: number;
	batches: number;
	/** What stays, and why. */
	refused: { id: number; reason: string }[];
	action?: Action;
}

/** Where the gap records of a source go; none when it is no longer configured. */
export type DestinationsOf = (stream: string) => readonly string[];

export interface Removed {
	stream: string;
	/** Absent for elements that never became an event. */
	destination?: string;
	letters: number;
}
