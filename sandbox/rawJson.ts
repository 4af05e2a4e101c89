/**
 * Cuts JSON text without parsing values, so that an event's bytes reach the client untouched: integers above 2^53,
 * `1250.0`, escapes and white space survive. Expects well-formed JSON.
 */

export interface Member {
	readonly key: string;
	/** Raw text of the value. */
	readonly value: string;
}

/** Raw texts of an array's elements. */
export function elements(text: string): string[] {
	return parts(text, '[');
}

export function members(text: string): Member[] {
	return parts(text, '{').map((part) => {
		const end = stringEnd(part, 0);
		const colon = part.indexOf(':', end);
		return { key: JSON.parse(part.slice(0, end)) as string, value: part.slice(colon + 1).trim() };
	});
}

export function member(text: string, key: string): string | undefined {
	return members(text).find((candidate) => candidate.key === key)?.value;
}

/** The same object without some members; the very same text when there is nothing to leave out. */
export function without(text: string, keys: ReadonlySet<string>): string {
	const all = members(text);
	const kept = all.filter(({ key }) => !keys.has(key));
	return kept.length === all.length ? text : objectOf(kept);
}

/** The same object with one member's value exchanged; everything around it stays as it is. */
export function replaced(text: string, key: string, value: string): string {
	let done = false;
	const next = members(text).map((one) => {
		if (one.key !== key || done) return one;
		done = true;
		return { key, value };
	});
	return done ? objectOf(next) : text;
}

export function objectOf(list: readonly Member[]): string {
	return `{${list.map(({ key, value }) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
}

function parts(text: string, open: '[' | '{'): string[] {
	let at = text.indexOf(open) + 1;
	if (at === 0 || text.slice(0, at - 1).trim() !== '') throw new Error(`expected ${open} at the start of the text`);
	const found: string[] = [];
	let start = at;
	let depth = 0;
	for (; at < text.length; at++) {
		const char = text[at];
		if (char === '"') at = stringEnd(text, at) - 1;
		else if (char === '[' || char === '{') depth++;
		else if (depth > 0 && (char === ']' || char === '}')) depth--;
		else if (depth === 0 && (char === ',' || char === ']' || char === '}')) {
			const part = text.slice(start, at).trim();
			if (part) found.push(part);
			start = at + 1;
			if (char !== ',') return found;
		}
	}
	throw new Error('unfinished JSON text');
}

/** Index just after the string that starts at `at`. */
function stringEnd(text: string, at: number): number {
	for (let i = at + 1; i < text.length; i++) {
		if (text[i] === '\\') i++;
		else if (text[i] === '"') return i + 1;
	}
	throw new Error('unfinished JSON string');
}
