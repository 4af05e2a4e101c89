/** `audit-relay provider list` and `show`: which providers are built in, their settings, and what is unknown about them. */
import type { Command } from 'commander';
import type { Provider } from '../../../core/provider';
import { formatDuration } from '../../../core/durations';
import { nearest } from '../../../core/nearest';
import { allProviders, declarationOf, providerNamed, providerNames } from '../../../providers/registry';
import { contextOf, examples } from '../context';
import { UsageError } from '../exit';
import type { Io } from '../io';
import type { Ui } from '../ui';

export function addList(group: Command, io: Io): void {
	group
		.command('list')
		.description('list the providers that are built in')
		.addHelpText('after', examples(['audit-relay provider list', 'name, product, and how it is read']))
		.action((_options: unknown, command: Command) => {
			const { json, ui } = contextOf(command, io);
			const all = allProviders().map((provider) => factsOf(provider));
			if (json) return void io.stdout.write(`${JSON.stringify(all)}\n`);
			const rows = all.map(({ name, title, as, unknown }) => [
				...[name, title, as],
				unknown.length > 0 ? unknown.join(', ') : '',
			]);
			io.stdout.write(ui.table(rows, ['PROVIDER', 'PRODUCT', 'READ BY', 'NOT KNOWN']));
		});
}

export function addShow(group: Command, io: Io): void {
	group
		.command('show')
		.description('show what a provider is told, its numbers, and what is not known of its API')
		.argument('<name>', 'as `provider list` has it')
		.addHelpText(
			'after',
			examples([`audit-relay provider show ${providerNames[0]}`, 'settings, pace, lateness, retention']),
		)
		.action((name: string, _options: unknown, command: Command) => {
			const { json, ui } = contextOf(command, io);
			const provider = providerNamed(name);
			if (!provider) {
				const near = nearest(name, providerNames);
				throw new UsageError(
					`There is no provider "${name}". ${near ? `Did you mean "${near}"? ` : ''}Known: ${providerNames.join(', ')}`,
				);
			}
			const facts = factsOf(provider);
			io.stdout.write(json ? `${JSON.stringify(facts)}\n` : shown(facts, ui));
		});
}

type Facts = ReturnType<typeof factsOf>;

function factsOf({ name, title, settings, defaults, lossy }: Provider) {
	const declaration = declarationOf(name)!;
	const { unknown = [] } = declaration;
	const code = 'code' in declaration ? declaration.code : undefined;
	const { baseUrl, latenessMs, pastLatenessMs, pageSize, requestsPerMinute, reconcile, retentionMs } = defaults;
	return {
		...{ name, title, settings, baseUrl, pageSize, requestsPerMinute },
		as: code ? 'declaration and code' : 'declaration',
		...(code && { code }),
		lateness: formatDuration(latenessMs),
		...(pastLatenessMs !== undefined && { latenessOfThePast: formatDuration(pastLatenessMs) }),
		...(reconcile && {
			reconcile: { every: formatDuration(reconcile.everyMs), span: formatDuration(reconcile.spanMs) },
		}),
		...(retentionMs !== undefined && { retention: formatDuration(retentionMs) }),
		unknown,
		...(lossy !== undefined && { lossy }),
		facts: `docs/providers/${name}.md`,
	};
}

function shown(facts: Facts, ui: Ui): string {
	const { name, title, settings, baseUrl, pageSize, requestsPerMinute, reconcile, retention, unknown } = facts;
	const { lateness, latenessOfThePast } = facts;
	const numbers = [
		['base URL', baseUrl],
		['page size', String(pageSize)],
		['requests', `${requestsPerMinute} per minute`],
		['lateness', [lateness, latenessOfThePast && `${latenessOfThePast} in the past`].filter(Boolean).join('; ')],
		['reconcile', reconcile ? `every ${reconcile.every}, ${reconcile.span} back` : 'off'],
		['retention', retention ?? 'not known'],
		['not known', unknown.length > 0 ? unknown.join(', ') : '-'],
		...(facts.lossy === undefined ? [] : [['not lossless', facts.lossy]]),
		['facts', `${facts.facts}: what is documented, reported, inferred, unknown`],
	];
	const rows = Object.entries(settings).map(
		([key, { required, secret, identity, default: usual, values, description }]) => [
			key,
			[required ? 'required' : 'optional', secret && 'secret', identity && 'identity'].filter(Boolean).join(', '),
			[description, values && `one of ${values.join(', ')}`, usual !== undefined && `default ${usual}`]
				.filter(Boolean)
				.join('; '),
		],
	);
	const code = Object.entries(facts.code ?? {}).map(([part, why]) => [part, why]);
	return [
		`${ui.paint('bold', title)} (provider: ${name})\n`,
		ui.table(rows, ['SETTING', '', 'MEANING']),
		ui.table(numbers),
		...(code.length > 0 ? [ui.table(code, ['CODE', 'WHY DATA CANNOT SAY IT'])] : []),
	].join('\n');
}
