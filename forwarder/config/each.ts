/** Sources made of a table: an entry with `each` stands for one source in each row, with `{field}` in its texts filled in. */
import { isAbsolute, resolve } from 'node:path';
import { nearest } from '../../core/nearest';
import { parseCsv } from './csv';
import { ConfigError, type KeyPath, type Problem } from './errors';
import { relativeTo, type UnreadFile } from './include';
import type { Layer } from './layers';
import { placeIn } from './place';
import { isMap, readText, type Values, type YamlFile } from './yamlFile';

export interface Row {
	/** What its fields hold. */
	fields: ReadonlyMap<string, string>;
	/** Where it stands. */
	file: YamlFile;
	path: KeyPath;
	/** Why it cannot be used. */
	wrong?: { what: string; fix: string };
}

export interface Table {
	rows: Row[];
	/** Fields of all rows, and how messages call it. Absent: each row has its own. */
	head?: { fields: readonly string[]; name: string };
	/** Absolute. Absent: it is a list in the file. */
	path?: string;
	unread?: UnreadFile;
}

/** Where in a text a field stands. `${…}` is a reference. */
const FIELD = /(?<!\$)\{([A-Za-z_][A-Za-z0-9_-]*)\}/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;
// eslint-disable-next-line no-control-regex -- these would be lines of their own in messages, and headers
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029${}]/;

/** @param each as the entry has it; a path is relative to the folder of the main file */
export function tableOf(each: unknown, entry: Layer, main: YamlFile): Table {
	if (Array.isArray(each)) {
		const at = [...entry.path, 'each'];
		return { rows: each.map((item: unknown, index) => listed(item, entry.file, [...at, index])) };
	}
	if (typeof each !== 'string' || each === '') {
		const what = 'is neither the path of a CSV file nor a list of maps';
		const problem = { ...placeIn(entry.file, main, [...entry.path, 'each']), what, fix: 'each: tenants.csv' };
		const unread = { path: entry.file.path, problems: [problem], home: entry.file.path, isKept: false, isVital: false };
		return { rows: [], unread };
	}
	const path = resolve(main.folder, each);
	const shown = isAbsolute(main.path) ? path : relativeTo(main, path);
	const unread = (what: string, fix: string, line?: number): Table => {
		const problem = { key: '', file: shown, what, fix, ...(line !== undefined && { line, column: 1 }) };
		return {
			rows: [],
			path,
			unread: { path, problems: [problem], home: entry.file.path, isKept: false, isVital: false },
		};
	};
	let text: string;
	try {
		text = readText(shown);
	} catch (error) {
		if (!(error instanceof ConfigError)) throw error;
		const { line } = entry.file.at([...entry.path, 'each']);
		return unread(error.problems[0]!.what, `Put it in its place; ${entry.file.path}:${line} names it`);
	}
	const found = parseCsv(text);
	if (!Array.isArray(found))
		return unread(found.what, 'Close it, or double a quote that belongs to the value', found.line);
	const [first, ...rest] = found;
	if (!first) return unread('the file is empty', 'The first line names the fields: name,accountId');
	const { cells: fields } = first;
	// not quoted: without a first line of names it is a value
	const odd = fields.findIndex((field, index) => !NAME.test(field) || fields.indexOf(field) !== index);
	if (odd >= 0) {
		const what = `field ${odd + 1} of the first line ${NAME.test(fields[odd]!) ? 'appears twice' : 'is not a name'}`;
		return unread(what, 'Letters, digits, - and _ make a name; commas are between them', first.line);
	}
	const file: YamlFile = {
		...{ path: shown, folder: main.folder, data: {}, text },
		at: ([, index]) => ({ line: rest[Number(index)]?.line ?? 1, column: 1 }),
	};
	return {
		rows: rest.map(({ cells }, index) => ({
			fields: new Map(cells.slice(0, fields.length).map((cell, at) => [fields[at]!, cell])),
			...{ file, path: ['rows', index] },
			...(cells.length !== fields.length && {
				wrong: {
					what: `has ${cells.length} values where the first line names ${fields.length} fields`,
					fix: 'Put a value with a comma in quotes',
				},
			}),
		})),
		head: { fields, name: shown },
		path,
	};
}

function listed(item: unknown, file: YamlFile, path: KeyPath): Row {
	if (!isMap(item)) {
		const fix = 'Write { name: acme }';
		return { fields: new Map(), file, path, wrong: { what: 'must be a map of keys and texts', fix } };
	}
	const fields = new Map(
		Object.entries(item).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value] as const] : [])),
	);
	const other = Object.keys(item).find((key) => !fields.has(key));
	return {
		...{ fields, file, path },
		...(other !== undefined && { wrong: { what: `${other} must be text`, fix: 'Put the value in quotes' } }),
	};
}

/** Fields that a value names, at any depth. */
function namesIn(value: unknown): string[] {
	if (typeof value === 'string') return [...value.matchAll(FIELD)].map(([, name]) => name!);
	return typeof value === 'object' && value !== null ? Object.values(value).flatMap(namesIn) : [];
}

export interface Unknown {
	key: KeyPath;
	what: string;
	fix: string;
}

/** Fields that the template names and the table has not. */
export function unknownFields(template: Values, { head }: Table): Unknown[] {
	if (!head) return [];
	const { fields, name } = head;
	return Object.entries(template).flatMap(([key, value]) =>
		namesIn(value)
			.filter((field) => !fields.includes(field))
			.map((field) => {
				const near = nearest(field, fields);
				const what = `{${field}} is no field of ${name}`;
				return { key: [key], what, fix: `${near ? `Did you mean {${near}}? ` : ''}Its fields: ${fields.join(', ')}` };
			}),
	);
}

export type Filled =
	/** `own`: what has a field in it. `fixed`: the rest. */
	{ kind: 'filled'; own: Values; fixed: Values } | { kind: 'wrong'; problem: Pick<Problem, 'what' | 'fix'> };

export function filled(template: Values, { fields, wrong }: Row): Filled {
	if (wrong) return { kind: 'wrong', problem: wrong };
	for (const [key, value] of Object.entries(template)) {
		const problem = textsIn(value)
			.map((text) => mistakeIn(text, fields, key))
			.find((found) => found !== undefined);
		if (problem) return { kind: 'wrong', problem };
	}
	const all = Object.entries(template).map(([key, value]) => [key, split(value, fields)] as const);
	const those = (which: 'own' | 'fixed') =>
		Object.fromEntries(all.flatMap(([key, parts]) => (parts[which] === undefined ? [] : [[key, parts[which]]])));
	return { kind: 'filled', own: those('own'), fixed: those('fixed') };
}

function textsIn(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Lists are whole, as everywhere. */
function split(value: unknown, fields: Row['fields']): { own?: unknown; fixed?: unknown } {
	if (namesIn(value).length === 0) return { fixed: value };
	if (!isMap(value)) return { own: withFields(value, fields) };
	const parts = Object.entries(value).map(([key, item]) => [key, split(item, fields)] as const);
	const those = (which: 'own' | 'fixed') =>
		Object.fromEntries(parts.flatMap(([key, part]) => (part[which] === undefined ? [] : [[key, part[which]]])));
	return { own: those('own'), fixed: those('fixed') };
}

function withFields(value: unknown, fields: Row['fields']): unknown {
	if (Array.isArray(value)) return value.map((item) => withFields(item, fields));
	if (isMap(value))
		return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withFields(item, fields)]));
	return typeof value === 'string' ? value.replace(FIELD, (_, name: string) => fields.get(name)!) : value;
}

/** A value is text and nothing else: it must not become a reference, or lead out of the folder of one. */
function mistakeIn(text: string, fields: Row['fields'], key: string): Pick<Problem, 'what' | 'fix'> | undefined {
	for (const { 1: name, index } of text.matchAll(FIELD)) {
		const value = fields.get(name!);
		if (value === undefined) return { what: `has no field ${name}, which ${key} names`, fix: 'Add it' };
		if (UNSAFE.test(value))
			return {
				what: `${name} holds $, {, } or a control character`,
				fix: 'Values are put in as they are: leave these out',
			};
		if (value !== value.trim()) return { what: `${name} begins or ends with a space`, fix: 'Remove it' };
		const before = text.slice(0, index).replace(FIELD, '');
		const isInReference = before.lastIndexOf('${') > before.lastIndexOf('}');
		if (isInReference && (/[/\\]/.test(value) || value === '' || value === '.' || value === '..'))
			return {
				what: `${name} stands in a reference (${key}) and is empty or a path`,
				fix: 'Give the name of one file, without / and \\',
			};
	}
	return undefined;
}

/** What is left of a row that cannot be used: how it is called, so that what it was before goes on. */
export function remains(template: Values, { fields }: Row): Values {
	return Object.fromEntries(
		['name', 'provider'].flatMap((key) => {
			const value = template[key];
			const isKnown =
				typeof value === 'string' && namesIn(value).every((name) => !UNSAFE.test(fields.get(name) ?? '$'));
			return isKnown ? [[key, withFields(value, fields)]] : [];
		}),
	);
}
