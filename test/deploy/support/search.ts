/**
 * The part of the search languages of Splunk and Datadog that our content uses: terms, AND (or nothing), OR, NOT and brackets.
 * Anything else is an error, so that content cannot mean more than the tests understand.
 */

export interface Term {
	field: string;
	/** `*` stands for any characters; on its own for any value. */
	pattern: string;
}

export type Search = { all: Search[] } | { any: Search[] } | { not: Search } | Term;

export type Lookup = (field: string) => string | number | boolean | readonly string[] | null | undefined;

/** Values compare without case, as both products do. */
export function matches(search: Search, lookup: Lookup): boolean {
	if ('all' in search) return search.all.every((one) => matches(one, lookup));
	if ('any' in search) return search.any.some((one) => matches(one, lookup));
	if ('not' in search) return !matches(search.not, lookup);
	const value = lookup(search.field);
	if (value === undefined || value === null) return false;
	const source = search.pattern.split('*').map(escaped).join('.*');
	return new RegExp(`^${source}$`, 'is').test(typeof value === 'object' ? value.join(' ') : String(value));
}

export function terms(search: Search): Term[] {
	if ('all' in search) return search.all.flatMap(terms);
	if ('any' in search) return search.any.flatMap(terms);
	return 'not' in search ? terms(search.not) : [search];
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Splunk: `field=value`, `field="value"`. */
export const parseSpl = (text: string) => parse(text, /\(|\)|[^\s()="]+=(?:"[^"]*"|[^\s()"]+)|\S+/g, splTerm);

/** Datadog: `@attribute:value`, `@attribute:(one OR two)`, `-` for NOT. */
export const parseDatadog = (text: string) =>
	parse(spelledOut(text), /\(|\)|-(?=[@(a-z])|[^\s():]+:[^\s()]+|\S+/g, datadogTerm);

function splTerm(token: string): Term {
	const [, field, quoted, bare] = /^([^="]+)=(?:"([^"]*)"|([^"]+))$/.exec(token) ?? [];
	if (field === undefined) throw new Error(`no term of the form field=value: ${token}`);
	return { field, pattern: quoted ?? bare! };
}

function datadogTerm(token: string): Term {
	const [, field, pattern] = /^@?([^:]+):(.+)$/.exec(token) ?? [];
	if (field === undefined) throw new Error(`no term of the form @attribute:value: ${token}`);
	return { field, pattern: pattern! };
}

/** `@a:(x OR y)` as `(@a:x OR @a:y)`. */
function spelledOut(text: string): string {
	return text.replace(/(@[^\s():]+):\(([^()]*)\)/g, (_all, field: string, list: string) => {
		const values = list.split(/ OR /);
		return `(${values.map((value) => `${field}:${value.trim()}`).join(' OR ')})`;
	});
}

function parse(text: string, token: RegExp, term: (token: string) => Term): Search {
	const tokens = text.match(token) ?? [];
	let at = 0;

	function or(): Search {
		const any = [and()];
		while (tokens[at] === 'OR') {
			at++;
			any.push(and());
		}
		return any.length === 1 ? any[0]! : { any };
	}
	function and(): Search {
		const all = [unary()];
		while (at < tokens.length && tokens[at] !== 'OR' && tokens[at] !== ')') {
			if (tokens[at] === 'AND') at++;
			all.push(unary());
		}
		return all.length === 1 ? all[0]! : { all };
	}
	function unary(): Search {
		const next = tokens[at++];
		if (next === undefined) throw new Error(`ends too early: ${text}`);
		if (next === 'NOT' || next === '-') return { not: unary() };
		if (next !== '(') return term(next);
		const inner = or();
		if (tokens[at++] !== ')') throw new Error(`a bracket is not closed: ${text}`);
		return inner;
	}

	const search = or();
	if (at < tokens.length) throw new Error(`"${tokens[at]}" is unexpected: ${text}`);
	return search;
}
