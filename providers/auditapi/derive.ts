/** Common facts in a payload of any shape: the first candidate key that fits. */
import { object } from '../../core/record/attributes';
import type { SourceEvent } from '../../core/contract';
import type { idsOf } from '../../core/record/ids';
import { ERROR, FATAL, INFO, INFO2, WARN, WARN2 } from '../../core/record/severity';

type Payload = { [key: string]: unknown };

/** Severities that are understood, by the writer's word in lower case. */
const LEVELS: ReadonlyMap<string, number> = new Map([
	['debug', 5],
	['info', INFO],
	['notice', INFO2],
	['warn', WARN],
	['warning', WARN],
	['security', WARN2],
	['error', ERROR],
	['critical', FATAL],
	['fatal', FATAL],
]);

const FAILED = /^(?:fail|failed|failure|denied|error|rejected|refused)$/i;
const SUCCEEDED = /^(?:ok|success|successful|succeeded)$/i;

export function payloadOf(event: SourceEvent): Payload {
	return object(event.json.payload);
}

export function firstText(payload: Payload, ...keys: string[]): string | undefined {
	return keys.map((key) => payload[key]).find((value): value is string => typeof value === 'string' && value !== '');
}

export function nameOf(payload: Payload): string | undefined {
	return firstText(payload, 'action', 'event', 'event_type', 'type', 'name');
}

/** The writer's own word, and its number when it is understood. */
export function severityOf(payload: Payload): { word?: string; number?: number } {
	const word = firstText(payload, 'severity', 'level', 'log_level');
	return { word, number: word === undefined ? undefined : LEVELS.get(word.toLowerCase()) };
}

/** `status` is an outcome only when it reads like one: it is as often `active` or `paid`. */
export function outcomeOf(payload: Payload): { word: string; failed: boolean } {
	const { status, success } = payload;
	const word =
		firstText(payload, 'outcome', 'result') ??
		(typeof status === 'string' && (FAILED.test(status) || SUCCEEDED.test(status)) ? status : undefined) ??
		(typeof success === 'boolean' ? (success ? 'success' : 'failure') : 'unknown');
	return { word, failed: FAILED.test(word) };
}

export function actorOf(id: ReturnType<typeof idsOf>): string | undefined {
	return (
		id('payload', 'actor', 'id') ?? id('payload', 'actor') ?? id('payload', 'user_id') ?? id('payload', 'user', 'id')
	);
}

/** An actor that says it is something else than a user has no user id. */
export function isUser(payload: Payload): boolean {
	const { type } = object(payload.actor);
	return type === undefined || type === null || type === 'user';
}
