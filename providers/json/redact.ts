/** Replaces configured parts of an event's text, leaving every other byte as it was. */
import { members, type Span } from './scan';

export const REDACTED = '[REDACTED]';

/**
 * Path as in the configuration: `requestInfo.query.nextToken`. A part `*` stands for every key or element; a list on the way
 * needs no part of its own. Duplicate keys are all replaced: `JSON.parse` keeps the last one, a reader of the text sees both.
 */
export function redact(json: string, path: string): string {
	let out = json;
	for (const { start, end } of spans(json, json.search(/\S/), path.split('.')).reverse()) {
		out = `${out.slice(0, start)}"${REDACTED}"${out.slice(end)}`;
	}
	return out;
}

/** In ascending order, never one inside another. */
function spans(json: string, at: number, [part, ...rest]: readonly string[]): Span[] {
	const isList = json[at] === '[';
	const found: Span[] = [];
	for (const { key, value } of members(json, at)) {
		if (isList && part !== '*' && part !== String(key)) found.push(...spans(json, value.start, [part!, ...rest]));
		else if (part !== '*' && part !== String(key)) continue;
		else if (rest.length === 0) found.push(value);
		else found.push(...spans(json, value.start, rest));
	}
	return found;
}
