/** Polls one source: again and again, or once to now. Two walks of one stream never overlap. */
import { sweep } from '../../core/walk/stream';
import type { Gap, StreamStore, WalkOptions } from '../../core/walk/contract';
import { poll, type WalkProgress } from '../../core/walk/walk';
import type { Clock, Source, SourceEvent } from '../../core/contract';
import type { Provider } from '../../core/provider';
import { redact } from '../../core/json/redact';
import { DAY, fromMillis, toMillis } from '../../core/time';
import { formatDuration } from '../../core/durations';
import type { SourceConfig } from '../config/types';
import { StaleLeaseError } from '../store/contract';
import { afterFailure, type AfterFailure } from './afterFailure';
import { Gate } from './gates';
import { nextPollInMs } from './pollTimes';
import type { RelayReport } from './report';
import { createStart } from './start';

/**
 * Pages after which a window is cut: a guard against endless lists, not a limit on what is read. A cut costs what was read of
 * the window once more, so it lies far above the million events of a large first start.
 */
const MAX_PAGES = 20_000;

export interface PollerDeps {
	config: SourceConfig;
	provider: Provider;
	source: Source;
	store: StreamStore;
	clock: Clock;
	random: () => number;
	/** Why an earlier state is missing. */
	stateLost?: string;
	/** Milliseconds from `run` to the first poll. Default 0. */
	firstInMs?: number;
	/** Cuts the wait for the next poll short. Whoever runs it knows of pauses. */
	gate?: Gate;
	/** Another process may have polled a moment ago: unless the stream is new, the first poll waits until it is due. */
	isTakeover?: boolean;
	/** Keeps the outcome for `status`. */
	note: (error?: string) => Promise<void>;
	report?: Pick<RelayReport, 'progress' | 'pollFailed' | 'pollSucceeded' | 'waiting' | 'startAhead'>;
}

export interface Poller {
	/** Begins a stream that was never polled, far enough back for a back-fill up to there to be final at once. */
	begin(): Promise<void>;
	/** Reads to now. Undefined when all was read (or the signal aborted), else why not. */
	once(signal: AbortSignal): Promise<AfterFailure | undefined>;
	/** Until the signal aborts. Throws only what makes further writing wrong. */
	run(signal: AbortSignal): Promise<void>;
}

export function createPoller(deps: PollerDeps): Poller {
	const { config, source, store, clock, gate = new Gate(), report = {} } = deps;
	const { name } = config;
	const onProgress = (progress: WalkProgress) => report.progress?.(name, progress);
	const walkDeps = { source, store, clock, options: walkOptions(deps), onProgress };
	const start = createStart(deps, walkDeps.options.lateness, settledNow);
	let failures = 0;
	/** Run again after a pause: it is due. */
	let hasRun = false;
	let nextSweep = config.reconcile ? clock.now() : Infinity;

	async function once(signal: AbortSignal): Promise<AfterFailure | undefined> {
		const begun = clock.now();
		try {
			await start.settle(signal);
			await passRetention(signal);
			const isOld = (await store.load())?.walk !== undefined;
			const isDue = isSweepDue();
			const ending = isDue ? store : noting(store);
			await poll({ ...walkDeps, store: isOld ? store : ending, signal });
			// a walk that a crash or a failure had cut off says nothing of what happened since it began
			if (isOld && !signal.aborted) await poll({ ...walkDeps, store: ending, signal });
			if (isDue) await reconcile(signal);
			if (signal.aborted) return undefined;
			failures = 0;
			if (isDue) await deps.note();
			report.pollSucceeded?.(name, clock.now() - begun);
			return undefined;
		} catch (error) {
			// the stop signal ends requests with an error of their own
			if (signal.aborted) return undefined;
			const failure = afterFailure(error, ++failures, config.pollIntervalMs, deps.provider);
			if (failure.kind !== 'fatal') await noteFailure(deps.note, failure.message);
			report.pollFailed?.(name, failure, clock.now() - begun);
			return failure;
		}
	}

	/**
	 * What is older than the provider keeps cannot be read any more: recorded as a gap, and passed. A walk begun so long ago is given up
	 * with it: at its end the watermark would stand before what is gone, and nobody would know. One that reads at the edge goes
	 * on, and loses a little there all the time: that is said when it is more than the lateness.
	 */
	async function passRetention(signal: AbortSignal): Promise<void> {
		if (config.retentionMs === undefined) return;
		const state = await store.load();
		if (!state) return;
		const { watermark, walk } = state;
		const { lateness } = walkDeps.options;
		const early = fromMillis(clock.now() - config.retentionMs);
		if (watermark + (walk ? lateness : 0n) >= early) return;
		const oldest = fromMillis((await settledNow(early, signal)) - config.retentionMs);
		if (watermark >= oldest) return;
		const isOver = walk !== undefined && (walk.startedAt ?? watermark) - lateness < oldest;
		const detail = `not read in time: the provider keeps events for ${formatDuration(config.retentionMs)} only`;
		const gap: Gap = { reason: 'retention', from: watermark, to: oldest, detail };
		const change = { watermark: oldest, gaps: [gap], observed: fromMillis(clock.now()) };
		await store.commit({ ...change, ...(isOver && { walk: null }) });
	}

	/** By whichever clock is behind, the provider's or ours: one that runs ahead must not skip what can still be read. */
	async function settledNow(lower: bigint, signal?: AbortSignal): Promise<number> {
		// of the usual size: a list without tokens that is as long as it was asked for counts as cut
		const { serverTime } = await source.page({ lower }, undefined, signal, { skim: true });
		return serverTime === undefined ? clock.now() : Math.min(clock.now(), toMillis(serverTime));
	}

	function isSweepDue(): boolean {
		if (!config.reconcile) return false;
		// a wall clock that was set back must not stretch the wait
		nextSweep = Math.min(nextSweep, clock.now() + config.reconcile.everyMs);
		return clock.now() >= nextSweep;
	}

	async function reconcile(signal: AbortSignal): Promise<void> {
		const state = await store.load();
		if (!config.reconcile || !state || signal.aborted) return;
		// not by our clock: while it runs ahead, there would be nothing to look at
		const from = state.watermark - fromMillis(config.reconcile.spanMs);
		const lower = from > state.start ? from : state.start;
		if (lower < state.watermark) await sweep({ ...walkDeps, signal }, { lower, upper: state.watermark });
		nextSweep = clock.now() + config.reconcile.everyMs;
	}

	async function firstInMs(): Promise<number> {
		if (!deps.isTakeover || !(await store.load())) return deps.firstInMs ?? 0;
		const now = clock.now();
		return nextPollInMs(name, config.pollIntervalMs, now - config.pollIntervalMs / 2, now);
	}

	function wait(ms: number, seen: number, signal: AbortSignal): Promise<void> {
		report.waiting?.(name, ms);
		return gate.wait(clock, ms, seen, signal);
	}

	return {
		begin: () => start.settleForPast(),
		once,
		async run(signal) {
			const called = gate.calls;
			const first = hasRun ? 0 : await firstInMs();
			hasRun = true;
			if (first > 0) await wait(first, called, signal);
			while (!signal.aborted) {
				const seen = gate.calls;
				const begun = clock.now();
				const failure = await once(signal);
				if (failure?.kind === 'fatal') throw new StaleLeaseError(failure.message);
				const nextMs = failure
					? failure.waitMs * (0.5 + deps.random() / 2)
					: nextPollInMs(name, config.pollIntervalMs, begun, clock.now());
				await wait(nextMs, seen, signal);
			}
		},
	};
}

/** The commit that ends the walk is the last of the poll, and says that it succeeded. */
function noting(store: StreamStore): StreamStore {
	return { ...store, commit: (change) => store.commit(change.walk === null ? { ...change, polled: {} } : change) };
}

/** A full disk that failed the poll fails the note as well; the poll's error is the one to tell. */
async function noteFailure(note: PollerDeps['note'], message: string): Promise<void> {
	try {
		await note(message);
	} catch {
		// the failure itself has been reported
	}
}

export function walkOptions({ config, provider }: Pick<PollerDeps, 'config' | 'provider'>): WalkOptions {
	return {
		lateness: fromMillis(config.latenessMs),
		maxPages: MAX_PAGES,
		keepSeen: config.reconcile ? fromMillis(config.reconcile.spanMs) + DAY : 0n,
		...(config.dropReads && { drop: ({ json }: SourceEvent) => provider.isSelfNoise(json) }),
		...(config.redact.length > 0 && { redact: (text: string) => config.redact.reduce(redact, text) }),
	};
}
