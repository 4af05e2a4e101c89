/**
 * Positions inside JSON text, so that a part can be cut out byte for byte: numbers beyond 2^53, duplicate keys, `1.0` and
 * key order survive. The text must have passed `JSON.parse`; other text gives undefined, wrong parts or a `SyntaxError`.
 */
export interface Span {
	start: number;
	/** First index after the value. */
	end: number;
}

export type Path = readonly (string | number)[];

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
/** `{` and `[`; what closes them is two further. */
const OBJECT = 123;
const ARRAY = 91;

/** The text of each element of the array at `path`; undefined when there is no array. */
export function cutElements(json: string, path: Path = []): string[] | undefined {
	const parent = path.length > 1 ? find(json, path.slice(0, -1))?.start : skipSpace(json, 0);
	if (parent === undefined) return undefined;
	if (path.length === 0) return elements(json, parent)?.texts;
	let found: string[] | undefined;
	// a page is little more than its list, so the list is cut while its end is looked for
	eachMember(json, parent, (key, start) => {
		const list = key === path.at(-1) ? elements(json, start) : undefined;
		if (key === path.at(-1)) found = list?.texts;
		return list?.end ?? skipValue(json, start);
	});
	return found;
}

function elements(json: string, at: number): { texts: string[]; end: number } | undefined {
	if (json[at] !== '[') return undefined;
	const texts: string[] = [];
	const end = eachMember(json, at, (_, start) => {
		const after = skipValue(json, start);
		texts.push(json.slice(start, after));
		return after;
	});
	return { texts, end };
}

/** The text of the value at `path`, quotes included. */
export function cutValue(json: string, path: Path): string | undefined {
	const span = find(json, path);
	return span && json.slice(span.start, span.end);
}

/** Text of the scalar at `path` as it stands in the event: an integer beyond 2^53 keeps all its digits. */
export function exactText(json: string, path: Path): string | undefined {
	const value = cutValue(json, path);
	if (value === undefined || value === 'null' || /^[[{]/.test(value)) return undefined;
	return value.startsWith('"') ? (JSON.parse(value) as string) : value;
}

/** Where the value at `path` stands. Of duplicate keys the last one counts, as in `JSON.parse`. */
export function find(json: string, path: Path): Span | undefined {
	let at = skipSpace(json, 0);
	for (const step of path) {
		let found: Span | undefined;
		for (const { key, value } of members(json, at)) {
			if (key !== step) continue;
			found = value;
			if (typeof step === 'number') break;
		}
		if (!found) return undefined;
		at = found.start;
	}
	return { start: at, end: skipValue(json, at) };
}

/** Keys (index in an array) and value positions of the container that starts at `at`. */
export function members(json: string, at: number): { key: string | number; value: Span }[] {
	const found: { key: string | number; value: Span }[] = [];
	eachMember(json, at, (key, start) => {
		const end = skipValue(json, start);
		found.push({ key, value: { start, end } });
		return end;
	});
	return found;
}

/** `visit` says where the value that it is given ends. Returns where the container ends. */
function eachMember(json: string, at: number, visit: (key: string | number, start: number) => number): number {
	const open = json.charCodeAt(at);
	if (open !== OBJECT && open !== ARRAY) return at;
	let index = 0;
	let i = skipSpace(json, at + 1);
	while (i < json.length && !isClosing(json.charCodeAt(i))) {
		let key: string | number = index++;
		if (open === OBJECT) {
			const end = skipValue(json, i);
			key = JSON.parse(json.slice(i, end)) as string;
			i = skipSpace(json, skipSpace(json, end) + 1);
		}
		i = skipSpace(json, visit(key, i));
		if (json.charCodeAt(i) === COMMA) i = skipSpace(json, i + 1);
	}
	return i + 1;
}

function skipSpace(json: string, at: number): number {
	let i = at;
	while (i < json.length && json.charCodeAt(i) <= 32) i++;
	return i;
}

/** From quote to quote: the engine looks for them faster than a loop of ours. */
function skipString(json: string, at: number): number {
	let end = json.indexOf('"', at + 1);
	while (end >= 0 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
	return end < 0 ? json.length : end + 1;
}

function isEscaped(json: string, at: number): boolean {
	let first = at;
	while (json.charCodeAt(first - 1) === BACKSLASH) first--;
	return (at - first) % 2 === 1;
}

function skipValue(json: string, at: number): number {
	const first = json.charCodeAt(at);
	if (first === QUOTE) return skipString(json, at);
	if (isOpening(first)) return skipContainer(json, at);
	let i = at;
	for (; i < json.length; i++) {
		const code = json.charCodeAt(i);
		if (code <= 32 || code === COMMA || isClosing(code)) break;
	}
	return Math.max(i, at + 1);
}

function skipContainer(json: string, at: number): number {
	let depth = 0;
	for (let i = at; i < json.length; i++) {
		const code = json.charCodeAt(i);
		if (code === QUOTE) i = skipString(json, i) - 1;
		else if (isOpening(code)) depth++;
		else if (isClosing(code) && --depth === 0) return i + 1;
	}
	return json.length;
}

const isOpening = (code: number): boolean => code === OBJECT || code === ARRAY;
const isClosing = (code: number): boolean => code === OBJECT + 2 || code === ARRAY + 2;
