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
}

export interface Pauses {
	/** Resumes what others were told before. `limits`: by the name of what shares a rate limit. */
	follow(limits: ReadonlyMap<string, Domain>): Promise<void>;
	/** Notes every pause that is ordered to those it follows, until the work is done. */
	during<T>(work: () => Promise<T>): Promise<T>;
}

const SHORT_MS = 5_000;
const AGAIN_MS = 1_000;

export function createPauses({ store, clock }: PausesDeps): Pauses {
	const followed = new Map<Domain, string[]>();
	const ends: (() => void)[] = [];
	let done: AbortController | undefined;

	async function note(group: string, domain: Domain): Promise<void> {
		while (done && !done.signal.aborted) {
			try {
				return await store.notePause(group, Math.max(0, domain.pausedUntil - clock.now()));
			} catch (error) {
				// the next owner may know more
				if (error instanceof StaleLeaseError || domain.pausedUntil <= clock.now()) return;
				await clock.sleep(AGAIN_MS, done.signal);
			}
		}
	}

	function listen(domain: Domain, groups: readonly string[]): void {
		const end = domain.onPause((ms) => {
			if (ms === 0 || ms > SHORT_MS) for (const group of groups) void note(group, domain);
		});
		ends.push(end);
	}

	return {
		async follow(limits) {
			const pauses = await store.pauses();
			for (const [group, domain] of limits) {
				// a clock that was set back must not stretch a wait
				const left = Math.min(pauses.get(group) ?? 0, domain.options.maxRetryAfterMs);
				if (left > 0) domain.pause(left);
				const groups = followed.get(domain);
				if (!groups) followed.set(domain, [group]);
				else if (!groups.includes(group)) groups.push(group);
				if (!groups && done) listen(domain, followed.get(domain)!);
			}
		},
		async during(work) {
			done = new AbortController();
			for (const [domain, groups] of followed) listen(domain, groups);
			try {
				return await work();
			} finally {
				done.abort();
				for (const end of ends.splice(0)) end();
			}
		},
	};
}
