import type { SourceEvent } from '../../core/contract';
import type { ProviderName } from '../../providers/registry';
import { parseInstant } from '../../core/time';
import { KINDS } from '../servers/shapes';
import type { Json } from './pages';

/** As somebody writes it who has only `JSON.parse`: the body is made again from the object. */
export function eventOf(shape: ProviderName, json: Json): SourceEvent {
	const kind = KINDS[shape];
	const time = parseInstant(json[kind.time])!;
	return { id: String(json[kind.id]), time, raw: JSON.stringify(json), json };
}
