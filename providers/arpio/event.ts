/** One element of an `auditEvents` list as a `SourceEvent`, or why it cannot be one. */
import { object } from '../attributes';
import type { InvalidEvent, JsonObject, SourceEvent } from '../contract';
import { hash128 } from '../hash';
import { numberText } from '../ids';
import { parseInstant } from '../time';

/**
 * An event without an `eventId` gets a hash of its text, `h:…`. Two such events with the same text to the microsecond are then
 * one; that is the same event read twice far more often than two events.
 */
export function readEvent(raw: string, json: unknown): SourceEvent | { invalid: InvalidEvent } {
	const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
	const id = (isObject && idOf(raw, object(json))) || `h:${hash128(raw)}`;
	if (!isObject) return { invalid: { id, raw, reason: 'not a JSON object' } };
	const time = parseInstant(object(json)['timestamp']);
	if (time === undefined) return { invalid: { id, raw, reason: 'no usable timestamp' } };
	return { id, time, raw, json: object(json) };
}

function idOf(raw: string, { eventId }: JsonObject): string | undefined {
	if (typeof eventId === 'string') return eventId;
	return typeof eventId === 'number' ? numberText(eventId, raw, ['eventId']) : undefined;
}
