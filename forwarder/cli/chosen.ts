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
	if (wanted.length === 0) return names;
	const tests = wanted.map((one) => {
		const test = patternOf(one);
		if (!names.some((name) => test.test(name))) throw unknownSource(one, names);
		return test;
	});
	return names.filter((name) => tests.some((test) => test.test(name)));
}

/** `*` stands for any characters, `?` for one. A name in `names` may hold neither. */
function patternOf(text: string): RegExp {
	const literal = text.replace(/[.+^${}()|[\]\\]/g, '\\$&');
	return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'su');
}

function unknownSource(name: string, names: readonly string[]): UsageError {
	if (/[*?]/.test(name)) return new UsageError(`--source ${name}: no source is called so`);
	const near = nearest(name, names);
	const known = names.length > MANY ? `${counted(names.length, 'source')} are known` : `known: ${names.join(', ')}`;
	return new UsageError(`--source ${name}: there is no such source; ${near ? `did you mean ${near}?` : known}`);
}
