/** What is wrong with how the files are put together: `include`, `defaults`, and what an included file may not hold. */
import { resolve } from 'node:path';
import type * as z from 'zod';
import { nearest } from '../../core/nearest';
import type { Provider } from '../../core/provider';
import { providerNamed, providerNames } from '../../providers/registry';
import type { Assembled } from './assemble';
import type { KeyPath, Problem } from './errors';
import { placeIn } from './place';
import { isMap, type YamlFile } from './yamlFile';
import { valueAt } from './layers';
import { findingsOf } from './problems';
import { isProviderFile } from './providers';
import { ConfigFile, IncludedFile, MainFile } from './schema/file';
import { DestinationDefaults } from './schema/destination';
import { providerDefaults, SourceDefaults } from './schema/source';
import { hasReference } from './secrets';

type Add = (problem: Problem, spoils?: readonly number[]) => void;

/**
 * What an included file has wrong as a whole spoils its own sources; but where events go concerns all.
 * @param declared what the file at an absolute path declares, when a source uses it
 */
export function reportMisplaced(
	{ files, data: whole, fileOf }: Assembled,
	declared: (path: string) => Provider | undefined,
	add: Add,
): void {
	const [main, ...included] = files;
	const indices = Array.isArray(whole['sources']) ? [...whole['sources'].keys()] : [];
	const spoiltBy = (file: YamlFile, path: KeyPath) =>
		file === main || path.slice(0, 2).includes('destinations')
			? undefined
			: indices.filter((index) => fileOf(index) === file);
	const check = (file: YamlFile, schema: z.ZodType, path: KeyPath) => {
		const data = valueAt(file.data, path);
		if (data === undefined) return;
		for (const issue of schema.safeParse(data).error?.issues ?? []) {
			// what stands behind a reference is checked in what uses it
			const value = valueAt(data, issue.path as KeyPath);
			if (typeof value === 'string' && hasReference(value)) continue;
			for (const { path: key, part, ...said } of findingsOf(issue, data, () => true, schema)) {
				const inPlace = file === main || path.length > 0 || key.length !== 1 || !(String(key[0]) in ConfigFile.shape);
				const elsewhere = { what: 'does not belong into an included file', fix: `Write it in ${main.path}` };
				const at = [...path, ...key];
				const problem = { ...placeIn(file, main, at, part), ...(inPlace || part === 'value' ? said : elsewhere) };
				add(problem, spoiltBy(file, at));
			}
		}
	};
	check(main, MainFile, []);
	for (const file of included) check(file, IncludedFile, []);
	for (const file of files) {
		check(file, SourceDefaults, ['defaults', 'sources']);
		check(file, DestinationDefaults, ['defaults', 'destinations']);
		const byProvider = valueAt(file.data, ['defaults', 'providers']);
		for (const name of isMap(byProvider) ? Object.keys(byProvider) : []) {
			const path = ['defaults', 'providers', name];
			const provider = isProviderFile(name) ? declared(resolve(file.folder, name)) : providerNamed(name);
			if (provider) check(file, providerDefaults(provider), path);
			else if (!isProviderFile(name)) {
				const near = nearest(name, providerNames);
				const fix = near ? `Did you mean "${near}"?` : `Known: ${providerNames.join(', ')}`;
				const problem = { ...placeIn(file, main, path, 'key'), what: 'there is no such provider', fix };
				add(problem, spoiltBy(file, path));
			}
		}
	}
}
