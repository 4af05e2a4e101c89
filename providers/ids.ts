/** Ids as text: one type per attribute, and an integer beyond 2^53 keeps all its digits. */
import { object } from './attributes';
import { exactText, type Path } from './json/scan';

/** The id at `path` of an event, undefined when there is neither text nor a number. */
export function idText(event: { raw: string; json: unknown }, ...path: string[]): string | undefined {
	let value = event.json;
	for (const step of path) value = object(value)[step];
	if (typeof value === 'number') return numberText(value, event.raw, path);
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Of a number at `path` of a JSON text. What a double holds exactly need not be looked for in the text. */
export function numberText(value: number, raw: string, path: Path): string {
	return Number.isSafeInteger(value) ? String(value) : (exactText(raw, path) ?? String(value));
}
