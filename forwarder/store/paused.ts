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

/** How `actions` says it. */
export const pausedText = (sources: readonly string[], note: string | undefined): string =>
	`pause: ${sources.join(', ')}${note === undefined ? '' : ` (${note})`}`;

export const resumedText = (sources: readonly string[]): string => `resume: ${sources.join(', ')}`;
