/** What one source or destination is made of: what it says itself, and below that the defaults that hold for it. */
import { resolve } from 'node:path';
import type { KeyPath } from './errors';
import { isProviderFile } from './providers';
import { isMap, type Values, type YamlFile } from './yamlFile';

export type Section = 'sources' | 'destinations';

/** A map in a file. */
export interface Layer {
	file: YamlFile;
	path: KeyPath;
	values: Values;
}

/** Nearest first: the entry, the defaults of its file, those of the main file; those of a provider before those of all. */
export function layersOf(section: Section, entry: Layer, main: YamlFile): Layer[] {
	const files = new Set([entry.file, main]);
	return [entry, ...[...files].flatMap((file) => defaultsOf(section, entry, file, main.folder))];
}

function defaultsOf(section: Section, { values }: Layer, file: YamlFile, folder: string): Layer[] {
	const { defaults } = file.data;
	if (!isMap(defaults) || !isMap(values)) return [];
	const name = section === 'sources' ? providerKey(defaults['providers'], values['provider'], file, folder) : undefined;
	const paths = [...(name === undefined ? [] : [['providers', name]]), [section]];
	return paths.flatMap((path) => {
		const found = valueAt(defaults, path);
		return isMap(found) ? [{ file, path: ['defaults', ...path], values: found }] : [];
	});
}

/** The key that stands for a provider: its name, or the same file by whatever way. */
function providerKey(providers: unknown, name: unknown, file: YamlFile, folder: string): string | undefined {
	if (!isMap(providers) || typeof name !== 'string') return undefined;
	if (!isProviderFile(name)) return Object.hasOwn(providers, name) ? name : undefined;
	return Object.keys(providers).find(
		(key) => isProviderFile(key) && resolve(file.folder, key) === resolve(folder, name),
	);
}

/** The first that has a value wins; maps are put together key by key, lists are not. */
export function merged(layers: readonly Pick<Layer, 'values'>[]): Values {
	return layers.map(({ values }) => values).reduce<Values>((strong, weak) => over(strong, weak), {});
}

function over(strong: Values, weak: Values, isHeaders = false): Values {
	// the case of a header's name means nothing
	const given = new Set(isHeaders ? Object.keys(strong).map((key) => key.toLowerCase()) : Object.keys(strong));
	const below = Object.entries(weak).filter(([key]) => !given.has(isHeaders ? key.toLowerCase() : key));
	const own = Object.entries(strong).map(([key, value]) => {
		const other = Object.hasOwn(weak, key) ? weak[key] : undefined;
		return [key, isMap(value) && isMap(other) ? over(value, other, key === 'headers') : value] as const;
	});
	return Object.fromEntries([...own, ...below]);
}

/** The layer that a value comes from; that of the nearest thing above where it is not there. */
export function layerOf<L extends Pick<Layer, 'values'>>(layers: readonly L[], key: KeyPath): L {
	for (let length = key.length; length > 0; length--) {
		const found = layers.find(({ values }) => valueAt(values, key.slice(0, length)) !== undefined);
		if (found) return found;
	}
	return layers[0]!;
}

export function valueAt(data: unknown, path: KeyPath): unknown {
	return path.reduce<unknown>((value, step) => {
		if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
		return (value as Record<string | number, unknown>)[step];
	}, data);
}
