/**
 * Back-fill: the past of a stream, in partitions, oldest first, beside the live walk.
 *
 * Why no event is lost and none comes twice:
 * - The live walk ships events with `time >= start` of the stream and no other (`sift`), and `start` does not move any more once
 *   events were read. A job ends at `start` at the latest and ships events with `from <= time < to` only. So the two share no
 *   event, as long as the provider does not change its time; and what one has shipped, the other knows by its id.
 * - A partition ships what lies in its own half-open span, by the time that the event itself states, whatever else the
 *   provider returns (whole days, both ends). Spans touch and do not overlap: an event belongs to exactly one. It is asked
 *   for a second more on both sides, so that neither a bound that is left out nor one that is cut to a coarser unit hides an
 *   event of the boundary instant from the one partition that would ship it.
 * - Within a partition ids absorb repeats: pages that overlap, and pages read again after a refused position. Events, ids and
 *   the position are one commit, so a crash repeats nothing; what a receiver stored but did not acknowledge it gets twice.
 * - `done` moves as a watermark does (R3): not closer to now than the lateness allows, so late events are in.
 */
import type { Nanos, Range, Source } from '../contract';
import { SECOND, fromMillis, toMillis } from '../time';
import type { Change, StreamStore, Walk } from './contract';
import { firstOpen, type Interval } from './intervals';
import { poll, type WalkDeps } from './walk';

/** One back-fill of one stream: everything from `from` up to, not including, `to`. */
export interface Job extends Interval {
	/** Everything before it is safe, or was covered before the job. */
	done: Nanos;
	/** Span of the next partition. */
	width: Nanos;
	/** The partition in progress. */
	walk?: Walk;
}

/** One transaction, as `Change`. */
export type JobChange = Pick<Change, 'fresh' | 'seen' | 'invalid' | 'gaps' | 'observed' | 'walk' | 'forgetBelow'> & {
	done: Nanos;
	width?: Nanos;
	/** A span that is read whole: merged into what the stream has covered. */
	covered?: Interval;
	/** The last commit of the job. */
	finished?: boolean;
};

/** Keeps the unfinished job of one stream. What it forgets and when is not an affair of the live walk. */
export interface JobStore extends Pick<StreamStore, 'seen' | 'room'> {
	load(): Promise<Job | undefined>;
	/** Merged. */
	covered(): Promise<Interval[]>;
	/** Atomic and durable. Throws when the job was cancelled. */
	commit(change: JobChange): Promise<void>;
}

export interface BackfillDeps extends Omit<WalkDeps, 'store'> {
	store: JobStore;
}

export type Step =
	| { kind: 'none' }
	| { kind: 'partition'; from: Nanos; to: Nanos }
	| { kind: 'finished' }
	/** The provider may still add events to the next partition; milliseconds since the epoch. */
	| { kind: 'early'; until: number };

/** Reads the next partition to its end, or as far as the signal allows. Throws what source and store throw, as `poll`. */
export async function fillNext({ store, ...deps }: BackfillDeps): Promise<Step> {
	const { source, clock, options } = deps;
	const job = await store.load();
	if (!job) return { kind: 'none' };
	// a second more, because the provider's clock is read in whole seconds and may stand that far behind
	const settled = fromMillis(clock.now()) - options.lateness - SECOND;
	const partition = job.walk
		? { from: job.done, to: job.walk.windows.at(-1)!.upper ?? job.to }
		: firstOpen({ from: job.done, to: job.to }, widthFor(source, job.width), await store.covered());
	if (!partition) {
		await store.commit({ done: job.to, finished: true });
		return { kind: 'finished' };
	}
	if (!job.walk && partition.to > settled) {
		// a rest that is hardly older than the lateness is read once, when it is final
		if (settled - partition.from < options.lateness)
			return { kind: 'early', until: toMillis(partition.to + options.lateness + SECOND) + 1 };
		partition.to = settled;
	}

	await poll({ ...deps, source: only(partition, source), store: walkStore(job, partition, store) });
	const after = await store.load();
	if (deps.signal?.aborted || !after || after.done > partition.from) return { kind: 'partition', ...partition };
	// the provider's clock is behind ours
	return { kind: 'early', until: clock.now() + 30_000 };
}

const SLACK: Nanos = SECOND;

/** The source cut down to one partition. Without its memory: a walk that begins elsewhere has no upper end. */
function only({ from, to }: Interval, { page, onRejected, reach, sizes }: Source): Source {
	const wider = ({ lower, upper = to }: Range): Range => ({ lower: lower - SLACK, upper: upper + SLACK });
	const isInside = ({ time }: { time?: Nanos }) => time === undefined || (time >= from && time < to);
	return {
		onRejected,
		reach,
		sizes,
		page: async (range, position, signal, ask) => {
			const found = await page(wider(range), position, signal, ask);
			return { ...found, events: found.events.filter(isInside), invalid: found.invalid.filter(isInside) };
		},
	};
}

/** The job as the walk sees it: a stream whose watermark is the beginning of the partition. */
function walkStore(job: Job, partition: Interval, store: JobStore): StreamStore {
	const begun: Walk = { windows: [{ lower: partition.from, upper: partition.to }], pages: 0, rejections: 0 };
	let done = partition.from;
	let pages = job.walk?.pages ?? 0;
	return {
		seen: store.seen,
		room: store.room,
		settled: async () => [],
		// the ids of a job are forgotten with its partitions, all of which begin at `from` or later
		rememberedFrom: async () => job.from,
		load: async () => ({
			start: job.from,
			watermark: done,
			walk: job.walk ?? begun,
		}),
		commit: async ({ fresh, seen, invalid, gaps, observed, walk, watermark = done }) => {
			const read = pages + (observed === undefined ? 0 : 1);
			await store.commit({
				...{ fresh, seen, invalid, gaps, observed, walk },
				done: watermark,
				...(watermark > done && { covered: { from: done, to: watermark } }),
				// not after a part of it: the next one returns events from below its own beginning
				...(walk === null && { forgetBelow: watermark, width: nextWidth(partition, read) }),
			});
			[done, pages] = [watermark, read];
		},
	};
}

/** Long enough that planning costs nothing, short enough that progress and `covered` move. */
const PAGES = 20;
const NARROWEST: Nanos = 60n * SECOND;
const WIDEST: Nanos = 366n * 86_400n * SECOND;

/** Before anything is known of how much happens. */
export const FIRST_WIDTH: Nanos = 86_400n * SECOND;

/** Doubles or halves towards 20 pages. The cut ends of a range say little, so the span that was read counts. */
export function nextWidth({ from, to }: Interval, pages: number): Nanos {
	const width = to - from;
	const next = pages * 2 <= PAGES ? width * 2n : pages >= PAGES * 2 ? width / 2n : width;
	return next < NARROWEST ? NARROWEST : next > WIDEST ? WIDEST : next;
}

/** A source with coarse filters returns its reach on both sides each time: narrow partitions would read that again and again. */
function widthFor({ reach = 0n }: Source, width: Nanos): Nanos {
	return width > 4n * reach ? width : 4n * reach;
}

/** The least that a stream must lie behind now for a back-fill up to its start to be final at once. */
export function settledStart(configured: Nanos, nowMs: number, lateness: Nanos): Nanos {
	const settled = fromMillis(nowMs) - lateness;
	return configured < settled ? configured : settled;
}
