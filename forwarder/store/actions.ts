/** What people did to the state by hand: who, when and what. The process that owns the state puts it into its log, too. */
import type { Nanos } from '../../core/contract';
import { formatInstant } from '../../core/time';

export interface Who {
	/** Name of the user that ran the command. */
	by: string;
	at: Nanos;
}

export interface Action extends Who {
	/** The command and what it did, in one line. No event data. */
	what: string;
}

/** How the log says it, in the command and in the process that owns the state. */
export const BY_HAND = 'changed by hand';

export function byHand({ by, at, what }: Action) {
	return { by, at: formatInstant(at, 0), what };
}

/** `3 gaps`, `1 gap`. */
export function several(count: number, what: string): string {
	return `${count} ${what}${count === 1 ? '' : 's'}`;
}
