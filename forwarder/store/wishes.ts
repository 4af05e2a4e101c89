/** What people want done at once by whoever reads a source, or ships to a destination. */

export type Wish = { kind: 'poll'; source: string } | { kind: 'probe'; destination: string };

/** How `actions` says it. */
export function wishText(wish: Wish): string {
	return wish.kind === 'poll' ? `poll: ${wish.source}` : `probe: ${wish.destination}`;
}

/** What a process has to look at from time to time. */
export interface Wishes {
	/** Names of sources. */
	paused: readonly string[];
	/** Since the last look. */
	wishes: readonly Wish[];
}
