/** Parses an answer, and keeps the text of each element of its lists. */
import { beginOf, eachMember, elements, skipValue, textOf, type Span } from './scan';

export interface Parsed {
	json: unknown;
	/** The text of each element, as received, of every list that is a member of the answer; of a bare list under ''. */
	texts: ReadonlyMap<string, readonly string[]>;
}

/**
 * What `JSON.parse` of the whole text gives, element by element: text that is cut from a page is as wide as the widest letter of
 * the page. Throws `SyntaxError`.
 */
export function parseAnswer(body: Uint8Array): Parsed {
	const start = beginOf(body);
	const texts = new Map<string, string[]>();
	const values = new Map<string, unknown[]>();
	// what stands around the lists is parsed as a text of its own, in which each of them is empty
	let around = '';
	let at = start;
	for (const { key, list, elements: spans } of lists(body, start)) {
		const cut = spans.map((span) => textOf(body, span));
		texts.set(key, cut);
		values.set(
			key,
			cut.map((text) => JSON.parse(text) as unknown),
		);
		around += `${textOf(body, { start: at, end: list.start })}[]`;
		at = list.end;
	}
	const rest = JSON.parse(around + textOf(body, { start: at, end: body.length })) as unknown;
	if (values.size === 0) return { json: rest, texts };
	if (Array.isArray(rest)) return { json: values.get(''), texts };
	const filled = Object.entries(rest as object).map(([key, value]: [string, unknown]): [string, unknown] => {
		if (Array.isArray(value)) return [key, values.get(key)];
		// of duplicate keys the last one counts, and that is no list
		texts.delete(key);
		return [key, value];
	});
	return { json: Object.fromEntries(filled) as object, texts };
}

interface List {
	key: string;
	list: Span;
	elements: Span[];
}

/** A bare list, or those that are members. */
function lists(body: Uint8Array, start: number): List[] {
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
