/** Replaces configured parts of an event's text, leaving every other byte as it was. */
import { bytesOf, enter, nextMember, skipSpace, skipValue, textOf, type Place, type Span } from './scan';

export const REDACTED = '[REDACTED]';

/**
 * Path as in the configuration: `requestInfo.query.nextToken`. A part `*` stands for every key or element; a list on the way
 * needs no part of its own. Duplicate keys are all replaced: `JSON.parse` keeps the last one, a reader of the text sees both.
 * Never throws, whatever the text is; in what is not JSON it finds what it can.
 */
export function redact(text: string, path: string): string {
	const json = bytesOf(text);
	let out = '';
	let at = 0;
	for (const { start, end } of spans(json, path.split('.'))) {
		out += `${textOf(json, { start: at, end: start })}"${REDACTED}"`;
		at = end;
	}
	return out + textOf(json, { start: at, end: json.length });
}

/** In ascending order, never one inside another. A stack of its own, because texts may be nested deeper than calls can be. */
function spans(json: Uint8Array, parts: readonly string[]): Span[] {
	const found: Span[] = [];
	const open: { place: Place; matched: number }[] = [];
	const root = enter(json, skipSpace(json, 0));
	if (root) open.push({ place: root, matched: 0 });
	for (let top = open.at(-1); top; top = open.at(-1)) {
		const { place, matched } = top;
		const isList = place.index !== undefined;
		const member = nextMember(json, place);
		if (!member) {
			open.pop();
			const around = open.at(-1);
			if (around) around.place.at = place.at;
			continue;
		}
		const { key, start } = member;
		const fits = parts[matched] === '*' || parts[matched] === String(key);
		const inner = fits || isList ? enter(json, start) : undefined;
		const isTarget = fits && matched + 1 === parts.length;
		if (inner && !isTarget) open.push({ place: inner, matched: fits ? matched + 1 : matched });
		else {
			place.at = skipValue(json, start);
			if (isTarget) found.push({ start, end: place.at });
		}
	}
	return found;
}
