/** Works on the back-fill of one source, beside its live polls and after them in the queue for requests. */
import { fillNext, type JobStore, type Step } from '../../core/walk/backfill';
import type { Interval } from '../../core/walk/intervals';
import type { WalkOptions } from '../../core/walk/contract';
import type { WalkProgress } from '../../core/walk/walk';
import type { Clock, Source } from '../../core/contract';
import type { Provider } from '../../core/provider';
import { StaleLeaseError } from '../store/contract';
import { BackfillEnded } from '../store/backfill';
import { afterFailure, type AfterFailure } from './afterFailure';

/** How often at least it is looked whether the provider has settled the rest of a job. */
const LONGEST_WAIT_MS = 30_000;

export type BackfillNotice =
	| { kind: 'page'; progress: WalkProgress }
	| ({ kind: 'partition' } & Interval)
	| { kind: 'finished' }
	| { kind: 'failed'; failure: AfterFailure };

export interface BackfillerDeps {
	provider: Pick<Provider, 'settings'>;
	/** Its requests have a lower priority than those of live polls. */
	source: Source;
	store: JobStore;
	clock: Clock;
	random: () => number;
	options: WalkOptions;
	/** Between polls, milliseconds: the measure of how long to wait after a failure. */
	pollIntervalMs: number;
	report: (notice: BackfillNotice) => void;
}

export interface Backfiller {
	/** Works on the job there is until none is left or the signal aborts. Throws only what makes further writing wrong. */
	run(signal: AbortSignal): Promise<void>;
	/** Ends when no job is left, when the provider refuses, or when the signal aborts. */
	finish(signal: AbortSignal): Promise<AfterFailure | undefined>;
}

export function createBackfiller(deps: BackfillerDeps): Backfiller {
	const { clock, random, report } = deps;
	let failures = 0;

	async function next(signal: AbortSignal): Promise<Step | AfterFailure> {
		const onProgress = (progress: WalkProgress) => report({ kind: 'page', progress });
		try {
			const step = await fillNext({ ...deps, signal, onProgress });
			failures = 0;
			if (signal.aborted) return { kind: 'none' };
			if (step.kind === 'partition' || step.kind === 'finished') report(step);
			return step;
		} catch (error) {
			// the stop signal ends requests with an error of their own
			if (signal.aborted || error instanceof BackfillEnded) return { kind: 'none' };
			const failure = afterFailure(error, ++failures, deps.pollIntervalMs, deps.provider);
			report({ kind: 'failed', failure });
			return failure;
		}
	}

	async function wait(after: Step | AfterFailure, signal: AbortSignal): Promise<void> {
		const ms =
			after.kind === 'early'
				? Math.min(after.until - clock.now(), LONGEST_WAIT_MS)
				: 'waitMs' in after
					? after.waitMs * (0.5 + random() / 2)
					: 0;
		if (ms > 0) await clock.sleep(ms, signal);
	}

	return {
		async run(signal) {
			while (!signal.aborted) {
				const step = await next(signal);
				if (step.kind === 'none') return;
				if (step.kind === 'fatal') throw new StaleLeaseError(step.message);
				await wait(step, signal);
			}
		},
		async finish(signal) {
			while (!signal.aborted) {
				const step = await next(signal);
				if (step.kind === 'none') return undefined;
				if (step.kind === 'refused' || step.kind === 'fatal') return step;
				await wait(step, signal);
			}
			return undefined;
		},
	};
}
