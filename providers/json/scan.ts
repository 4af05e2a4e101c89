/**
 * Positions inside JSON, so that a part can be cut out byte for byte: numbers beyond 2^53, duplicate keys, `1.0` and key order
 * survive. On bytes, because one letter beyond Latin-1 makes a whole page of text two bytes wide, and all that is cut from it.
 * What is not JSON gives wrong parts or a `SyntaxError`: a part counts once `JSON.parse` has taken it.
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
export const OBJECT = 123;
export const ARRAY = 91;

// a byte order mark inside is no part of JSON: it must not vanish
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

export const textOf = (json: Uint8Array, { start, end }: Span): string => decoder.decode(json.subarray(start, end));
export const bytesOf = (text: string): Uint8Array => encoder.encode(text);

/** Text of the value at `path`, quotes included. */
export function cutValue(text: string, path: Path): string | undefined {
	const json = bytesOf(text);
	const span = find(json, path);
	return span && textOf(json, span);
}

/** Text of the scalar at `path` as it stands in the event: an integer beyond 2^53 keeps all its digits. */
export function exactText(text: string, path: Path): string | undefined {
	const value = cutValue(text, path);
	if (value === undefined || value === 'null' || /^[[{]/.test(value)) return undefined;
	return value.startsWith('"') ? (JSON.parse(value) as string) : value;
}

/** Of duplicate keys the last one counts, as in `JSON.parse`. */
function find(json: Uint8Array, path: Path): Span | undefined {
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

/** Keys (index in an array) and values of the container that starts at `at`; none when there is no container. */
export function members(json: Uint8Array, at: number): { key: string | number; value: Span }[] {
	const found: { key: string | number; value: Span }[] = [];
	eachMember(json, at, (key, start) => {
		const end = skipValue(json, start);
		found.push({ key, value: { start, end } });
		return end;
	});
	return found;
}

/** `visit` says where the value that it is given ends. */
export function eachMember(json: Uint8Array, at: number, visit: (key: string | number, start: number) => number): void {
	const open = json[at];
	if (open !== OBJECT && open !== ARRAY) return;
	let index = 0;
	let i = skipSpace(json, at + 1);
	while (i < json.length && !isClosing(json[i]!)) {
		let key: string | number = index++;
		if (open === OBJECT) {
			const end = skipValue(json, i);
			key = JSON.parse(textOf(json, { start: i, end })) as string;
			i = skipSpace(json, skipSpace(json, end) + 1);
		}
		i = skipSpace(json, visit(key, i));
		if (json[i] === COMMA) i = skipSpace(json, i + 1);
	}
}

/** Where each element of the array at `at` stands, and where the array ends. Undefined when there is no array. */
export function elements(json: Uint8Array, at: number): { elements: Span[]; end: number } | undefined {
	if (json[at] !== ARRAY) return undefined;
	const found: Span[] = [];
	let start = skipSpace(json, at + 1);
	if (json[start] === ARRAY + 2) return { elements: found, end: start + 1 };
	for (;;) {
		const end = skipValue(json, start);
		found.push({ start, end });
		const next = skipSpace(json, end);
		if (json[next] === ARRAY + 2) return { elements: found, end: next + 1 };
		if (json[next] !== COMMA) throw new SyntaxError('the list does not end');
		start = skipSpace(json, next + 1);
	}
}

/** Where the first value begins: after a byte order mark and space. */
export function beginOf(json: Uint8Array): number {
	const isMarked = json[0] === 0xef && json[1] === 0xbb && json[2] === 0xbf;
	return skipSpace(json, isMarked ? 3 : 0);
}

export function skipSpace(json: Uint8Array, at: number): number {
	let i = at;
	while (json[i] === 32 || json[i] === 10 || json[i] === 13 || json[i] === 9) i++;
	return i;
}

function skipString(json: Uint8Array, at: number): number {
	let i = at + 1;
	while (i < json.length && json[i] !== QUOTE) i += json[i] === BACKSLASH ? 2 : 1;
	return Math.min(i + 1, json.length);
}

export function skipValue(json: Uint8Array, at: number): number {
	const first = json[at];
	if (first === QUOTE) return skipString(json, at);
	if (first === OBJECT || first === ARRAY) return skipContainer(json, at);
	let i = at;
	while (i < json.length && !endsScalar(json[i]!)) i++;
	return Math.max(i, at + 1);
}

const endsScalar = (code: number): boolean => code <= 32 || code === COMMA || isClosing(code);

function skipContainer(json: Uint8Array, at: number): number {
	let depth = 0;
	for (let i = at; i < json.length; i++) {
		const code = json[i]!;
		if (code === QUOTE) i = skipString(json, i) - 1;
		else if (code === OBJECT || code === ARRAY) depth++;
		else if (isClosing(code) && --depth === 0) return i + 1;
	}
	return json.length;
}

const isClosing = (code: number): boolean => code === OBJECT + 2 || code === ARRAY + 2;
