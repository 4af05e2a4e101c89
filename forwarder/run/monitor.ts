/** Listens to the relay and keeps count: what the metrics and the health rules need and the state file does not hold. */
import type { Clock, Nanos } from '../../core/contract';
import type { WalkProgress } from '../../core/walk/walk';
import { toMillis } from '../../core/time';
import type { AfterFailure } from './afterFailure';
import type { RelayReport } from './report';
import type { Requested } from './requested';

/** Clocks further apart than this are worth a person's attention (lossless-polling: fault catalogue). */
export const MAX_SKEW_MS = 120_000;

/** One stream since this process started, its back-fill included. */
export interface StreamCounts {
	/** Events on pages, repeats included. */
	read: number;
	/** New events put into the outbox. */
	fresh: number;
	/** Fresh ones that became visible later than the lateness. */
	late: number;
	/** Events older than what is remembered, on pages; not shipped. */
	forgotten: number;
	/** Of them, those that the last poll that ended well was shown. */
	forgottenLately: number;
	/** New events left out by configuration. */
	dropped: number;
	/** Elements that are not events. */
	invalid: number;
	/** New events with bytes that are not UTF-8. */
	replaced: number;
	/** Positions that the provider refused. */
	rejected: number;
	polls: Record<PollOutcome, number>;
	/** Why the last poll failed; absent when it succeeded, or when there was none yet. */
	failure?: Failing;
	/** Why background work (back-fill, completeness checks) makes no progress. */
	background: Partial<Record<Background, Failing>>;
	/** When a poll last succeeded for the first time, or for the first time after a failure. Milliseconds since the epoch, as all below. */
	okSinceMs?: number;
	/** Absent: a poll is running, or none was made yet. */
	nextPollAt?: number;
	/** When a poll last found new events, milliseconds since the epoch; back-fill finds old ones. */
	lastFresh?: number;
	/** Time of the event that the live walk read last. Absent between two walks. */
	reached?: Nanos;
	/** The provider's clock minus ours, as the last answer with a `Date` said. Whole seconds at best. */
	skewMs?: number;
}

/** The last failure, and when the first of those in a row was. */
export interface Failing extends AfterFailure {
	/** Milliseconds since the epoch. */
	sinceMs: number;
	atMs: number;
}

export type Background = 'backfill' | 'verify';

export type PollOutcome = 'succeeded' | AfterFailure['kind'];

export interface Monitor {
	readonly report: RelayReport;
	of(stream: string): Readonly<StreamCounts>;
	/** Why this process must not go on, once that is so. */
	readonly fatal?: string;
	/** Told about every poll that ended. */
	onPoll(listener: (stream: string, outcome: PollOutcome, tookMs: number) => void): void;
	/** Told about every request that ended. */
	onRequest(listener: (one: Requested) => void): void;
}

export interface MonitorDeps {
	clock: Clock;
	/** Called once when a provider's clock turns out to be more than 2 minutes off, again only after it was right. */
	onSkew?: (stream: string, skewMs: number) => void;
}

export function createMonitor({ clock, onSkew }: MonitorDeps): Monitor {
	const counts = new Map<string, StreamCounts>();
	const listeners = new Set<Parameters<Monitor['onPoll']>[0]>();
	const onRequest = new Set<(one: Requested) => void>();
	const skewed = new Set<string>();
	const forgottenBefore = new Map<string, number>();
	let fatal: string | undefined;

	function of(stream: string): StreamCounts {
		const known = counts.get(stream) ?? nothingYet();
		counts.set(stream, known);
		return known;
	}
	const ended = (stream: string, outcome: PollOutcome, tookMs: number) => {
		of(stream).polls[outcome]++;
		for (const listener of listeners) listener(stream, outcome, tookMs);
	};

	function compare(stream: string, skewMs: number): void {
		of(stream).skewMs = skewMs;
		if (Math.abs(skewMs) <= MAX_SKEW_MS) skewed.delete(stream);
		else if (!skewed.has(stream)) {
			skewed.add(stream);
			onSkew?.(stream, skewMs);
		}
	}

	const failing = (failure: AfterFailure, before: Failing | undefined): Failing => ({
		...failure,
		sinceMs: before?.sinceMs ?? clock.now(),
		atMs: clock.now(),
	});

	function add(stream: string, progress: WalkProgress): void {
		const count = of(stream);
		if (progress.kind === 'tooLarge') return;
		if (progress.kind === 'rejected') return void count.rejected++;
		count.read += progress.events;
		count.fresh += progress.fresh;
		count.dropped += progress.dropped;
		count.late += progress.late;
		count.forgotten += progress.forgotten;
		count.invalid += progress.invalid;
		count.replaced += progress.replaced;
		if (progress.serverTime !== undefined) compare(stream, toMillis(progress.serverTime) - clock.now());
	}

	return {
		of,
		get fatal() {
			return fatal;
		},
		onPoll: (listener) => void listeners.add(listener),
		onRequest: (listener) => void onRequest.add(listener),
		report: {
			requested: (one) => onRequest.forEach((listener) => listener(one)),
			progress(stream, progress) {
				add(stream, progress);
				if (progress.kind !== 'page') return;
				if (progress.reached !== undefined) of(stream).reached = progress.reached;
				if (progress.fresh > 0) of(stream).lastFresh = clock.now();
			},
			// what it reads is new to us, and says nothing of whether something happens now
			backfill(stream, notice) {
				const { background } = of(stream);
				if (notice.kind === 'failed') background.backfill = failing(notice.failure, background.backfill);
				else delete background.backfill;
				if (notice.kind === 'page') add(stream, notice.progress);
				else if (notice.kind === 'failed' && notice.failure.kind === 'fatal') fatal ??= notice.failure.message;
			},
			verify(stream, notice) {
				const { background } = of(stream);
				if (notice.kind === 'failed') background.verify = failing(notice.failure, background.verify);
				else delete background.verify;
			},
			pollSucceeded(stream, tookMs) {
				const count = of(stream);
				if (count.failure || count.okSinceMs === undefined) count.okSinceMs = clock.now();
				delete count.failure;
				delete count.reached;
				count.forgottenLately = count.forgotten - (forgottenBefore.get(stream) ?? 0);
				forgottenBefore.set(stream, count.forgotten);
				ended(stream, 'succeeded', tookMs);
			},
			waiting(stream, ms) {
				of(stream).nextPollAt = clock.now() + ms;
			},
			pollFailed(stream, failure, tookMs) {
				of(stream).failure = failing(failure, of(stream).failure);
				if (failure.kind === 'fatal') fatal ??= failure.message;
				ended(stream, failure.kind, tookMs);
			},
		},
	};
}

export function nothingYet(): StreamCounts {
	const polls = { succeeded: 0, transient: 0, refused: 0, fatal: 0 };
	return {
		read: 0,
		fresh: 0,
		late: 0,
		forgotten: 0,
		forgottenLately: 0,
		dropped: 0,
		invalid: 0,
		replaced: 0,
		rejected: 0,
		polls,
		background: {},
	};
}

/** Both hear everything, in this order. */
export function both<T extends object>(first: T, second: T): T {
	const names = new Set([...Object.keys(first), ...Object.keys(second)]) as Set<string & keyof T>;
	const tell =
		(name: keyof T) =>
		(...given: unknown[]) => {
			for (const one of [first, second]) (one[name] as ((...given: unknown[]) => void) | undefined)?.(...given);
		};
	return Object.fromEntries([...names].map((name) => [name, tell(name)])) as T;
}
