/** Which provider a source has: one that is built in, by its name, or one that a file declares. */
import { resolve } from 'node:path';
import type { Provider } from '../../core/provider';
import { providerNamed } from '../../providers/registry';
import { readProvider, type ProviderFile } from './declarations';
import type { Problem, Report } from './errors';
import { SECRET_NAME } from './schema/values';

export interface Providers {
	/** By index in `sources`; undefined where there is none of this name, or its file is wrong. */
	of: readonly (Provider | undefined)[];
	/** Those that declare one, absolute. */
	files: readonly string[];
	/** What a file declares, by its absolute path, when a source uses it. */
	declared(path: string): Provider | undefined;
	/** Tells what is wrong with files, once for each, and which sources cannot be used because of it. */
	report(report: Report, add: (problem: Problem, spoils: readonly number[]) => void): void;
}

/** @param folder of the configuration */
export async function providersOf(sources: readonly unknown[], folder: string): Promise<Providers> {
	const named = sources.map((source) => (source as { provider?: unknown } | null)?.provider);
	const files = new Map<string, ProviderFile>();
	for (const name of named) {
		if (isProviderFile(name) && !files.has(name)) files.set(name, await readProvider(name, folder));
	}
	const declaredIn = (file: ProviderFile | undefined) => (file?.kind === 'provider' ? file.provider : undefined);
	return {
		files: [...files.keys()].map((name) => resolve(folder, name)),
		declared: (path) => declaredIn([...files].find(([name]) => resolve(folder, name) === path)?.[1]),
		of: named.map((name) => (isProviderFile(name) ? declaredIn(files.get(name)) : providerNamed(name))),
		report(report, add) {
			for (const [file, read] of files) {
				const users = named.flatMap((name, index) => (name === file ? [index] : []));
				if (read.kind === 'problems') for (const problem of read.problems) add(problem, users);
				for (const [index, name] of named.entries()) {
					if (name !== file || read.kind === 'provider') continue;
					const { what, fix } = read.kind === 'unreadable' ? read : { what: 'is not usable', fix: `See ${file}` };
					report(['sources', index, 'provider'], what, fix);
				}
			}
		},
	};
}

/** Whether a key of a source holds a secret: as its provider declares, and by its name while that is not known. */
export function secretKind(provider: Provider | undefined, key: string): 'secret' | 'document' | false {
	if (!provider) return SECRET_NAME.test(key) && 'secret';
	const { secret, multiline } = provider.settings[key] ?? {};
	return secret ? (multiline ? 'document' : 'secret') : false;
}

/** `./acme.provider.yaml`: names have neither slashes nor endings. */
export function isProviderFile(name: unknown): name is string {
	return typeof name === 'string' && /[/\\]|\.ya?ml$/.test(name);
}
