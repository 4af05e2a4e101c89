/** The walk's store while one poll runs. Nothing of it is kept unless the poll takes it over into n8n's static data. */
import type { Change, Gap, StreamStore } from '../../../polling/contract';
import type { InvalidEvent, Nanos, SourceEvent } from '../../../providers/contract';
import type { PollState } from './saved';

/** Ids below the watermark only catch events that come later than promised, so their number may be bounded. */
const MOST_OLD_IDS = 5_000;

export interface PollStore extends StreamStore {
	state(): PollState;
	/** What the workflow is started with. */
	readonly fresh: readonly SourceEvent[];
	readonly invalid: readonly InvalidEvent[];
	/** What the walk could not promise, apart from elements that are no events. */
	readonly gaps: readonly Gap[];
	/** Commits so far. */
	readonly commits: number;
}

/** @param onFull Called before a page is read although `maxEvents` wait already. */
export function pollStore(given: PollState, maxEvents: number, onFull: () => void): PollStore {
	let stream = given.stream;
	const seen = new Map(given.seen);
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
		seen: async (elements) => new Set(elements.map(({ id }) => id).filter((id) => seen.has(id))),
		// only what a walk may be shown again: n8n's static data must stay small
		rememberedFrom: async () => undefined,
		async settled(time, count) {
			const known = [...seen].filter(([, seenTime]) => seenTime <= time);
			known.sort(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0));
			return known.slice(0, count).map(([id, seenTime]) => ({ id, time: seenTime }));
		},
		async commit(change) {
			commits++;
			stream = changed(stream, change);
			for (const { id, time } of change.seen ?? []) seen.set(id, time);
			forget(seen, change.forgetBelow);
			for (const event of change.fresh ?? []) fresh.push(event);
			for (const event of change.invalid ?? []) invalid.push(event);
			for (const gap of change.gaps ?? []) if (gap.reason !== 'rejected') gaps.push(gap);
		},
		async room() {
			if (fresh.length >= maxEvents) onFull();
		},
	};
}

function changed(stream: PollState['stream'], change: Change): PollState['stream'] {
	return {
		start: change.start ?? stream.start,
		watermark: change.watermark ?? stream.watermark,
		walk: change.walk === undefined ? stream.walk : (change.walk ?? undefined),
		anchors: change.anchors ?? stream.anchors,
		neverClimb: change.neverClimb ?? stream.neverClimb,
		filterIgnored: stream.filterIgnored || change.gaps?.some(({ reason }) => reason === 'filter_ignored'),
	};
}

function forget(seen: Map<string, Nanos>, below: Nanos | undefined): void {
	if (below === undefined) return;
	for (const [id, time] of seen) if (time < below) seen.delete(id);
}

/** Without the oldest ids, when there are too many: events as old as those are then no longer looked at, rather than repeated. */
function bounded(stream: PollState['stream'], seen: ReadonlyMap<string, Nanos>): Pick<PollState, 'stream' | 'seen'> {
	const old = [...seen]
		.filter(([, time]) => time < stream.watermark)
		.sort(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0));
	const [, newestDropped] = old[MOST_OLD_IDS] ?? [];
	if (newestDropped === undefined) return { stream, seen: new Map(seen) };
	const floor = newestDropped + 1n;
	const start = floor > stream.start ? floor : stream.start;
	return { stream: { ...stream, start }, seen: new Map([...seen].filter(([, time]) => time >= floor)) };
}
