/** An element of Arcus' and AuditAPI's lists as an event. */
import type { SourceEvent } from '../../providers/contract';
import { events, type ListElement } from '../../providers/list';

/** An element without an id or a time counts as an event of 1970: showing it is better than hiding it. */
export function listEvent({ id, raw, json }: ListElement, timeField: string): SourceEvent {
	const [event] = events({ elements: [{ id, raw, json }], envelope: {} }, timeField).events;
	return event ?? { id: id ?? '', time: 0n, raw, json: (json ?? {}) as SourceEvent['json'] };
}
