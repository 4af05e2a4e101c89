/** Finds what back-fills there are, by one look for all sources: hundreds of them would ask the state hundreds of times a second. */
import type { Clock } from '../../core/contract';
import { StaleLeaseError } from '../store/contract';
import type { Backfiller } from './backfill';

/** How soon a job that another process asked for is found. */
const LOOK_EVERY_MS = 1000;

export interface PastDeps {
	/** Streams with an unfinished back-fill. */
	unfinished: () => Promise<readonly string[]>;
	/** Undefined: the source is no longer configured. */
	backfillerOf: (stream: string) => Pick<Backfiller, 'run'> | undefined;
	clock: Clock;
}

/** Until the signal aborts. Throws only what makes further writing wrong. */
export async function workOnPast({ unfinished, backfillerOf, clock }: PastDeps, signal: AbortSignal): Promise<void> {
	const atWork = new Map<string, Promise<void>>();
	let failure: { error: unknown } | undefined;

	function begin(stream: string): void {
		const work = backfillerOf(stream)
			?.run(signal)
			.catch((error: unknown) => void (failure ??= { error }))
			.finally(() => atWork.delete(stream));
		if (work) atWork.set(stream, work);
	}

	while (!signal.aborted && !failure) {
		try {
			for (const stream of await unfinished()) if (!atWork.has(stream)) begin(stream);
		} catch (error) {
			// the state cannot be asked now: whoever writes to it says so
			if (error instanceof StaleLeaseError) throw error;
		}
		await clock.sleep(LOOK_EVERY_MS, signal);
	}
	await Promise.all(atWork.values());
	if (failure) throw failure.error;
}
