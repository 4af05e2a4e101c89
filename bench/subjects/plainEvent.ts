import type { SourceEvent } from '../../providers/contract';
import type { ProviderName } from '../../providers/registry';
import { parseInstant } from '../../providers/time';
import type { Json } from './pages';

/** As somebody writes it who has only `JSON.parse`: the body is made again from the object. */
export function eventOf(shape: ProviderName, json: Json): SourceEvent {
	const id = String(shape === 'arpio' ? json['eventId'] : json['id']);
	const time = parseInstant(shape === 'arcus-erp' ? json['created_at'] : json['timestamp'])!;
	return { id, time, raw: JSON.stringify(json), json };
}
