/** The table that `each` names: a CSV file, or a list in the file itself. */
import { isAbsolute, resolve } from 'node:path';
import { parseCsv } from './csv';
import { ConfigError, type KeyPath } from './errors';
import { relativeTo, type UnreadFile } from './include';
import type { Layer } from './layers';
import { placeIn } from './place';
import { isMap, readText, type YamlFile } from './yamlFile';

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

const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;

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
		const { what, fix } = error.problems[0]!;
		const way = fix === undefined || fix.includes('init') ? 'Put it in its place' : fix;
		return unread(what, `${way}; ${entry.file.path}:${line} names it`);
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
