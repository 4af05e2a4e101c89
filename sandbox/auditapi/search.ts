/** What `query` and `filter` find: payload fields only, `*` wildcard, phrase in double quotes. */
import { member, members, elements } from '../rawJson';

/** Every term must match some field of the payload; case does not matter. */
export function finds(query: string): (payload: string) => boolean {
	const terms = [...query.matchAll(/"([^"]*)"|(\S+)/g)].map(([, phrase, word]) =>
		phrase === undefined
			? wordPattern(word!)
			: { test: (text: string) => text.toLowerCase().includes(phrase.toLowerCase()) },
	);
	return (payload) => {
		const texts = [...scalars(payload)];
		return terms.every((term) => texts.some((text) => term.test(text)));
	};
}

/** `key:value` on a top-level key; values compare as text, so `account_id:1` finds the number and the string. */
export function equals(filter: string): ((payload: string) => boolean) | undefined {
	const colon = filter.indexOf(':');
	if (colon < 1) return undefined;
	const key = filter.slice(0, colon);
	const wanted = filter.slice(colon + 1);
	return (payload) => {
		const value = member(payload, key);
		return value !== undefined && scalarText(value) === wanted;
	};
}

function wordPattern(word: string): RegExp {
	const escaped = word.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '\\S*');
	return new RegExp(`(^|\\s)${escaped}($|\\s)`, 'i');
}

function* scalars(raw: string): Generator<string> {
	if (raw.startsWith('{')) for (const { value } of members(raw)) yield* scalars(value);
	else if (raw.startsWith('[')) for (const value of elements(raw)) yield* scalars(value);
	else yield scalarText(raw);
}

/** Numbers keep their digits: parsing would round those above 2^53. */
function scalarText(raw: string): string {
	return raw.startsWith('"') ? (JSON.parse(raw) as string) : raw;
}
