/** The files that `include` names. */
import { globSync } from 'node:fs';
import { isAbsolute, join, normalize, relative, resolve } from 'node:path';
import { ConfigError, type Problem } from './errors';
import { isProviderFile } from './providers';
import { isMap, readYamlFile, type YamlFile } from './yamlFile';

export interface Included {
	files: YamlFile[];
	problems: Problem[];
	/** Patterns without any file, by their index in `include`. */
	unmatched: number[];
}

const PATTERN = /[*?[{]/;

/** In the order of `include`, each pattern's files by name; a file that two patterns name is read once. */
export async function readIncluded(main: YamlFile): Promise<Included> {
	const out: Included = { files: [], problems: [], unmatched: [] };
	const { include } = main.data;
	const seen = new Set([resolve(main.path)]);
	for (const [index, pattern] of (Array.isArray(include) ? include : []).entries()) {
		if (typeof pattern !== 'string' || pattern === '') continue;
		const found = PATTERN.test(pattern) ? globSync(pattern, { cwd: main.folder }) : [pattern];
		if (found.length === 0) out.unmatched.push(index);
		for (const path of found.map((one) => resolve(main.folder, one)).sort()) {
			if (seen.has(path)) continue;
			seen.add(path);
			const shown = isAbsolute(main.path) ? path : relativeTo(main, path);
			try {
				out.files.push(rebased(await readYamlFile(shown), main.folder));
			} catch (error) {
				if (!(error instanceof ConfigError)) throw error;
				out.problems.push(...error.problems.map((problem) => ({ ...inIncluded(problem), file: shown })));
			}
		}
	}
	return out;
}

/** As the main file is named: from where the command runs. */
function relativeTo(main: YamlFile, path: string): string {
	return normalize(join(main.path, '..', relative(main.folder, path)));
}

function inIncluded(problem: Problem): Problem {
	return problem.fix?.includes('init')
		? { ...problem, fix: 'An included file holds sources, destinations, defaults' }
		: problem;
}

const PATH_KEYS = ['caFile', 'certFile', 'keyFile'];

/** Paths in a file are relative to it; from here on all are relative to the main one. */
function rebased(file: YamlFile, to: string): YamlFile {
	if (file.folder === to) return file;
	const moved = (path: string) =>
		isAbsolute(path) || path.startsWith('${') ? path : relative(to, join(file.folder, path));
	const walk = (value: unknown, key?: string): unknown => {
		if (Array.isArray(value)) return value.map((item) => walk(item, key));
		if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, walk(item, name)]));
		if (typeof value !== 'string') return value;
		if (PATH_KEYS.includes(key!)) return moved(value);
		// a slash in it is what says that it is a file
		if (key === 'provider' && isProviderFile(value)) return isAbsolute(value) ? value : `./${moved(value)}`;
		return value.replace(/\$\{file:([^}]+)\}/g, (_, path: string) => `\${file:${moved(path)}}`);
	};
	return { ...file, data: walk(file.data) as YamlFile['data'] };
}
