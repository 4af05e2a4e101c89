/**
 * The lossless walk: emit early, commit late. Every poll reads from the watermark to now and ships what is new at once; the
 * watermark itself moves only when a walk has ended, and never closer to now than the lateness allows.
 */
import type { Clock, Source } from '../contract';
import { fromMillis } from '../time';
import type { Nanos, StreamStore, WalkOptions } from './contract';
import { read } from './read';
import { filterIgnored, withOlder, type Older } from './remembered';
import { sift } from './sift';
import { applied } from './state';
import { advance, begin, endWindow, isEndless, isStuck, isUsable, recover } from './steps';

export interface WalkDeps {
	source: Source;
	store: StreamStore;
	clock: Clock;
	options: WalkOptions;
	signal?: AbortSignal;
	/** Told about every page after its commit, and about every refused position. */
	onProgress?: (progress: WalkProgress) => void;
}

export type WalkProgress =
	| {
			kind: 'page';
			events: number;
			fresh: number;
			dropped: number;
			invalid: number;
			/** Of the fresh ones: those whose text lacks bytes that were received. */
			replaced: number;
			/** Fresh ones that became visible later than the lateness. */
			late: number;
			/** Older than what is remembered: listed although the provider was not asked for them, and not shipped. */
			forgotten: number;
			/** Time of the last event: where in time the walk reads. Absent: there is none on the page. */
			reached?: Nanos;
			serverTime?: Nanos;
	  }
	/** `refused` by the provider, or `failing` there again and again; `absurd`: too long to be kept or sent. */
	| { kind: 'rejected'; why: 'refused' | 'failing' | 'absurd'; reason: string }
	/** Asked for again, `size` elements at a time; absent: as many as the provider likes. */
	| { kind: 'tooLarge'; reason: string; size?: number };

/**
 * One poll: goes on with the walk in progress, or begins one, and reads it to its end; returns early when the signal aborts.
 * Throws what the source or the store threw; the state is then as the last commit left it (R10).
 */
export async function poll({ source, store, clock, options, signal, onProgress }: WalkDeps): Promise<void> {
	let state = await store.load();
	if (!state) throw new Error('the stream was never begun');
	state = { ...state, walk: state.walk ?? begin(state, source) };
	const used = new Set<string>();
	let older: Older | undefined;

	while (state.walk) {
		await store.room(signal);
		if (signal?.aborted) return;
		const asked = fromMillis(clock.now());
		const reading = await read(state, state.walk, source, asked, signal);
		if (reading.kind === 'tooLarge') {
			const change = { walk: reading.walk };
			await store.commit(change);
			state = applied(state, change);
			onProgress?.({ kind: 'tooLarge', reason: reading.reason, size: reading.walk.size });
			continue;
		}
		if (reading.kind !== 'page') {
			const { kind: why, rejected } = reading;
			const change = recover(state, state.walk, source, rejected);
			await store.commit(change);
			state = applied(state, change);
			used.clear();
			onProgress?.({ kind: 'rejected', why, reason: rejected.message });
			if (isStuck(change.walk)) throw new Error(`the provider goes on refusing its own positions: ${rejected.message}`);
			continue;
		}

		const { page } = reading;
		const observed = fromMillis(clock.now());
		// not the time of the answer: what became visible while it was on its way is not in it
		const walk = advance(reading.walk, page, asked, source);
		const next = page.next && JSON.stringify(page.next);
		const absurd = page.next !== undefined && !isUsable(page.next);
		const repeated = next !== undefined && used.has(next);
		if (next !== undefined) used.add(next);
		const endless = page.next !== undefined && isEndless(walk, options);
		const step =
			page.next === undefined
				? await endWindow(state, walk, page, { source, store, options })
				: repeated || endless || absurd
					? recover(state, walk, source)
					: { walk };
		const { dropped, late, forgotten, ...events } = await sift(page, walk, state, { source, store, options }, observed);
		older = withOlder(older, forgotten);
		// when the walk is over, so that one record tells how many there are
		const isToBeSaid = older !== undefined && step.walk === null && !state.filterIgnored;
		const gaps = isToBeSaid ? { gaps: [...(events.gaps ?? []), filterIgnored(older!)] } : {};
		await store.commit({ ...step, ...events, ...gaps, observed });
		state = applied(state, step);
		// another window, or the same one from the top: its positions may well be the same ones again
		if (page.next === undefined || repeated || endless || absurd) used.clear();
		onProgress?.({
			kind: 'page',
			events: page.events.length,
			fresh: events.fresh.length,
			dropped,
			invalid: events.invalid.length,
			replaced: events.fresh.filter(({ isReplaced }) => isReplaced).length,
			late,
			forgotten: forgotten.length,
			reached: page.events.at(-1)?.time,
			serverTime: page.serverTime,
		});
		if (absurd) onProgress?.({ kind: 'rejected', why: 'absurd', reason: `a position of ${next!.length} characters` });
		if ((endless || absurd) && step.walk && isStuck(step.walk)) {
			throw new Error('a window that cannot be split further does not end; it is read again');
		}
		if (repeated) throw new Error('the provider gave the same position twice in one walk; the window is read again');
	}
}
