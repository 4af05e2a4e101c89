/** AuditAPI stores events after it has answered, and has no idempotency key: whether an event is there has to be looked up. */
import { formatInstant, fromMillis, InvalidInput, numberFrom, RequestError } from '../../shared/core';
import type { AuditApiStep } from '../service';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;
/** How long an event whose answer was lost may take to show up. */
const LOOK_MS = 10_000;

export function maxWaitMs({ options }: AuditApiStep): number {
	return numberFrom(0, 'Max Wait', options.maxWait ?? 30) * 1000;
}

/** Waits until the event can be read: at most until Max Wait after `since`, but looks at least once. */
export async function stored(step: AuditApiStep, id: string, since: number): Promise<void> {
	const maxMs = maxWaitMs(step);
	const found = await waited(step, since + maxMs, async () => {
		try {
			await step.client.retrieve(id, step.signal);
			return true;
		} catch (error) {
			return notYet(error);
		}
	});
	if (found) return;
	const when = formatInstant(fromMillis(step.clock.now()), 0);
	throw new InvalidInput(
		`AuditAPI accepted event ${id} but had not stored it after ${maxMs / 1000} s`,
		`It may still appear: it could not be read until ${when}. Wait longer with Max Wait, or read it later by its ID.`,
	);
}

/** ID of the event with this key, if there is one. */
export async function storedBefore(step: AuditApiStep, field: string, key: string): Promise<string | undefined> {
	const { elements } = await step.client.list({ filter: { key: field, value: key }, limit: 1, signal: step.signal });
	// a service that ignored the filter would return any event
	const [first] = elements;
	return first?.json.payload?.[field] === key ? first.id : undefined;
}

/** After an answer that got lost: the event if it shows up, else the error. A repeat could store it twice. */
export async function uncertain(
	step: AuditApiStep,
	error: unknown,
	field: string,
	key: string | undefined,
): Promise<{ id: string }> {
	if (key === undefined || !mayBeStored(error)) throw error;
	let id: string | undefined;
	await waited(step, step.clock.now() + LOOK_MS, async () => {
		// the service may be down for reads as well: then the first error is the one to tell
		id = await storedBefore(step, field, key).catch(() => undefined);
		return id !== undefined;
	});
	if (id === undefined) throw error;
	return { id };
}

function mayBeStored(error: unknown): boolean {
	if (!(error instanceof RequestError)) return false;
	const { failure } = error;
	if (failure.kind === 'http') return failure.status >= 500 && failure.status !== 503;
	return failure.kind !== 'aborted';
}

function notYet(error: unknown): false {
	if (error instanceof RequestError && error.failure.kind === 'http' && error.failure.status === 404) return false;
	throw error as RequestError;
}

async function waited(step: AuditApiStep, end: number, isThere: () => Promise<boolean>): Promise<boolean> {
	for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
		if (await isThere()) return true;
		const left = end - step.clock.now();
		if (left <= 0 || step.signal?.aborted) return false;
		await step.clock.sleep(Math.min(wait, left), step.signal);
	}
}
