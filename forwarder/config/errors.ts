/** What is wrong with a configuration, said so that it can be fixed at once. Values that may be secret are never quoted. */
import { saidOnce } from './saidOnce';

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
				problemLines(file, problems)
					.map((line) => `  ${line}`)
					.join('\n'),
		);
	}
}

/** Keys of the file are in camel case. */
const ENV_VARIABLE = /^([A-Z]+_[A-Z_]+|https?_proxy)$/;

/** Place, what is wrong, and what to do. `file`: the main one. */
export function problemText(file: string, problem: Problem): string {
	return `${placeOf(file, problem)}${problem.key ? ':' : ''} ${causeText(problem)}`;
}

/** The same without the place. */
export function causeText({ what, fix }: Problem): string {
	return `${what}.${fix ? ` ${/[?.]$/.test(fix) ? fix : `${fix}.`}` : ''}`;
}

/** One line for each; what very many have alike is one line. */
export function problemLines(file: string, problems: readonly Problem[]): string[] {
	return saidOnce(problems, {
		causeOf: (problem) => `${problem.key.split('.').at(-1)} ${causeText(problem)}`,
		textOf: (problem) => problemText(file, problem),
		nameOf: (problem) => placeOf(file, problem),
	});
}

function placeOf(file: string, { key, file: place = file, line, column }: Problem): string {
	const inFile = line === undefined ? place : `${place}:${line}:${column}`;
	const where = ENV_VARIABLE.test(key) ? 'environment' : inFile;
	return key ? `${where} ${key}` : where;
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
