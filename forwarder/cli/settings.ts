/** Settings of a source that are given on the command line: `--set accountId=…`. */
import { InvalidArgumentError } from 'commander';
import { nearest } from '../../core/nearest';
import type { Provider } from '../../core/provider';
import { providerNamed, providerNames } from '../../providers/registry';
import { UsageError } from './exit';

export function providerOf(name: string): Provider {
	const provider = providerNamed(name);
	if (provider) return provider;
	const near = nearest(name, providerNames);
	throw new UsageError(
		`${name}: there is no such provider; ${near ? `did you mean ${near}?` : `known: ${providerNames.join(', ')}`}`,
	);
}

/** As commander collects them. */
export function setting(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
	const at = text.indexOf('=');
	if (at < 1) throw new InvalidArgumentError('Write name=value.');
	return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** Throws `UsageError` for one that the provider does not have. */
export function checkSettings({ title, settings }: Provider, given: Readonly<Record<string, string>>): void {
	for (const name of Object.keys(given)) {
		if (Object.hasOwn(settings, name)) continue;
		const near = nearest(name, Object.keys(settings));
		const known = near ? `did you mean ${near}?` : `known: ${Object.keys(settings).join(', ')}`;
		throw new UsageError(`--set ${name}: ${title} has no such setting; ${known}`);
	}
}
