/** An element of a list as an event, or why it cannot be one. The same for all providers. */
import type { InvalidEvent, JsonObject, Nanos, SourceEvent } from '../contract';
import { hash128 } from './hash';
import type { Element } from '../json/parse';
import { isStorable, parseInstant } from '../time';

/**
 * @param id The provider's own id, if it has one. An event without an id gets a hash of its text, `h:…`. Two such events with the
 * same text are then one; that is the same event read twice far more often than two events.
 * @param timeField Where the time is, in the words of the provider.
 */
export function readEvent(
	{ raw, json, bytes }: Element,
	id: string | undefined,
	timeField: string,
	timeOf: (json: JsonObject) => Nanos | undefined = (json) => parseInstant(json[timeField]),
): SourceEvent | InvalidEvent {
	const known = id !== undefined && isName(id) ? id : undefined;
	const hash = () => hash128(bytes ?? raw);
	// elements that have an id in common may all be broken, each in its own way: none of them may hide another
	const invalid = (reason: string) => ({ id: known === undefined ? `h:${hash()}` : `${known}#${hash()}`, raw, reason });
	if (json === undefined) return invalid('not JSON');
	if (!isPlain(json)) return invalid('not a JSON object');
	const time = timeOf(json);
	if (time === undefined) return invalid(`no usable time in ${timeField}`);
	if (!isStorable(time)) return invalid(`the time in ${timeField} is outside the years 1678 to 2261`);
	return { id: known ?? `h:${hash()}`, time, raw, ...(bytes && { isReplaced: true as const }), json };
}

/** The event with another text, which has to be a JSON object as well. */
export function withText(event: SourceEvent, raw: string): SourceEvent {
	return raw === event.raw ? event : { ...event, raw, json: JSON.parse(raw) as JsonObject };
}

export function isPlain(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Longer ones are not names: one of megabytes would be kept for as long as the event is remembered. */
const LONGEST = 1000;

/** Whether the provider's id can be ours: short, and nothing that we make up ourselves, `h:` here and `?` in the walk. */
function isName(id: string): boolean {
	return id.length <= LONGEST && !id.startsWith('h:') && !id.startsWith('?');
}
