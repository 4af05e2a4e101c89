/**
 * Pauses that a provider has ordered outlive the process that was told: whoever reads its sources next asks for nothing inside them. A
 * short one is over before anybody has started again.
 */
import type { Clock } from '../../core/contract';
import type { Domain } from '../../core/http/politeness';
import { StaleLeaseError, type Store } from '../store/contract';

export interface PausesDeps {
	store: Pick<Store, 'pauses' | 'notePause'>;
	clock: Clock;
	/** By the name of what shares a rate limit. */
	limits: ReadonlyMap<string, Domain>;
}

const SHORT_MS = 5_000;
const AGAIN_MS = 1_000;

export async function resumePauses({ store, limits }: Omit<PausesDeps, 'clock'>): Promise<void> {
	const pauses = await store.pauses();
	for (const [group, domain] of limits) {
		// a clock that was set back must not stretch a wait
		const left = Math.min(pauses.get(group) ?? 0, domain.options.maxRetryAfterMs);
		if (left > 0) domain.pause(left);
	}
}

/** Notes every pause that is ordered during the work. */
export async function keepingPauses<T>({ store, clock, limits }: PausesDeps, work: () => Promise<T>): Promise<T> {
	const done = new AbortController();

	async function note(group: string, domain: Domain): Promise<void> {
		while (!done.signal.aborted) {
			try {
				return await store.notePause(group, Math.max(0, domain.pausedUntil - clock.now()));
			} catch (error) {
				// the next owner may know more
				if (error instanceof StaleLeaseError || domain.pausedUntil <= clock.now()) return;
				await clock.sleep(AGAIN_MS, done.signal);
			}
		}
	}

	const ends = [...limits].map(([group, domain]) =>
		domain.onPause((ms) => {
			if (ms === 0 || ms > SHORT_MS) void note(group, domain);
		}),
	);
	try {
		return await work();
	} finally {
		done.abort();
		for (const end of ends) end();
	}
}
