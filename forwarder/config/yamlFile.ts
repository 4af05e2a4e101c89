/** One file of the configuration: what it holds, and where in it. */
import { dirname, resolve } from 'node:path';
import { ConfigError } from './errors';
import { contentNow, SecretError } from './files';
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

/** Far more than people or programs write; parsing it takes seconds. */
const MAX_BYTES = 16 * 1024 * 1024;

/** @throws ConfigError */
export function readText(path: string): string {
	try {
		return contentNow(path, 'the file', { maxBytes: MAX_BYTES });
	} catch (error) {
		if (!(error instanceof SecretError)) throw error;
		const isGone = error.code === 'ENOENT';
		const what = isGone ? 'there is no such file' : error.message;
		const fix = isGone ? '`audit-relay init` writes an example; --config names another file' : error.fix;
		throw new ConfigError(path, [{ key: '', what, fix }]);
	}
}
