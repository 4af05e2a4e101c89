/** What waits for a person, by source. */
import type { Nanos } from '../../core/contract';

export interface Pile {
	count: number;
	/** When the oldest of them came. */
	since: Nanos;
	reasons: Record<string, number>;
}

export interface Unseen {
	stream: string;
	deadLetters?: Pile;
	/** Not acknowledged. */
	gaps?: Pile;
	/** When the last completeness check found something broken. */
	brokenAt?: Nanos;
}
