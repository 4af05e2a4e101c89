/** Parses the YAML text and finds the line and column of each key. */
import {
	isAlias,
	isMap,
	isScalar,
	isSeq,
	LineCounter,
	parseDocument,
	visit,
	type Alias,
	type Node,
	type Pair,
	type YAMLMap,
	type YAMLError,
} from 'yaml';
import type { KeyPath, Problem } from './errors';

export interface Parsed {
	/** Plain data; undefined when there are problems. */
	data: unknown;
	problems: Problem[];
	/** The place of a value, or of a key; of the nearest thing above when it is not there. */
	at(path: KeyPath, part?: 'key' | 'value'): { line: number; column: number };
}

/** In our words: the parser's own messages may quote the text, and the text may be a key. */
const MESSAGES: Record<string, [what: string, fix?: string]> = {
	TAB_AS_INDENT: ['a tab is used for indentation', 'Use spaces'],
	BAD_INDENT: ['the indentation does not fit', 'Align keys of one map in the same column'],
	OPEN_BRACKET: [
		'a [ or { before this line is not closed',
		'Close it, or put texts that begin with a bracket in quotes',
	],
	DUPLICATE_KEY: ['this key appears twice', 'Remove one of them'],
	MISSING_CHAR: ['a closing quote, bracket or a colon or comma is missing', 'Look at this line and the ones before it'],
	MULTILINE_IMPLICIT_KEY: ['a key goes over more than one line', 'Is a colon missing after it, or a quote not closed?'],
	BLOCK_AS_IMPLICIT_KEY: ['there is more than one "key: value" on this line', 'Put texts with a colon in quotes'],
	BAD_SCALAR_START: ['a value starts with a reserved character', 'Put the value in quotes'],
	BAD_DQ_ESCAPE: ['a backslash in double quotes begins an unknown escape', 'Use single quotes'],
	BAD_ALIAS: ['an unknown alias is used', 'Put values that start with * in quotes'],
	TAG_RESOLVE_FAILED: ['an unknown tag is used', 'Put values that start with ! in quotes'],
	MULTIPLE_DOCS: ['there is more than one document', 'Remove the "---" lines'],
	UNEXPECTED_TOKEN: ['there is something here that does not belong', 'Look at quotes, brackets and colons near here'],
};

/** Each of many tenants may take in the same map; aliases of aliases multiply, and are refused long before they fill the memory. */
const MAX_ALIASES = 50_000;

const TOO_DEEP: Problem = { key: '', what: 'invalid YAML: brackets are nested too deeply', line: 1, column: 1 };

export function parse(text: string): Parsed {
	const lines = new LineCounter();
	const document = parsed(text, lines);
	if (!document) return { data: undefined, problems: [TOO_DEEP], at: () => ({ line: 1, column: 1 }) };
	const position = (offset: number) => {
		const { line, col } = lines.linePos(offset);
		return { line, column: col };
	};
	// what follows the first error is mostly caused by it, and far from the mistake
	const problems = [...document.errors, ...document.warnings].slice(0, 1).map((error) => ({
		...describe(error),
		...position(error.pos[0]),
	}));
	let data: unknown;
	const loop = problems.length ? undefined : ownAlias(document);
	if (loop) {
		const what = `the alias *${loop.source} refers to itself`;
		problems.push({ key: '', what, fix: 'Write out what is meant', ...position(start(loop)!) });
	}
	if (!problems.length) {
		try {
			data = document.toJS({ maxAliasCount: MAX_ALIASES });
		} catch (error) {
			const what = /^Merge/.test((error as Error).message)
				? 'invalid YAML: what << takes in is not a map'
				: 'the aliases in this file cannot be resolved';
			problems.push({ key: '', what, ...position(firstMerge(document) ?? 0) });
		}
	}
	return {
		data,
		problems,
		at: (path, part = 'value') => position(offsetOf(document.contents, path, part, (node) => deref(node, document))),
	};
}

/** Undefined when it is nested more deeply than the parser can follow. */
function parsed(text: string, lineCounter: LineCounter): ReturnType<typeof parseDocument> | undefined {
	try {
		return parseDocument(text, { lineCounter, merge: true, prettyErrors: false, logLevel: 'error' });
	} catch {
		return undefined;
	}
}

/** The first alias of something around itself: there would be no end to it. */
function ownAlias(document: ReturnType<typeof parseDocument>): Alias | undefined {
	let found: Alias | undefined;
	visit(document, {
		Alias(_key, alias, around) {
			const named = alias.resolve(document);
			if (!named || !around.includes(named)) return undefined;
			found = alias;
			return visit.BREAK;
		},
	});
	return found;
}

function describe(error: YAMLError): Problem {
	// the parser has general codes for these
	const code = /^Unresolved alias/.test(error.message)
		? 'BAD_ALIAS'
		: /^Flow (sequence|map)/.test(error.message)
			? 'OPEN_BRACKET'
			: error.code;
	const [what, fix] = MESSAGES[code] ?? [`this is not valid YAML (${code.toLowerCase().replaceAll('_', ' ')})`];
	return { key: '', what: `invalid YAML: ${what}`, fix };
}

function offsetOf(root: Node | null, path: KeyPath, part: 'key' | 'value', deref: (node: unknown) => unknown): number {
	let node = deref(root);
	let offset = start(node) ?? 0;
	for (const [depth, step] of path.entries()) {
		const last = depth === path.length - 1;
		if (isMap(node)) {
			const pair = pairOf(node, String(step), deref);
			if (!pair) break;
			const key = start(pair.key) ?? offset;
			// an absent value has no place of its own
			const empty = !pair.value || (isScalar(pair.value) && pair.value.value === null && !pair.value.source);
			offset = (last && part === 'key') || empty ? key : (start(pair.value) ?? key);
			node = deref(pair.value);
		} else if (isSeq(node)) {
			const item = node.items[Number(step)];
			offset = start(item) ?? offset;
			node = deref(item);
		} else break;
	}
	return offset;
}

/** Also one that `<<` takes in from another map. */
function pairOf(node: YAMLMap, key: string, deref: (node: unknown) => unknown): Pair | undefined {
	const own = node.items.find((item) => keyOf(item) === key);
	if (own) return own;
	for (const { value } of node.items.filter(isMerge)) {
		const taken = deref(value);
		for (const one of isSeq(taken) ? taken.items.map(deref) : [taken]) {
			const found = isMap(one) ? pairOf(one, key, deref) : undefined;
			if (found) return found;
		}
	}
	return undefined;
}

function isMerge({ key }: Pair): boolean {
	return isScalar(key) && typeof key.value === 'symbol';
}

/** The first `<<` that takes in something else than maps. */
function firstMerge(document: ReturnType<typeof parseDocument>): number | undefined {
	let found: number | undefined;
	visit(document, {
		Pair(_key, pair) {
			if (!isMerge(pair)) return undefined;
			const taken = deref(pair.value, document);
			const all = isSeq(taken) ? taken.items.map((one) => deref(one, document)) : [taken];
			if (all.every(isMap)) return undefined;
			found = start(pair.key);
			return visit.BREAK;
		},
	});
	return found;
}

function keyOf(pair: Pair): string {
	return String(isScalar(pair.key) ? pair.key.value : pair.key);
}

function start(node: unknown): number | undefined {
	return (node as { range?: [number, number, number] | null } | null)?.range?.[0];
}

function deref(node: unknown, document: ReturnType<typeof parseDocument>): unknown {
	return isAlias(node) ? node.resolve(document) : node;
}
