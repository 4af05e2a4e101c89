/** Reads the file of a declared provider. */
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { Declaration } from '../../providers/declared/form/declaration';
import { declaredProvider, type DeclaredProvider } from '../../providers/declared/provider';
import { readDeclaration } from '../../providers/declared/read';
import { ConfigError, formatKey, type Problem } from './errors';
import { contentOf, SecretError } from './files';
import { parse } from './locate';
import { COMMON_KEYS } from './schema/source';

export type ProviderFile =
	| { kind: 'provider'; provider: DeclaredProvider }
	/** Of the file, with their places in it. */
	| { kind: 'problems'; problems: readonly Problem[] }
	/** The file itself: there is none, or it cannot be read. */
	| { kind: 'unreadable'; what: string; fix?: string };

/** @param file as it is named; relative to `folder` */
export async function readProvider(file: string, folder: string): Promise<ProviderFile> {
	const path = resolve(folder, file);
	// as the configuration itself is named: from where the command runs
	const shown = isAbsolute(file) ? file : relative(process.cwd(), join(folder, file));
	try {
		return read(await contentOf(path, shown), shown);
	} catch (error) {
		if (!(error instanceof SecretError)) throw error;
		const what = error.code === 'ENOENT' ? `there is no file ${shown}` : error.message;
		return { kind: 'unreadable', what, fix: error.fix ?? 'Paths are relative to this file' };
	}
}

/**
 * A declaration without any source of it.
 * @throws ConfigError that names every problem found, with its line
 */
export async function loadDeclaration(path: string): Promise<Declaration> {
	const found = await readProvider(path, process.cwd());
	switch (found.kind) {
		case 'provider':
			return found.provider.declaration;
		case 'problems':
			throw new ConfigError(path, found.problems);
		case 'unreadable': {
			const fix = '`audit-relay provider new` writes a commented start';
			throw new ConfigError(path, [{ key: '', what: found.what, fix }]);
		}
	}
}

function read(text: string, file: string): ProviderFile {
	const { data, problems, at } = parse(text);
	if (problems.length > 0) return { kind: 'problems', problems: problems.map((problem) => ({ ...problem, file })) };
	const result = readDeclaration(data);
	const findings =
		result.kind === 'findings'
			? result.findings
			: Object.keys(result.declaration.settings ?? {})
					.filter((name) => COMMON_KEYS.includes(name))
					.map((name) => ({
						path: ['settings', name],
						part: 'key' as const,
						what: 'is a key that every source has',
						fix: 'Choose another name',
					}));
	if (result.kind === 'declaration' && findings.length === 0)
		return { kind: 'provider', provider: declaredProvider(result.declaration) };
	return {
		kind: 'problems',
		problems: findings.map(({ path, part, what, fix }) => ({
			key: formatKey(path),
			what,
			fix,
			file,
			...at(path, part),
		})),
	};
}
