/** What is wrong with a configuration, said so that it can be fixed at once. Values that may be secret are never quoted. */

export interface Problem {
	/** `sources[0].apiKey`; empty for the file as a whole. */
	key: string;
	/** What is wrong. */
	what: string;
	/** What to do about it. */
	fix?: string;
	/** Absent: the configuration. */
	file?: string;
	/** Where in the file, both counted from 1. Absent for what comes from the environment. */
	line?: number;
	column?: number;
}

/** Names every problem, not just the first. */
export class ConfigError extends Error {
	override name = 'ConfigError';

	constructor(
		readonly file: string,
		readonly problems: readonly Problem[],
	) {
		super(
			`${file}: ${problems.length === 1 ? 'one problem' : `${problems.length} problems`}\n` +
				problems.map((problem) => `  ${problemText(file, problem)}`).join('\n'),
		);
	}
}

/** Keys of the file are in camel case. */
const ENV_VARIABLE = /^([A-Z]+_[A-Z_]+|https?_proxy)$/;

/** Place, what is wrong, and what to do. `file`: the main one. */
export function problemText(file: string, problem: Problem): string {
	const { key, what, fix, line, column } = problem;
	const place = problem.file ?? file;
	const inFile = line === undefined ? place : `${place}:${line}:${column}`;
	const where = ENV_VARIABLE.test(key) ? 'environment' : inFile;
	return `${where} ${key ? `${key}: ` : ''}${what}.${fix ? ` ${/[?.]$/.test(fix) ? fix : `${fix}.`}` : ''}`;
}

export type KeyPath = readonly (string | number)[];

/** Takes one problem at a key; `part` says whether the key or its value is meant. */
export type Report = (key: KeyPath, what: string, fix?: string, part?: 'key' | 'value') => void;

/** `['sources', 0, 'apiKey']` → `sources[0].apiKey`. */
export function formatKey(path: KeyPath): string {
	return path.reduce<string>((text, part) => {
		if (typeof part === 'number') return `${text}[${part}]`;
		return text ? `${text}.${part}` : part;
	}, '');
}
