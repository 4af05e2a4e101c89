/** What `--source` means, in every command that has it. */
import { nearest } from '../../core/nearest';
import type { Config, SourceConfig } from '../config/types';
import { UsageError } from './exit';

/** Throws `UsageError` when there is no such source. */
export function sourceNamed({ sources }: Config, name: string): SourceConfig {
	const found = sources.find((source) => source.name === name);
	if (found) return found;
	const names = sources.map((source) => source.name);
	const near = nearest(name, names);
	throw new UsageError(
		`--source ${name}: there is no such source; ${near ? `did you mean ${near}?` : `known: ${names.join(', ')}`}`,
	);
}

/** All of them when none is named. */
export function chosenSources(config: Config, name: string | undefined): readonly SourceConfig[] {
	return name === undefined ? config.sources : [sourceNamed(config, name)];
}
