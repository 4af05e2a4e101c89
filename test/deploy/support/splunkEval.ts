/** The part of Splunk's eval language that props.conf uses. Unknown functions and unquoted names are errors. */
import type { Lookup } from './search';

type Value = string | number | boolean | null;
type Node = (lookup: Lookup) => Value;

const TOKEN = /\s*(?:(>=|<=|!=|[=<>(),])|"((?:[^"\\]|\\.)*)"|'([^']*)'|(\d+(?:\.\d+)?)|([A-Za-z_]+))/y;

interface Token {
	kind: 'sign' | 'text' | 'field' | 'number' | 'word';
	text: string;
}

export interface Expression {
	/** Fields that it reads. */
	fields: readonly string[];
	value: Node;
}

const FUNCTIONS: Record<string, (args: Node[]) => Node> = {
	case: (args) => (lookup) => {
		for (let at = 0; at < args.length; at += 2) if (args[at]!(lookup) === true) return args[at + 1]!(lookup);
		return null;
	},
	if:
		([condition, then, otherwise]) =>
		(lookup) =>
			condition!(lookup) === true ? then!(lookup) : otherwise!(lookup),
	coalesce: (args) => (lookup) => {
		for (const arg of args) {
			const value = arg(lookup);
			if (value !== null) return value;
		}
		return null;
	},
	match:
		([text, regex]) =>
		(lookup) => {
			const value = text!(lookup);
			return value === null ? null : new RegExp(String(regex!(lookup))).test(String(value));
		},
	lower:
		([text]) =>
		(lookup) => {
			const value = text!(lookup);
			return value === null ? null : String(value).toLowerCase();
		},
	isnotnull:
		([arg]) =>
		(lookup) =>
			arg!(lookup) !== null,
	null: () => () => null,
	true: () => () => true,
};

const COUNTS: Record<string, (count: number) => boolean> = {
	case: (count) => count > 0 && count % 2 === 0,
	if: (count) => count === 3,
	coalesce: (count) => count > 0,
	match: (count) => count === 2,
	lower: (count) => count === 1,
	isnotnull: (count) => count === 1,
	null: (count) => count === 0,
	true: (count) => count === 0,
};

export function parseEval(text: string): Expression {
	const tokens = tokensOf(text);
	const fields = new Set<string>();
	let at = 0;
	const fail = (what: string) => new Error(`${what} at ${JSON.stringify(tokens[at]?.text ?? 'the end')}: ${text}`);
	const takes = (sign: string) => tokens[at]?.kind === 'sign' && tokens[at]!.text === sign && ++at > 0;
	const word = (name: string) => tokens[at]?.kind === 'word' && tokens[at]!.text === name && ++at > 0;

	function or(): Node {
		let left = and();
		while (word('OR')) {
			const [one, two] = [left, and()];
			left = (lookup) => one(lookup) === true || two(lookup) === true;
		}
		return left;
	}
	function and(): Node {
		let left = not();
		while (word('AND')) {
			const [one, two] = [left, not()];
			left = (lookup) => one(lookup) === true && two(lookup) === true;
		}
		return left;
	}
	function not(): Node {
		if (!word('NOT')) return comparison();
		const inner = not();
		return (lookup) => inner(lookup) !== true;
	}
	function comparison(): Node {
		const left = primary();
		for (const sign of ['=', '!=', '>=']) {
			if (!takes(sign)) continue;
			const right = primary();
			return (lookup) => {
				const [one, two] = [left(lookup), right(lookup)];
				if (one === null || two === null) return null;
				if (sign === '>=') return Number(one) >= Number(two);
				return (String(one) === String(two)) === (sign === '=');
			};
		}
		return left;
	}
	function primary(): Node {
		const token = tokens[at++];
		if (!token) throw fail('something is missing');
		if (token.kind === 'text') return () => token.text;
		if (token.kind === 'number') return () => Number(token.text);
		if (token.kind === 'field') {
			fields.add(token.text);
			return (lookup) => (lookup(token.text) as Value | undefined) ?? null;
		}
		if (token.kind === 'sign' && token.text === '(') {
			const inner = or();
			if (!takes(')')) throw fail('a bracket is not closed');
			return inner;
		}
		const make = FUNCTIONS[token.text];
		if (token.kind !== 'word' || !make || !takes('(')) throw fail(`no function that is used here: ${token.text}`);
		const args: Node[] = [];
		while (!takes(')')) {
			if (args.length > 0 && !takes(',')) throw fail('a comma is missing');
			args.push(or());
		}
		if (!COUNTS[token.text]!(args.length)) throw fail(`${token.text} with ${args.length} arguments`);
		return make(args);
	}

	const value = or();
	if (at < tokens.length) throw fail('unexpected');
	return { fields: [...fields], value };
}

function tokensOf(text: string): Token[] {
	const tokens: Token[] = [];
	TOKEN.lastIndex = 0;
	while (TOKEN.lastIndex < text.length) {
		const from = TOKEN.lastIndex;
		const found = TOKEN.exec(text);
		if (!found) throw new Error(`cannot be read from ${JSON.stringify(text.slice(from, from + 20))} on`);
		const [, sign, quoted, field, number, name] = found;
		if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
		else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted });
		else if (field !== undefined) tokens.push({ kind: 'field', text: field });
		else if (number !== undefined) tokens.push({ kind: 'number', text: number });
		else tokens.push({ kind: 'word', text: name! });
	}
	return tokens;
}
