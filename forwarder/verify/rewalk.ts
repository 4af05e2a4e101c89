/** Reads a past span again, slice by slice, oldest first, and hands out the distinct events of each slice. Ships nothing. */
import { fillNext, type Job, type JobStore } from '../../core/walk/backfill';
import type { Interval } from '../../core/walk/intervals';
import type { Clock, InvalidEvent, Nanos, Source, SourceEvent } from '../../core/contract';
import { SECOND } from '../../core/time';
import type { Ledger } from '../store/ledger';

/** Events of a slice, as far as the ledger foresees: what is held in memory, some 50 pages. */
const SLICE = 5000;
const MAX_PAGES = 5_000;

export interface Slice extends Interval {
	events: SourceEvent[];
	invalid: InvalidEvent[];
}

export interface RewalkDeps {
	source: Source;
	ledger: Pick<Ledger, 'timeAfter'>;
	clock: Clock;
	signal: AbortSignal;
}

/**
 * Throws what the source throws. Ends early, at the returned instant, when the provider's clock is behind the end of the span.
 */
export async function rewalk(
	span: Interval,
	{ source, ledger, clock, signal }: RewalkDeps,
	visit: (slice: Slice) => Promise<void>,
): Promise<Nanos> {
	const { from, to } = span;
	const job: Job = { from, to, done: from, width: to - from };
	const events = new Map<string, SourceEvent>();
	const invalid = new Map<string, InvalidEvent>();
	const known = new Set<string>();

	const store: JobStore = {
		load: async () => ({ ...job, width: await widthFrom(job.done) }),
		covered: async () => [],
		room: async () => undefined,
		seen: async (elements) => new Set(elements.map(({ id }) => id).filter((id) => known.has(id))),
		commit: async (change) => {
			for (const event of change.fresh ?? []) events.set(event.id, event);
			for (const { id } of change.seen ?? []) known.add(id);
			for (const element of change.invalid ?? []) invalid.set(element.id, element);
			if (change.walk !== undefined) job.walk = change.walk ?? undefined;
			if (change.done > job.done) {
				const slice = { from: job.done, to: change.done };
				// a slice that was cut in two is told in two parts
				const isWithin = ({ time }: { time?: Nanos }) => time === undefined || (time >= slice.from && time < slice.to);
				const [within, others] = [[...events.values()].filter(isWithin), [...invalid.values()].filter(isWithin)];
				await visit({ ...slice, events: within, invalid: others });
				job.done = change.done;
			}
			if (!job.walk) [events, invalid, known].forEach((held) => held.clear());
		},
	};

	/** So wide that about as many events lie in it as are meant to be held: a burst gets narrow slices. */
	async function widthFrom(done: Nanos): Promise<Nanos> {
		const next = await ledger.timeAfter(done, SLICE);
		if (next === undefined) return to - done;
		return next - done < SECOND ? SECOND : next - done;
	}

	const options = { lateness: 0n, maxPages: MAX_PAGES, keepSeen: 0n };
	for (;;) {
		const step = await fillNext({ source, store, clock, options, signal });
		signal.throwIfAborted();
		if (step.kind !== 'partition') return job.done;
	}
}
