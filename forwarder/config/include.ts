/** The files that `include` names. */
import { globSync } from 'node:fs';
import { isAbsolute, join, normalize, relative, resolve } from 'node:path';
import { nameOf } from './duplicates';
import { ConfigError, type Problem } from './errors';
import { isProviderFile } from './providers';
import { isMap, readText, yamlFile, type YamlFile } from './yamlFile';

export interface Included {
	/** By absolute path. */
	files: Map<string, IncludedFile>;
	unread: UnreadFile[];
	/** Patterns without any file, by their index in `include`. */
	unmatched: number[];
}

export interface IncludedFile extends YamlFile {
	/** What named it. */
	pattern: string;
}

export interface UnreadFile {
	/** Absolute. */
	path: string;
	problems: Problem[];
	/** The file that has its sources, as messages name it. Absent: itself. */
	home?: string;
	/** What it held before is used on. */
	isKept: boolean;
	/** It may be one of those that say where events go: without it, others might ship to too few. */
	isVital: boolean;
}

/** By absolute path: what included files held when they could be read last. */
export type FilesBefore = ReadonlyMap<string, IncludedFile>;

const PATTERN = /[*?[{]/;
const DESTINATIONS = /^["']?destinations\b/m;

/**
 * In the order of `include`, each pattern's files by name; a file that two patterns name is read once. One that cannot be read, or is
 * gone, is used as it was before.
 */
export function readIncluded(main: YamlFile, before: FilesBefore = new Map()): Included {
	const out: Included = { files: new Map(), unread: [], unmatched: [] };
	const patterns = (Array.isArray(main.data['include']) ? main.data['include'] : []) as unknown[];
	const seen = new Set([resolve(main.path)]);
	for (const [index, pattern] of patterns.entries()) {
		if (typeof pattern !== 'string' || pattern === '') continue;
		const found = PATTERN.test(pattern) ? globSync(pattern, { cwd: main.folder }) : [pattern];
		const paths = found.map((one) => resolve(main.folder, one)).sort();
		if (found.length === 0) out.unmatched.push(index);
		for (const path of paths) {
			if (seen.has(path)) continue;
			seen.add(path);
			read(path, pattern);
		}
	}
	for (const [path, file] of before) {
		if (!seen.has(path) && patterns.includes(file.pattern)) keepGone(path, file);
	}
	return out;

	function read(path: string, pattern: string): void {
		const shown = isAbsolute(main.path) ? path : relativeTo(main, path);
		const known = before.get(path);
		let text: string | undefined;
		try {
			text = readText(shown);
			const isSame = known?.text === text && known.pattern === pattern;
			out.files.set(path, isSame ? known : { ...rebased(yamlFile(shown, text), main.folder), pattern });
		} catch (error) {
			if (!(error instanceof ConfigError)) throw error;
			const problems = error.problems.map((problem) => ({ ...inIncluded(problem), file: shown }));
			const isVital = text === undefined ? !PATTERN.test(pattern) : DESTINATIONS.test(text);
			out.unread.push({ path, problems, isKept: known !== undefined, isVital });
			if (known) out.files.set(path, known);
		}
	}

	/** What other files hold now has moved there. */
	function keepGone(path: string, file: IncludedFile): void {
		const left = Object.fromEntries(
			(['sources', 'destinations'] as const).map((section) => {
				const taken = new Set([main, ...out.files.values()].flatMap(({ data }) => namesIn(data[section])));
				const entries = Array.isArray(file.data[section]) ? (file.data[section] as unknown[]) : [];
				return [section, entries.filter((entry) => namesIn([entry]).some((name) => !taken.has(name)))];
			}),
		);
		if (Object.values(left).every((entries) => entries.length === 0)) return;
		const fix = 'Put it back. To remove what it held, write an empty list (sources: []) into it first, or restart';
		const problem = { key: '', file: file.path, what: 'the file is gone; what it held goes on', fix };
		out.unread.push({ path, problems: [problem], isKept: true, isVital: false });
		// another text than any: when it comes back it is read anew
		out.files.set(path, { ...file, data: { ...file.data, ...left }, text: '', at: () => ({ line: 1, column: 1 }) });
	}
}

function namesIn(entries: unknown): string[] {
	return (Array.isArray(entries) ? entries : []).flatMap((entry) => {
		const each = (entry as { each?: unknown } | null)?.each;
		// its name is the same for all rows, and may be that of another table's
		if (each !== undefined) return JSON.stringify([each, nameOf(entry)]);
		return nameOf(entry) ?? [];
	});
}

/** As the main file is named: from where the command runs. */
export function relativeTo(main: YamlFile, path: string): string {
	return normalize(join(main.path, '..', relative(main.folder, path)));
}

function inIncluded(problem: Problem): Problem {
	return problem.fix?.includes('init')
		? { ...problem, fix: 'An included file holds sources, destinations, defaults' }
		: problem;
}

const PATH_KEYS = ['caFile', 'certFile', 'keyFile', 'each'];

/** Paths in a file are relative to it; from here on all are relative to the main one. */
function rebased(file: YamlFile, to: string): YamlFile {
	if (file.folder === to) return file;
	const moved = (path: string) =>
		isAbsolute(path) || path.startsWith('${') ? path : relative(to, join(file.folder, path));
	const walk = (value: unknown, key?: string): unknown => {
		// a table holds texts, whatever its fields are called
		if (Array.isArray(value)) return key === 'each' ? value : value.map((item) => walk(item, key));
		if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, walk(item, name)]));
		if (typeof value !== 'string') return value;
		if (PATH_KEYS.includes(key!)) return moved(value);
		// a slash in it is what says that it is a file
		if (key === 'provider' && isProviderFile(value)) return isAbsolute(value) ? value : `./${moved(value)}`;
		return value.replace(/\$\{file:([^}]+)\}/g, (_, path: string) => `\${file:${moved(path)}}`);
	};
	return { ...file, data: walk(file.data) as YamlFile['data'] };
}
