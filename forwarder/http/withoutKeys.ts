/**
 * Cuts keys out of the words of others: some servers repeat what they refuse, and their words go to the log and the state. They repeat
 * it in part, too, or as they received, decoded or escaped it, so a key is known by its pieces and in each of these forms.
 */

/** Shorter values (`1`, `eu`) are not keys, and cutting them out would only spoil the text. */
const SHORTEST = 6;
/** So many characters of a key in a row are a piece of it. Fewer are what a server shows on purpose: the last four. */
const PIECE = 8;
/** More is not read by anybody. */
const LONGEST_TEXT = 32 * 1024;
const SCHEMES = /^(bearer|basic|apikey|api-token)$/i;
/** Keys by their look, whosever they are. */
const KNOWN = /\bark_[\w-]{4,}/gi;
const CUT = '[REDACTED]';

/** @param headers of the request, with the keys */
export function withoutKeys(text: string, headers: Readonly<Record<string, string>>): string {
	const said = text.slice(0, LONGEST_TEXT);
	const lower = lowered(said);
	const known = [...said.matchAll(KNOWN)].map(({ index, 0: key }): Span => [index, index + key.length]);
	const values = Object.values(headers).filter((value) => value.length >= SHORTEST);
	const whole = values.map((value): Pieces => [value.length, new Set([lowered(value)])]);
	const pieces = [...whole, ...piecesOf(values.flatMap(keysOf))];
	const spans = [...known, ...pieces.flatMap(([length, some]) => placesOf(some, length, lower))];
	return spans.length ? cut(said, spans) : said;
}

type Span = [from: number, to: number];
/** All of one length. */
type Pieces = [length: number, pieces: ReadonlySet<string>];

/** `Bearer abc` may come back as `abc`, `id:secret` as `secret`, and what `Basic` encodes as it was before. */
function keysOf(value: string): string[] {
	const decoded = /^basic (\S+)$/i.exec(value);
	const whole = decoded ? [value, Buffer.from(decoded[1]!, 'base64').toString()] : [value];
	return whole
		.flatMap((one) => one.split(/\s+/))
		.flatMap((word) => [word, ...word.split(':')])
		.filter((one) => one.length >= SHORTEST && !SCHEMES.test(one));
}

function formsOf(key: string): string[] {
	const bytes = Buffer.from(key);
	const hex = bytes.toString('hex');
	return [
		key,
		[...key].reverse().join(''),
		encodeURIComponent(bytes.toString()),
		hex.replace(/../g, '%$&'),
		hex,
		JSON.stringify(key).slice(1, -1),
		...[0, 1, 2].flatMap((shift) => base64(bytes, shift)),
	];
}

/** What base64 makes of the key behind `shift` other bytes (`id:key`), without the characters that it shares with those. */
function base64(bytes: Buffer, shift: number): string[] {
	const whole = Buffer.concat([Buffer.alloc(shift), bytes]);
	const from = Math.ceil((shift * 8) / 6);
	return (['base64', 'base64url'] as const).map((kind) => whole.toString(kind).slice(from).replace(/=+$/, ''));
}

/** By their length: a longer form of the same key has longer pieces. */
function piecesOf(keys: readonly string[]): Map<number, Set<string>> {
	const pieces = new Map<number, Set<string>>();
	for (const key of keys) {
		for (const form of formsOf(key).map(lowered)) {
			const length = Math.min(form.length, Math.ceil((PIECE * form.length) / key.length));
			const some = pieces.get(length) ?? new Set();
			pieces.set(length, some);
			for (let at = 0; at + length <= form.length; at++) some.add(form.slice(at, at + length));
		}
	}
	return pieces;
}

function placesOf(pieces: ReadonlySet<string>, length: number, text: string): Span[] {
	const spans: Span[] = [];
	for (let at = 0; at + length <= text.length; at++) {
		if (pieces.has(text.slice(at, at + length))) spans.push([at, at + length]);
	}
	return spans;
}

function cut(text: string, spans: Span[]): string {
	let [out, end] = ['', 0];
	for (const [from, to] of spans.sort(([a], [b]) => a - b)) {
		if (from > end || end === 0) out += text.slice(end, from) + CUT;
		end = Math.max(end, to);
	}
	return out + text.slice(end);
}

/** Of the same length, other than `toLowerCase` of all alphabets. */
function lowered(text: string): string {
	return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
