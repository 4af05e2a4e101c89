import { formatKey, type KeyPath, type Problem } from './errors';
import type { YamlFile } from './yamlFile';

export type Place = Pick<Problem, 'key' | 'file' | 'line' | 'column'>;

/** Where something stands in one of the files. */
export function placeIn(file: YamlFile, main: YamlFile, path: KeyPath, part?: 'key' | 'value'): Place {
	return { key: formatKey(path), ...(file !== main && { file: file.path }), ...file.at(path, part) };
}
