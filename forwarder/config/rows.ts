/** The entries of `sources`, with those that `each` makes in place of one. */
import { filled, remains, unknownFields } from './each';
import type { Problem } from './errors';
import type { UnreadFile } from './include';
import { layersOf, type Layer } from './layers';
import { placeIn } from './place';
import { tableOf } from './table';
import { isMap, type YamlFile } from './yamlFile';

export interface Made {
	/** By index in the list that results; `file` is that of the entry, also where a row of a table is nearer. */
	sources: { file: YamlFile; layers: Layer[] }[];
	/** Rows that cannot be used: what is wrong, and the sources that there are not because of it. */
	wrong: { problem: Problem; spoils: number[] }[];
	/** Tables that cannot be read. */
	unread: UnreadFile[];
	/** Absolute paths of all tables. */
	tables: string[];
}

/** @param given by index in the files, as they stand there */
export function sourcesOf(given: readonly Layer[][], main: YamlFile): Made {
	const out: Made = { sources: [], wrong: [], unread: [], tables: [] };
	for (const layers of given) {
		const entry = layers[0]!;
		if (isMap(entry.values) && entry.values['each'] !== undefined) addRows(out, entry, main);
		else out.sources.push({ file: entry.file, layers });
	}
	return out;
}

function addRows({ sources, wrong, unread, tables }: Made, entry: Layer, main: YamlFile): void {
	const { file, path } = entry;
	const { each, ...template } = entry.values;
	const table = tableOf(each, entry, main);
	if (table.path !== undefined) tables.push(table.path);
	if (table.unread) unread.push(table.unread);
	const unknown = unknownFields(template, table);
	const spoils = table.rows.map((_, index) => sources.length + index);
	for (const { key, what, fix } of unknown)
		wrong.push({ problem: { ...placeIn(file, main, [...path, ...key]), what, fix }, spoils });
	for (const row of table.rows) {
		const found = unknown.length > 0 ? undefined : filled(template, row);
		if (found?.kind === 'filled') {
			const { own, fixed } = found;
			// whose defaults they are may stand in the row
			const [, ...defaults] = layersOf('sources', { file, path, values: { ...fixed, ...own } }, main);
			sources.push({
				file,
				layers: [{ file: row.file, path: row.path, values: own }, { file, path, values: fixed }, ...defaults],
			});
			continue;
		}
		if (found)
			wrong.push({ problem: { ...placeIn(row.file, main, row.path), ...found.problem }, spoils: [sources.length] });
		sources.push({ file, layers: [{ file: row.file, path: row.path, values: remains(template, row) }] });
	}
}
