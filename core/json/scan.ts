/**
 * Positions inside JSON, so that a part can be cut out byte for byte: numbers beyond 2^53, duplicate keys, `1.0` and key order
 * survive. On bytes, because one letter beyond Latin-1 makes a whole page of text two bytes wide, and all that is cut from it.
 * What is not JSON gives parts anyway, and the scan ends: a part counts once `JSON.parse` has taken it.
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

// a byte order mark inside is not part of JSON: it must not vanish
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });
const encoder = new TextEncoder();

export const textOf = (json: Uint8Array, { start, end }: Span): string => decoder.decode(json.subarray(start, end));
export const bytesOf = (text: string): Uint8Array => encoder.encode(text);

/** Whether `text`, read from these bytes, has all of them: of what is not UTF-8 only U+FFFD is left. */
export function isWhole(text: string, json: Uint8Array, { start, end }: Span): boolean {
	if (!text.includes('\ufffd')) return true;
	try {
		strict.decode(json.subarray(start, end));
		return true;
	} catch {
		return false;
	}
}

/**
 * Reads scalars of one text as they stand there: an integer beyond 2^53 keeps all its digits. However many are asked for, each
 * container is scanned once.
 */
export function exactTexts(text: string): (path: Path) => string | undefined {
	let json: Uint8Array | undefined;
	const known = new Map<number, ReadonlyMap<string | number, number>>();
	return (path) => {
		json ??= bytesOf(text);
		let at: number | undefined = skipSpace(json, 0);
		for (const step of path) {
			let members = known.get(at);
			if (!members) known.set(at, (members = starts(json, at)));
			at = members.get(step);
			if (at === undefined) return undefined;
		}
		const value = textOf(json, { start: at, end: skipValue(json, at) });
		if (value === 'null' || /^[[{]/.test(value)) return undefined;
		return value.startsWith('"') ? (JSON.parse(value) as string) : value;
	};
}

/** Where each value of a container begins. Of duplicate keys the last one counts, as in `JSON.parse`. */
function starts(json: Uint8Array, at: number): ReadonlyMap<string | number, number> {
	const found = new Map<string | number, number>();
	eachMember(json, at, (key, start) => {
		found.set(key, start);
		return skipValue(json, start);
	});
	return found;
}

/** Inside a container: at the next member, or after the last one. */
export interface Place {
	at: number;
	/** Of the next element; undefined in an object. */
	index?: number;
}

/** Undefined when there is no container at `at`. */
export function enter(json: Uint8Array, at: number): Place | undefined {
	if (json[at] === ARRAY) return { at: at + 1, index: 0 };
	return json[at] === OBJECT ? { at: at + 1 } : undefined;
}

/** Key (index in an array) and beginning of the next value; whoever has read it moves `place.at` to its end. */
export function nextMember(json: Uint8Array, place: Place): { key: string | number; start: number } | undefined {
	place.at = skipSpace(json, place.at);
	if (json[place.at] === COMMA) place.at = skipSpace(json, place.at + 1);
	if (place.at >= json.length) return undefined;
	if (isClosing(json[place.at]!)) {
		place.at++;
		return undefined;
	}
	if (place.index !== undefined) return { key: place.index++, start: place.at };
	const end = skipValue(json, place.at);
	const key = keyOf(textOf(json, { start: place.at, end }));
	return { key, start: skipSpace(json, skipSpace(json, end) + 1) };
}

function keyOf(text: string): string {
	try {
		return JSON.parse(text) as string;
	} catch {
		return text;
	}
}

/** `visit` says where the value that it is given ends. */
export function eachMember(json: Uint8Array, at: number, visit: (key: string | number, start: number) => number): void {
	const place = enter(json, at);
	if (!place) return;
	for (let next = nextMember(json, place); next; next = nextMember(json, place)) place.at = visit(next.key, next.start);
}

/**
 * Where each element of the array at `at` stands, and where the array ends. An element is what stands between two commas, JSON
 * or not. Undefined when there is no array; throws `SyntaxError` when it does not end.
 */
export function elements(json: Uint8Array, at: number): { elements: Span[]; end: number } | undefined {
	if (json[at] !== ARRAY) return undefined;
	const found: Span[] = [];
	let next = skipSpace(json, at + 1);
	if (json[next] === ARRAY + 2) return { elements: found, end: next + 1 };
	for (;;) {
		const start = next;
		let end = start;
		while (next < json.length && json[next] !== COMMA && json[next] !== ARRAY + 2) {
			end = skipValue(json, next);
			next = skipSpace(json, end);
		}
		found.push({ start, end });
		if (json[next] === ARRAY + 2) return { elements: found, end: next + 1 };
		if (json[next] !== COMMA) throw new SyntaxError('the list does not end');
		next = skipSpace(json, next + 1);
	}
}

/** Where the first value begins: after a byte order mark and space. */
export function beginOf(json: Uint8Array): number {
	const isMarked = json[0] === 0xef && json[1] === 0xbb && json[2] === 0xbf;
	return skipSpace(json, isMarked ? 3 : 0);
}

export function skipSpace(json: Uint8Array, at: number): number {
	let i = at;
	while (isSpace(json[i])) i++;
	return i;
}

export const isSpace = (code: number | undefined): boolean => code === 32 || code === 10 || code === 13 || code === 9;

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

/** Its own kind of bracket is what ends it: one of the other kind that is missing inside does not reach beyond it. */
function skipContainer(json: Uint8Array, at: number): number {
	const open = json[at]!;
	let depth = 0;
	let others = 0;
	for (let i = at; i < json.length; i++) {
		const code = json[i]!;
		if (code === QUOTE) i = skipString(json, i) - 1;
		else if (code === open) depth++;
		else if (code === open + 2) {
			if (--depth === 0) return i + 1;
		} else if (code === OBJECT || code === ARRAY) others++;
		// what is around it ends here
		else if (isClosing(code) && --others < 0) return i;
	}
	return json.length;
}

export const isClosing = (code: number): boolean => code === OBJECT + 2 || code === ARRAY + 2;
