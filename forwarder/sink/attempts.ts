/** Repeats one request until its answer is final. */
import type { Clock } from '../../providers/contract';
import type { Searches } from '../../otlp/search';
import type { Answer } from './answer';
import { backoffMs } from './backoff';
import type { RequestLimits } from './chunk';
import type { Health } from './health';
import type { Item } from './item';
import type { Throttle } from './throttle';

/** What the batches of one destination share. */
export interface Line {
	send: (items: readonly Item[], signal: AbortSignal) => Promise<Answer>;
	clock: Clock;
	random: () => number;
	throttle: Throttle;
	health: Health;
	/** Lowered when the receiver finds a request too large. */
	limits: RequestLimits;
	/** For what comes back taken in part. */
	searches: Searches;
	warn: (message: string) => void;
}

export type FinalAnswer =
	| Extract<Answer, { kind: 'accepted' | 'partial' | 'tooBig' | 'misconfigured' }>
	/** `certain` is false after 408 and 500, which may have meant "later" all the same. */
	| { kind: 'poison'; message: string; certain: boolean };

export interface Patience {
	/** Whether this many answers of 408 or 500 count as a refusal. */
	exhausted: (maybes: number) => boolean;
	/** Send although the destination is halted: this is the attempt to find out whether it still has to be. */
	probing: boolean;
}

/** Transient failures are repeated for ever. Throws when `signal` aborts, or what `send` throws. */
export async function finalAnswer(
	items: readonly Item[],
	{ exhausted, probing }: Patience,
	line: Line,
	signal: AbortSignal,
): Promise<FinalAnswer> {
	let maybes = 0;
	for (let attempt = 0; ; attempt++) {
		await line.throttle.pass(signal);
		if (line.health.haltedBy !== undefined && !probing) return { kind: 'misconfigured', message: line.health.haltedBy };
		const answer = await line.send(items, signal);
		switch (answer.kind) {
			case 'retry': {
				line.health.failed(answer.reason);
				// a receiver that says "retry after 0" must not be hammered
				const delay = Math.max(answer.afterMs ?? 0, backoffMs(attempt, line.random));
				if (answer.throttled) line.throttle.pause(delay);
				else await line.clock.sleep(delay, signal);
				break;
			}
			case 'maybe':
				line.health.failed(answer.reason);
				if (exhausted(++maybes)) return { kind: 'poison', message: answer.reason, certain: false };
				await line.clock.sleep(backoffMs(attempt, line.random), signal);
				break;
			case 'poison':
				line.health.failed(answer.message);
				return { ...answer, certain: true };
			case 'tooBig':
			case 'misconfigured':
				line.health.failed(answer.message);
				return answer;
			case 'accepted':
				line.health.accepted();
				if (answer.warning) line.warn(answer.warning);
				return answer;
			case 'partial':
				if (answer.rejected < items.length) line.health.accepted();
				else line.health.failed(answer.message);
				return answer;
		}
	}
}
