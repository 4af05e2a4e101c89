/** One file of the configuration: what it holds, and where in it. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ConfigError } from './errors';
import { SecretError, textOf } from './files';
import { parse, type Parsed } from './locate';

export type Values = Readonly<Record<string, unknown>>;

export interface YamlFile extends Pick<Parsed, 'at'> {
	/** As messages name it. */
	path: string;
	/** Absolute. */
	folder: string;
	/** Without the keys that are left to the user: `x-…`, mostly what anchors stand on. */
	data: Values;
	text: string;
}

/** @throws ConfigError */
export async function readYamlFile(path: string): Promise<YamlFile> {
	return yamlFile(path, readText(path));
}

/** @throws ConfigError */
export function yamlFile(path: string, text: string): YamlFile {
	const { data, problems } = parse(text);
	if (problems.length) throw new ConfigError(path, problems);
	if (!isMap(data)) {
		const what = data === null ? 'the file is empty' : 'the file must be a map of keys and values';
		throw new ConfigError(path, [{ key: '', what, fix: '`audit-relay init` writes an example', line: 1, column: 1 }]);
	}
	const own = Object.entries(data).filter(([key]) => !key.startsWith('x-'));
	// a parsed text is fifty times as large as the text, and its places are asked for only when something is wrong
	let places: Parsed['at'] | undefined;
	const at: Parsed['at'] = (...given) => (places ??= parse(text).at)(...given);
	return { path, folder: dirname(resolve(path)), data: Object.fromEntries(own), text, at };
}

export function isMap(value: unknown): value is Values {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws ConfigError */
export function readText(path: string): string {
	try {
		// hundreds of small files: one turn of a busy process for each would take seconds
		return textOf(readFileSync(path), 'the file');
	} catch (error) {
		if (error instanceof SecretError)
			throw new ConfigError(path, [{ key: '', what: error.message, fix: 'Save it as UTF-8' }]);
		const { code } = error as NodeJS.ErrnoException;
		const what = code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`;
		const fix = code === 'ENOENT' ? '`audit-relay init` writes an example; --config names another file' : undefined;
		throw new ConfigError(path, [{ key: '', what, fix }]);
	}
}
