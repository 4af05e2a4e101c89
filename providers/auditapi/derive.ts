/** Common facts in a payload of any shape: the first candidate key that fits. */
import { object } from '../../core/record/attributes';
import type { JsonObject } from '../../core/contract';
import type { Draft } from '../../core/provider';
import { ERROR, FATAL, INFO, INFO2, WARN, WARN2 } from '../../core/record/severity';
import type { Facts } from '../declared/facts';

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

/** Event names are a closed set at the destination; free text would make it grow without end. */
const NAME = /^[a-z][a-z0-9_.-]{0,100}$/;

/** One derived action for the event's name and the rules: writers spell the key differently. */
export function factsOf(json: JsonObject): Facts {
	const payload = object(json.payload);
	const action = firstText(payload, 'action', 'event', 'event_type', 'type', 'name');
	const { word, failed } = outcomeOf(payload);
	const stated = LEVELS.get(severityWord(payload)?.toLowerCase() ?? '') ?? INFO;
	return {
		action,
		name: action !== undefined && NAME.test(action) ? action : 'event',
		outcome: word,
		failed,
		severity: Math.max(stated, failed ? WARN : 0),
	};
}

export function derived(json: JsonObject, { 'audit.actor.id': actorId }: Draft['attributes']): Draft['attributes'] {
	const payload = object(json.payload);
	return {
		'audit.severity': severityWord(payload),
		'user.id': isUser(payload) ? actorId : undefined,
		'client.address': firstText(payload, 'ip', 'ip_address', 'remote_ip'),
		// its writer says that it failed, and never in words of its own
		'error.type': undefined,
	};
}

function firstText(payload: Payload, ...keys: string[]): string | undefined {
	return keys.map((key) => payload[key]).find((value): value is string => typeof value === 'string' && value !== '');
}

const severityWord = (payload: Payload) => firstText(payload, 'severity', 'level', 'log_level');

/** `status` is an outcome only when it reads like one: it is as often `active` or `paid`. */
function outcomeOf(payload: Payload): { word: string; failed: boolean } {
	const { status, success } = payload;
	const word =
		firstText(payload, 'outcome', 'result') ??
		(typeof status === 'string' && (FAILED.test(status) || SUCCEEDED.test(status)) ? status : undefined) ??
		(typeof success === 'boolean' ? (success ? 'success' : 'failure') : 'unknown');
	return { word, failed: FAILED.test(word) };
}

function isUser({ actor }: Payload): boolean {
	const { type } = object(actor);
	return type === undefined || type === null || type === 'user';
}
