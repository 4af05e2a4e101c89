/**
 * Where a stream begins. An age counts from whichever clock is behind, the provider's or ours: counted from one that runs ahead,
 * the stream would begin in the future, and what happens until then would be missing without a word.
 */
import { settledStart } from '../../core/walk/backfill';
import { beginStream, moveStart } from '../../core/walk/stream';
import type { Nanos } from '../../core/contract';
import { RequestError } from '../../core/http/failure';
import { fromMillis, SECOND, toMillis } from '../../core/time';
import type { PollerDeps } from './poller';

export interface Start {
	/** Begins a stream that was never polled. Throws what the source throws. */
	settle(signal?: AbortSignal): Promise<void>;
	/** The same, far enough back for a back-fill up to there to be final at once; with a provider that does not answer, too. */
	settleForPast(): Promise<void>;
}

/** @param settledNow by whichever clock is behind; one request */
export function createStart(
	{ config, provider, store, clock, stateLost, report }: PollerDeps,
	lateness: Nanos,
	settledNow: (lower: Nanos, signal?: AbortSignal) => Promise<number>,
): Start {
	let isSettled = false;
	const ours = () => fromMillis(clock.now());
	const promise = { lost: stateLost, lossy: provider.lossy };
	const configured = (nowMs: number) =>
		config.startAgeMs === undefined ? config.start : fromMillis(nowMs - config.startAgeMs);

	async function settle(startAt: (nowMs: number) => Nanos, signal?: AbortSignal): Promise<void> {
		const state = await store.load();
		// once something was read from it on, it stays
		if (state && (isSettled || state.walk || state.watermark !== state.start)) return;
		let now: number;
		try {
			now = await settledNow(ours(), signal);
		} catch (error) {
			// begun anyway: an outage must not move the start from one restart to the next
			if (!state) await beginStream(store, startAt(clock.now()), ours(), promise);
			throw error;
		}
		const start = state ? earlier(state.start, startAt(now)) : startAt(now);
		if (!state) await beginStream(store, start, ours(), promise);
		// the provider's clock is read in whole seconds
		else if (state.start - start > SECOND) await moveStart(store, start, state.start, ours());
		isSettled = true;
		const aheadMs = toMillis(start) - now;
		if (aheadMs > 1000) report?.startAhead?.(config.name, start, aheadMs);
	}

	return {
		settle: (signal) => settle(configured, signal),
		async settleForPast() {
			try {
				await settle((nowMs) => settledStart(configured(nowMs), nowMs, lateness));
			} catch (error) {
				if (!(error instanceof RequestError)) throw error;
			}
		},
	};
}

const earlier = (a: Nanos, b: Nanos): Nanos => (a < b ? a : b);
