/** Replaces configured parts of an event's text, leaving every other byte as it was. */
import { find, members, type Path } from './scan';

export const REDACTED = '[REDACTED]';

/**
 * Path as in the configuration: `requestInfo.query.nextToken`. A part `*` matches every key or element; an array on the way
 * is entered without a part of its own when the part is no number.
 */
export function redact(json: string, path: string): string {
	const spans = matches(json, [], path.split('.')).map((found) => find(json, found)!);
	let out = json;
	for (const { start, end } of spans.sort((a, b) => b.start - a.start)) {
		out = `${out.slice(0, start)}${JSON.stringify(REDACTED)}${out.slice(end)}`;
	}
	return out;
}

function matches(json: string, at: Path, rest: readonly string[]): Path[] {
	const [part, ...further] = rest;
	const here = find(json, at);
	if (!here) return [];
	if (part === undefined) return [at];
	const keys = [...members(json, here.start)].map(({ key }) => key);
	const inArray = json[here.start] === '[';
	if (inArray && part !== '*' && !/^\d+$/.test(part)) return keys.flatMap((key) => matches(json, [...at, key], rest));
	const wanted = keys.filter((key) => part === '*' || String(key) === part);
	return [...new Set(wanted)].flatMap((key) => matches(json, [...at, key], further));
}
