/** A poll ends in time: n8n abandons longer ones, and polls must not overlap. */
import type { IPollFunctions } from 'n8n-workflow';
import { RequestError } from '../../../core/http/failure';
import { runtime } from '../runtime';

/** Before 2.38 n8n says nothing; the shortest poll interval is a minute. */
const UNKNOWN_MS = 55_000;
/** For the last page and for handing over. */
const RESERVE_MS = 5_000;

export function pollBudgetMs(context: IPollFunctions): number {
	const budget = (context as Partial<IPollFunctions>).getPollBudgetMs?.() ?? UNKNOWN_MS;
	return Math.max(budget / 2, budget - RESERVE_MS);
}

/** Aborts with the deadline, and can be aborted before. */
export function stopAt(deadline: AbortSignal): AbortController {
	const stop = new AbortController();
	if (deadline.aborted) stop.abort();
	deadline.addEventListener('abort', () => stop.abort(), { once: true });
	return stop;
}

/** Why not even one page was read: a wait that the provider asked for, or a provider that does not answer. */
export function outOfTime({ failure }: RequestError, pausedUntil: number): RequestError {
	const { method, path } = failure;
	const retryAfterMs = pausedUntil - runtime.clock.now();
	if (retryAfterMs > 0) return new RequestError({ method, path, kind: 'http', status: 429, retryAfterMs });
	return new RequestError({ method, path, kind: 'timeout', phase: 'headers' });
}
