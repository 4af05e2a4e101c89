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

/** The text of each element of the array at `path`; undefined when there is no array. */
export function cutElements(json: string, path: Path = []): string[] | undefined {
	const array = find(json, path);
	if (!array || json[array.start] !== '[') return undefined;
	const elements: string[] = [];
	for (const { value } of members(json, array.start)) elements.push(json.slice(value.start, value.end));
	return elements;
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
export function* members(json: string, at: number): Generator<{ key: string | number; value: Span }> {
	const open = json[at];
	if (open !== '{' && open !== '[') return;
	let index = 0;
	let i = skipSpace(json, at + 1);
	while (i < json.length && json[i] !== '}' && json[i] !== ']') {
		let key: string | number = index++;
		if (open === '{') {
			const end = skipValue(json, i);
			key = JSON.parse(json.slice(i, end)) as string;
			i = skipSpace(json, skipSpace(json, end) + 1);
		}
		const end = skipValue(json, i);
		yield { key, value: { start: i, end } };
		i = skipSpace(json, end);
		if (json[i] === ',') i = skipSpace(json, i + 1);
	}
}

function skipSpace(json: string, at: number): number {
	let i = at;
	while (i < json.length && json.charCodeAt(i) <= 32) i++;
	return i;
}

function skipString(json: string, at: number): number {
	for (let i = at + 1; i < json.length; i++) {
		const code = json.charCodeAt(i);
		if (code === BACKSLASH) i++;
		else if (code === QUOTE) return i + 1;
	}
	return json.length;
}

function skipValue(json: string, at: number): number {
	if (json.charCodeAt(at) === QUOTE) return skipString(json, at);
	if (json[at] !== '{' && json[at] !== '[') {
		let i = at;
		while (i < json.length && !',]}'.includes(json[i]!) && json.charCodeAt(i) > 32) i++;
		return Math.max(i, at + 1);
	}
	let depth = 0;
	for (let i = at; i < json.length; i++) {
		const char = json[i];
		if (char === '"') i = skipString(json, i) - 1;
		else if (char === '{' || char === '[') depth++;
		else if ((char === '}' || char === ']') && --depth === 0) return i + 1;
	}
	return json.length;
}
