/** The file of the configuration and those that it includes, put together: one list of sources, one of destinations, defaults filled in. */
import type { KeyPath } from './errors';
import { readIncluded, type FilesBefore, type IncludedFile, type UnreadFile } from './include';
import { layerOf, layersOf, merged, type Layer, type Section } from './layers';
import { placeIn, type Place } from './place';
import { sourcesOf, type Made } from './rows';
import { isMap, readYamlFile, type Values, type YamlFile } from './yamlFile';

export interface Assembled {
	/** As one file without `include` and `defaults` would hold it. Relative paths start at the folder of the main file. */
	data: Values;
	/** The main one first. */
	files: readonly [YamlFile, ...IncludedFile[]];
	/** By absolute path. */
	included: FilesBefore;
	/** Included files that cannot be read, or are gone. */
	unread: readonly UnreadFile[];
	/** Absolute paths of tables that sources are made from. */
	tables: readonly string[];
	wrongRows: Made['wrong'];
	isWrongRow(index: number): boolean;
	/** Patterns of `include` without any file, by index. */
	unmatched: readonly number[];
	/** Where a value of `data` really stands, and under which key. */
	placeOf(path: KeyPath, part?: 'key' | 'value'): Place;
	/** The file that an entry of `sources` stands in. */
	fileOf(index: number): YamlFile;
}

/**
 * @param before what is used of included files that cannot be read now
 * @throws ConfigError when the main file cannot be read
 */
export async function assemble(path: string, before?: FilesBefore): Promise<Assembled> {
	const main = await readYamlFile(path);
	const { files: included, unread, unmatched } = readIncluded(main, before);
	const files = [main, ...included.values()] as const;
	const made = sourcesOf(layersIn('sources', files), main);
	const layers = { sources: made.sources.map((one) => one.layers), destinations: layersIn('destinations', files) };
	const spoilt = new Set(made.wrong.flatMap(({ spoils }) => spoils));
	const { include: _include, defaults: _defaults, ...rest } = main.data;
	return {
		data: {
			...rest,
			...sectionOf('sources', files, layers.sources),
			...sectionOf('destinations', files, layers.destinations),
		},
		files,
		included,
		unread: [...unread, ...made.unread],
		tables: made.tables,
		wrongRows: made.wrong,
		isWrongRow: (index) => spoilt.has(index),
		unmatched,
		fileOf: (index) => made.sources[index]!.file,
		placeOf(path, part) {
			const [section, index, ...key] = path;
			const entry = section === 'sources' || section === 'destinations' ? layers[section][Number(index)] : undefined;
			if (!entry) return placeIn(main, main, path, part);
			const layer = layerOf(entry, key);
			return placeIn(layer.file, main, [...layer.path, ...key], part);
		},
	};
}

/** By index in the list that results. */
function layersIn(section: Section, files: readonly [YamlFile, ...YamlFile[]]): Layer[][] {
	return files.flatMap((file) => {
		const entries = file.data[section];
		if (!Array.isArray(entries)) return [];
		return entries.map((values: unknown, index) =>
			layersOf(section, { file, path: [section, index], values: values as Values }, files[0]),
		);
	});
}

function sectionOf(section: Section, files: readonly YamlFile[], layers: readonly Layer[][]): Values {
	const given = files[0]!.data[section];
	// something else than a list is said to be wrong as it stands
	if (given !== undefined && !Array.isArray(given)) return { [section]: given };
	if (files.every(({ data }) => data[section] === undefined)) return {};
	return { [section]: layers.map((one) => (isMap(one[0]!.values) ? merged(one) : one[0]!.values)) };
}
