/** Ids as text: one type per attribute, and an integer beyond 2^53 keeps all its digits. */
import { object } from './attributes';
import { exactText } from './json/scan';

/** The id at `path` of an event, undefined when there is neither text nor a number. */
export function idText(event: { raw: string; json: unknown }, ...path: string[]): string | undefined {
	let value = event.json;
	for (const step of path) value = object(value)[step];
	if (typeof value === 'number') return exactText(event.raw, path) ?? String(value);
	return typeof value === 'string' && value !== '' ? value : undefined;
}
