/** A stream in memory, for a walk that is only tried out. Commits are atomic, and may be made to fail before or after they count. */
import type { Change, StreamState, StreamStore } from '../../core/walk/contract';
import { applied } from '../../core/walk/state';
import type { InvalidEvent, Nanos, SourceEvent } from '../../core/contract';

export class Crash extends Error {
	override name = 'Crash';
}

export interface Memory extends StreamStore {
	/** What was shipped, in its order. */
	readonly shipped: readonly SourceEvent[];
	readonly invalid: readonly InvalidEvent[];
	readonly state: StreamState;
	/** Asked at each commit. */
	crash: (commit: number) => 'before' | 'after' | undefined;
}

export function memory(start: Nanos, walk?: StreamState['walk']): Memory {
	let state: StreamState = { start, watermark: start, ...(walk && { walk }) };
	const seen = new Map<string, Nanos>();
	const shipped: SourceEvent[] = [];
	const invalid: InvalidEvent[] = [];
	let commits = 0;

	function apply(change: Change): void {
		state = applied(state, change);
		shipped.push(...(change.fresh ?? []));
		invalid.push(...(change.invalid ?? []));
		for (const { id, time } of change.seen ?? []) seen.set(id, time);
		const below = change.forgetBelow;
		if (below === undefined) return;
		for (const [id, time] of seen) if (time < below) seen.delete(id);
	}

	const store: Memory = {
		shipped,
		invalid,
		get state() {
			return state;
		},
		crash: () => undefined,
		load: async () => state,
		seen: async (elements) => new Set(elements.map(({ id }) => id).filter((id) => seen.has(id))),
		// the least that any store remembers
		rememberedFrom: async () => undefined,
		settled: async () => [],
		room: async () => undefined,
		async commit(change) {
			const crash = store.crash(++commits);
			if (crash === 'before') throw new Crash('before a commit');
			apply(change);
			if (crash === 'after') throw new Crash('after a commit');
		},
	};
	return store;
}
