/** What `--source` means, in every command that has it. */
import { nearest } from '../../core/nearest';
import type { Config, SourceConfig } from '../config/types';
import { UsageError } from './exit';
import { counted } from './ui';

/** More names than this are no help. */
const MANY = 20;

/** Throws `UsageError` when there is no such source. */
export function sourceNamed({ sources }: Config, name: string): SourceConfig {
	const found = sources.find((source) => source.name === name);
	if (found) return found;
	throw unknownSource(
		name,
		sources.map((source) => source.name),
	);
}

/** All of them when none is named. */
export function chosenSources(config: Config, name: string | undefined): readonly SourceConfig[] {
	return name === undefined ? config.sources : [sourceNamed(config, name)];
}

/** Sources by names and patterns (`eu-*`), in the order of `names`; all of them when nothing is wanted. Throws `UsageError` when one of them fits none. */
export function matching(wanted: readonly string[], names: readonly string[]): readonly string[] {
	for (const one of wanted) if (!names.some((name) => fits([one], name))) throw unknownSource(one, names);
	return names.filter((name) => fits(wanted, name));
}

export function fits(wanted: readonly string[], name: string): boolean {
	return wanted.length === 0 || wanted.some((one) => patternOf(one).test(name));
}

export const isPattern = (text: string): boolean => /[*?]/.test(text);

/** `*` stands for any characters, `?` for one. A name in `names` may hold neither. */
function patternOf(text: string): RegExp {
	const literal = text.replace(/[.+^${}()|[\]\\]/g, '\\$&');
	return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'su');
}

function unknownSource(name: string, names: readonly string[]): UsageError {
	if (isPattern(name)) return new UsageError(`--source ${name}: no source is called so`);
	const near = nearest(name, names);
	const known = names.length > MANY ? `${counted(names.length, 'source')} are known` : `known: ${names.join(', ')}`;
	return new UsageError(`--source ${name}: there is no such source; ${near ? `did you mean ${near}?` : known}`);
}
