/** Replaces configured parts of an event's text, leaving every other byte as it was. */
import { ARRAY, bytesOf, members, skipSpace, textOf, type Span } from './scan';

export const REDACTED = '[REDACTED]';

/**
 * Path as in the configuration: `requestInfo.query.nextToken`. A part `*` stands for every key or element; a list on the way
 * needs no part of its own. Duplicate keys are all replaced: `JSON.parse` keeps the last one, a reader of the text sees both.
 */
export function redact(text: string, path: string): string {
	const json = bytesOf(text);
	let out = '';
	let at = 0;
	for (const { start, end } of spans(json, skipSpace(json, 0), path.split('.'))) {
		out += `${textOf(json, { start: at, end: start })}"${REDACTED}"`;
		at = end;
	}
	return out + textOf(json, { start: at, end: json.length });
}

/** In ascending order, never one inside another. */
function spans(json: Uint8Array, at: number, [part, ...rest]: readonly string[]): Span[] {
	const isList = json[at] === ARRAY;
	const found: Span[] = [];
	for (const { key, value } of members(json, at)) {
		if (isList && part !== '*' && part !== String(key)) found.push(...spans(json, value.start, [part!, ...rest]));
		else if (part !== '*' && part !== String(key)) continue;
		else if (rest.length === 0) found.push(value);
		else found.push(...spans(json, value.start, rest));
	}
	return found;
}
