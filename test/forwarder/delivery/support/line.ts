import { createDelivery, type DeliveryNotice, type DeliveryOptions } from '../../../../forwarder/delivery/delivery';
import type { Answer } from '../../../../forwarder/export/answer';
import type { Item } from '../../../../forwarder/records/item';
import { TestClock } from './clock';
import { encoder } from './events';
import { MemoryOutbox } from './outbox';

export interface Sent {
	ids: string[];
	at: number;
	/** Only for requests that nobody answered yet. */
	answer: (answer: Answer) => void;
}

export const ACCEPTED: Answer = { kind: 'accepted' };
export const DOWN: Answer = { kind: 'retry', throttled: false, reason: 'status 502' };
export const POISON: Answer = { kind: 'poison', message: 'status 400: bad' };
export const TOO_BIG: Answer = { kind: 'tooBig', message: 'status 413' };
export const MAYBE: Answer = { kind: 'maybe', reason: 'status 500' };
export const DENIED: Answer = { kind: 'misconfigured', message: 'status 401: no' };

/** A delivery to a receiver that is a function: from the ids of a request to its answer; undefined leaves it open. */
export function line(
	respond: (ids: string[], attempt: number) => Answer | undefined,
	options: Partial<DeliveryOptions> = {},
) {
	const clock = new TestClock();
	const outbox = new MemoryOutbox();
	const sent: Sent[] = [];
	const notices: DeliveryNotice[] = [];
	const receiver = { respond };
	const send = (items: readonly Item[], signal: AbortSignal) =>
		new Promise<Answer>((resolve, reject) => {
			const ids = items.map(({ eventId }) => eventId);
			sent.push({ ids, at: clock.now(), answer: resolve });
			signal.addEventListener('abort', () => reject(signal.reason as Error));
			const answer = receiver.respond(ids, sent.length);
			if (answer) resolve(answer);
		});
	const delivery = createDelivery({
		destination: 'siem',
		outbox,
		encode: encoder(),
		send,
		clock,
		// the longest of all delays: easy to tell
		random: () => 0.999_999,
		report: (notice) => notices.push(notice),
		...options,
	});
	const stop = new AbortController();
	return { clock, outbox, sent, notices, receiver, delivery, stop };
}

/** Every batch of one record travels alone. */
export const ALONE: Partial<DeliveryOptions> = { limits: { maxRecords: 1 } };

/** Answers with `bad` when one of these ids is in the request. */
export const unless = (bad: Answer, ...ids: string[]) => {
	return (sent: string[]): Answer => (sent.some((id) => ids.includes(id)) ? bad : ACCEPTED);
};
