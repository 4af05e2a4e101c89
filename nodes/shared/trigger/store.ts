/** The walk's store while one poll runs. Nothing of it is kept unless the poll takes it over into n8n's static data. */
import type { Gap, StreamStore } from '../../../core/walk/contract';
import { applied } from '../../../core/walk/state';
import type { InvalidEvent, SourceEvent } from '../../../core/contract';
import type { PollState } from './saved';
import { compact, forget, isSeen, newestUpTo, type Seen } from './seen';

export interface PollStore extends StreamStore {
	state(): PollState;
	/** What the workflow is started with. */
	readonly fresh: readonly SourceEvent[];
	readonly invalid: readonly InvalidEvent[];
	/** What the walk could not promise, apart from elements that are not events. */
	readonly gaps: readonly Gap[];
	/** Commits so far. */
	readonly commits: number;
}

/** @param onFull Called before a page is read although `maxEvents` wait already. */
export function pollStore(given: PollState, maxEvents: number, onFull: () => void): PollStore {
	let stream = given.stream;
	const seen: Seen = { ids: new Map(given.seen.ids), old: new Map(given.seen.old) };
	const fresh: SourceEvent[] = [];
	const invalid: InvalidEvent[] = [];
	const gaps: Gap[] = [];
	let commits = 0;

	return {
		fresh,
		invalid,
		gaps,
		get commits() {
			return commits;
		},
		state: () => ({ ...given, ...bounded(stream, seen) }),
		load: async () => stream,
		seen: async (elements) => new Set(elements.map(({ id }) => id).filter((id) => isSeen(seen, id))),
		// only what a walk may be shown again: n8n's static data must stay small
		rememberedFrom: async () => undefined,
		settled: async (time, count) => newestUpTo(seen, time, count),
		async commit(change) {
			commits++;
			stream = applied(stream, change);
			for (const { id, time } of change.seen ?? []) seen.ids.set(id, time);
			if (change.forgetBelow !== undefined) forget(seen, change.forgetBelow);
			for (const event of change.fresh ?? []) fresh.push(event);
			for (const event of change.invalid ?? []) invalid.push(event);
			for (const gap of change.gaps ?? []) if (gap.reason !== 'rejected') gaps.push(gap);
		},
		async room() {
			if (fresh.length >= maxEvents) onFull();
		},
	};
}

/** What does not fit is no longer looked at, rather than repeated. */
function bounded(stream: PollState['stream'], all: Seen): Pick<PollState, 'stream' | 'seen'> {
	const { seen, floor } = compact(all, stream.watermark);
	const start = floor !== undefined && floor > stream.start ? floor : stream.start;
	return { stream: { ...stream, start }, seen };
}
