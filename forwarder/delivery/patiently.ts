import type { Clock } from '../../core/contract';
import { StaleLeaseError } from '../store/contract';
import { backoffMs } from './backoff';
import type { Health } from './health';

/** Repeats what the store could not do: a full disk is waited for, a lost lease is not. Throws that, and when `signal` aborts. */
export async function patiently<T>(
	operation: () => Promise<T>,
	{ health, clock, random }: { health: Health; clock: Clock; random: () => number },
	signal: AbortSignal,
): Promise<T> {
	for (let tries = 0; ; tries++) {
		try {
			const result = await operation();
			if (tries > 0) health.well();
			return result;
		} catch (error) {
			if (error instanceof StaleLeaseError || signal.aborted) throw error;
			health.failed(`store: ${messageOf(error)}`);
			await clock.sleep(backoffMs(tries, random), signal);
			signal.throwIfAborted();
		}
	}
}

export function messageOf(error: unknown): string {
	const { message } = (error ?? {}) as { message?: unknown };
	return typeof message === 'string' ? message : 'unknown error';
}
