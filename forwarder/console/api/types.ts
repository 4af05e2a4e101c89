/** What the process says: its own types. */
export type * from '../../server/api/types';

/** Why it could not do what was asked. */
export interface Failure {
	what: string;
	fix?: string;
}

/** One value for each step, the oldest first; `null`: not known. */
export type Points = readonly (number | null)[];
