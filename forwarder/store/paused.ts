/** Sources that a person has paused: nothing is asked of their provider until somebody resumes them. What was read is still shipped. */
import type { Nanos } from '../../core/contract';
import type { Action } from './actions';

export interface PausedSource {
	source: string;
	since: Nanos;
	/** Who did it. */
	by: string;
	/** Why, in that one's words. */
	note?: string;
}

/** Those that were not so before. */
export interface PauseChanged {
	sources: string[];
	action?: Action;
}

/** How `actions` says it: the names of the sources come between them. */
export interface ChangeWords {
	before: string;
	after: string;
}

export const pausing = (note: string | undefined): ChangeWords => ({
	before: 'pause: ',
	after: note === undefined ? '' : ` (${note})`,
});

export const RESUMING: ChangeWords = { before: 'resume: ', after: '' };

export const changeText = ({ before, after }: ChangeWords, sources: readonly string[]): string =>
	before + sources.join(', ') + after;
