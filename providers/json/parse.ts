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
	/** The elements of every list that is a member of the answer; of a bare list under ''. */
	lists: ReadonlyMap<string, readonly Element[]>;
}

/**
 * What `JSON.parse` of the whole text gives, element by element: text that is cut from a page is as wide as the widest letter of
 * the page, and one element that is not JSON must not take the others with it. Throws `SyntaxError` when what stands around the
 * lists is not JSON, as that of an answer that was cut off.
 */
export function parseAnswer(body: Uint8Array): Parsed {
	const start = beginOf(body);
	const lists = new Map<string, readonly Element[]>();
	// what stands around the lists is parsed as a text of its own, in which each of them is empty
	let around = '';
	let at = start;
	for (const { key, list, elements: spans } of listsIn(body, start)) {
		lists.set(
			key,
			spans.map((span) => elementOf(body, span)),
		);
		around += `${textOf(body, { start: at, end: list.start })}[]`;
		at = list.end;
	}
	const rest = JSON.parse(around + textOf(body, { start: at, end: body.length })) as unknown;
	if (lists.size === 0) return { json: rest, lists };
	const values = (key: string) => lists.get(key)?.map(({ json }) => json);
	if (Array.isArray(rest)) return { json: values(''), lists };
	const filled = Object.entries(rest as object).map(([key, value]: [string, unknown]): [string, unknown] => {
		if (Array.isArray(value)) return [key, values(key)];
		// of duplicate keys the last one counts, and that is no list
		lists.delete(key);
		return [key, value];
	});
	return { json: Object.fromEntries(filled) as object, lists };
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
	key: string;
	list: Span;
	elements: Span[];
}

/** A bare list, or those that are members. */
function listsIn(body: Uint8Array, start: number): List[] {
	const found: List[] = [];
	const take = (key: string, at: number): number | undefined => {
		const list = elements(body, at);
		if (list) found.push({ key, list: { start: at, end: list.end }, elements: list.elements });
		return list?.end;
	};
	if (take('', start) === undefined) {
		eachMember(body, start, (key, at) => take(String(key), at) ?? skipValue(body, at));
	}
	return found;
}
