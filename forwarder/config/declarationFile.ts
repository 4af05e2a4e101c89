/** Reads a provider that is declared in a file. */
import { readFile } from 'node:fs/promises';
import type { Declaration } from '../../providers/declared/form/declaration';
import { readDeclaration } from '../../providers/declared/read';
import { ConfigError, formatKey } from './errors';
import { textOf } from './files';
import { parse } from './locate';
import { SecretError } from './secrets';

/** @throws ConfigError that names every problem found, with its line */
export async function loadDeclaration(path: string): Promise<Declaration> {
	const { data, problems, at } = parse(await readText(path));
	if (problems.length) throw new ConfigError(path, problems);
	const read = readDeclaration(data);
	if (read.kind === 'declaration') return read.declaration;
	const found = read.findings.map(({ path: key, part, what, fix }) => ({
		...{ key: formatKey(key), what, fix },
		...at(key, part),
	}));
	throw new ConfigError(path, found);
}

async function readText(path: string): Promise<string> {
	try {
		return textOf(await readFile(path), 'the file');
	} catch (error) {
		if (error instanceof SecretError)
			throw new ConfigError(path, [{ key: '', what: error.message, fix: 'Save it as UTF-8' }]);
		const { code } = error as NodeJS.ErrnoException;
		const what = code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`;
		const fix = code === 'ENOENT' ? '`audit-relay provider new` writes a commented start' : undefined;
		throw new ConfigError(path, [{ key: '', what, fix }]);
	}
}
