/** Ids as text: one type per attribute, and an integer beyond 2^53 keeps all its digits. */
import type { Element } from '../json/parse';
import { exactTexts, type Path } from '../json/scan';

/** Reads ids of one event, undefined where there is neither text nor a number. Linear in its text, however many are asked for. */
export function idsOf(element: Pick<Element, 'raw' | 'json'>): (...path: Path) => string | undefined {
	const textAt = textsOf(element);
	return (...path) => textAt(path);
}

/** As `idsOf`. @param isFlag true and false are text, too */
export function textsOf({
	raw,
	json,
}: Pick<Element, 'raw' | 'json'>): (path: Path, isFlag?: boolean) => string | undefined {
	let exact: ReturnType<typeof exactTexts> | undefined;
	return (path, isFlag) => {
		let value: unknown = json;
		for (const step of path) value = memberOf(value, step);
		if (typeof value === 'string') return value || undefined;
		if (isFlag && typeof value === 'boolean') return String(value);
		if (typeof value !== 'number') return undefined;
		// what a double holds exactly need not be looked for in the text
		if (Number.isSafeInteger(value)) return String(value);
		exact ??= exactTexts(raw);
		return exact(path) ?? String(value);
	};
}

function memberOf(value: unknown, key: string | number): unknown {
	if (typeof value !== 'object' || value === null || Array.isArray(value) !== (typeof key === 'number'))
		return undefined;
	return (value as Record<string | number, unknown>)[key];
}

/** Of a surrogate pair: neither stored nor sent as UTF-8. */
export const hasHalfAPair = (value: unknown) => typeof value === 'string' && /\p{Surrogate}/u.test(value);

/**
 * The id of a whole element. None where part of it is lost, in bytes that are not UTF-8 or in halves of a surrogate pair: two that
 * differ in that part only would be one.
 */
export function idOf({ raw, json, bytes }: Element, ...path: Path): string | undefined {
	let value: unknown = json;
	for (const step of path) value = memberOf(value, step);
	// as it stands there: 1e-400 is no 0
	if (typeof value === 'number') return exactTexts(raw)(path);
	if (typeof value !== 'string' || value === '' || hasHalfAPair(value)) return undefined;
	return bytes && value.includes('\ufffd') ? undefined : value;
}
