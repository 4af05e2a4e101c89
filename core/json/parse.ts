/** Parses an answer, and keeps the text of each element of its lists. */
import { beginOf, eachMember, elements, isWhole, skipValue, textOf, type Span } from './scan';

/** An element of a list. */
export interface Element {
	/** Its text exactly as received, but for bytes that are not UTF-8: each of those became U+FFFD. */
	raw: string;
	/** Undefined when the text is not JSON. */
	json: unknown;
	/** As received, where the text is not that. */
	bytes?: Uint8Array;
}

export interface Parsed {
	/** An element that is not JSON is undefined here. */
	json: unknown;
	/** The elements of every list that is a member of the answer; of a bare list under ''; of `inner`, its names joined by dots. */
	lists: ReadonlyMap<string, readonly Element[]>;
}

/**
 * What `JSON.parse` of the whole text gives, element by element: text that is cut from a page is as wide as the widest letter of
 * the page, and one element that is not JSON must not take the others with it. Throws `SyntaxError` when what stands around the
 * lists is not JSON, as that of an answer that was cut off.
 */
export function parseAnswer(body: Uint8Array, inner: readonly string[] = []): Parsed {
	const start = beginOf(body);
	const lists = new Map<string, readonly Element[]>();
	// what stands around the lists is parsed as a text of its own, in which each of them is empty
	let around = '';
	let at = start;
	const found = listsIn(body, start, inner);
	for (const { path, list, elements: spans } of found) {
		lists.set(
			path.join('.'),
			spans.map((span) => elementOf(body, span)),
		);
		around += `${textOf(body, { start: at, end: list.start })}[]`;
		at = list.end;
	}
	const rest = JSON.parse(around + textOf(body, { start: at, end: body.length })) as unknown;
	const values = (key: string) => lists.get(key)?.map(({ json }) => json);
	if (Array.isArray(rest)) return { json: values(''), lists };
	for (const { path } of found) fill(rest, path, lists);
	return { json: rest, lists };
}

/** Of duplicate keys the last one counts: where that is not a list, there is none. */
function fill(rest: unknown, path: readonly string[], lists: Map<string, readonly Element[]>): void {
	const key = path.join('.');
	const holder = path.slice(0, -1).reduce<unknown>(memberOf, rest);
	const list = lists.get(key);
	if (!list || !Array.isArray(memberOf(holder, path.at(-1)!))) lists.delete(key);
	else
		Object.defineProperty(holder, path.at(-1)!, {
			value: list.map(({ json }) => json),
			...{ enumerable: true, configurable: true, writable: true },
		});
}

function memberOf(value: unknown, key: string): unknown {
	return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
		? (value as Record<string, unknown>)[key]
		: undefined;
}

function elementOf(body: Uint8Array, span: Span): Element {
	const raw = textOf(body, span);
	const element = { raw, json: parsed(raw) };
	return isWhole(raw, body, span) ? element : { ...element, bytes: body.subarray(span.start, span.end) };
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

interface List {
	path: readonly string[];
	list: Span;
	elements: Span[];
}

/** A bare list, or those that are members; and the one that `inner` leads to. */
function listsIn(body: Uint8Array, start: number, inner: readonly string[]): List[] {
	const found: List[] = [];
	const take = (path: readonly string[], at: number): number | undefined => {
		const list = elements(body, at);
		if (list) found.push({ path, list: { start: at, end: list.end }, elements: list.elements });
		return list?.end;
	};
	const visit = (around: readonly string[], at: number) =>
		eachMember(body, at, (key, from) => {
			const path = [...around, String(key)];
			const end = around.length === 0 || path.length === inner.length ? take(path, from) : undefined;
			if (end !== undefined) return end;
			const leads = path.length < inner.length && path.every((name, depth) => name === inner[depth]);
			if (leads) visit(path, from);
			return skipValue(body, from);
		});
	if (take([''], start) === undefined) visit([], start);
	return found;
}
