/** An element of a list as an event, for people who look at lists. */
import type { InvalidEvent, JsonObject, SourceEvent } from '../../core/contract';
import { isPlain, readEvent } from '../../core/record/event';
import type { Element } from '../../core/json/parse';
import type { ListElement } from '../../providers/list';

export function listEvent(element: ListElement, timeField: string): SourceEvent {
	return readable(element, readEvent(element, element.id, timeField));
}

/** What cannot be an event counts as one of 1970: showing it is better than hiding it. */
export function readable(element: Element & { id?: string }, event: SourceEvent | InvalidEvent): SourceEvent {
	if (!('reason' in event)) return event;
	return { id: element.id ?? event.id, time: 0n, raw: element.raw, json: objectOf(element) };
}

/** What is not an object, or not even JSON, is shown as its text. */
export function objectOf({ raw, json }: Element): JsonObject {
	return isPlain(json) ? json : { unreadable: raw };
}
