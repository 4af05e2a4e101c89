/** What is wrong with how the files are put together: `include`, `defaults`, and what an included file may not hold. */
import { resolve } from 'node:path';
import type * as z from 'zod';
import { nearest } from '../../core/nearest';
import type { Provider } from '../../core/provider';
import { providerNamed, providerNames } from '../../providers/registry';
import { placeIn, type Assembled } from './assemble';
import type { KeyPath, Problem } from './errors';
import { isMap, type YamlFile } from './yamlFile';
import { valueAt } from './layers';
import { findingsOf } from './problems';
import { isProviderFile } from './providers';
import { ConfigFile, DestinationDefaults, IncludedFile, MainFile, providerDefaults, SourceDefaults } from './schema';
import { hasReference } from './secrets';

type Add = (problem: Problem) => void;

/** @param declared what the file at an absolute path declares, when a source uses it */
export function reportMisplaced(
	{ files }: Assembled,
	declared: (path: string) => Provider | undefined,
	add: Add,
): void {
	const [main, ...included] = files;
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
				add({ ...placeIn(file, main, [...path, ...key], part), ...(inPlace || part === 'value' ? said : elsewhere) });
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
				add({ ...placeIn(file, main, path, 'key'), what: 'there is no such provider', fix });
			}
		}
	}
}
