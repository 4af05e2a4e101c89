/** `audit-relay keys`: keys of providers that offer to make them. */
import type { Command } from 'commander';
import { allProviders } from '../../../providers/registry';
import type { Provider } from '../../../core/provider';
import { checkUrl } from '../../config/urls';
import { askSecret, askUntil } from '../ask';
import { contextOf, examples, pathFrom } from '../context';
import { UsageError } from '../exit';
import type { Io } from '../io';
import { checkSettings, providerOf, setting } from '../settings';

export interface CreateOptions {
	set?: Record<string, string>;
	email?: string;
	out?: string;
	name?: string;
	baseUrl?: string;
}

export function addKeys(program: Command, io: Io): void {
	const makers = allProviders().filter(({ makeKey }) => makeKey);
	const [first] = makers;
	const keys = program.command('keys').description('keys of providers');
	keys
		.command('create')
		.description('log in with e-mail and password, and make a key')
		.argument('<provider>', makers.map(({ name }) => name).join(', '))
		.option('--set <name=value>', 'a setting of the source, such as its account; asked for at a terminal', setting)
		.option('--email <address>', 'who logs in; asked for at a terminal')
		.option('--out <file>', 'file for the key, which only this user can read (default: ./<provider>.key)')
		.option('--name <text>', 'what the key is called there (default: audit-relay)')
		.option('--base-url <url>', "another address than the provider's own")
		.addHelpText(
			'after',
			examples(
				[`audit-relay keys create ${first!.name}`, 'ask for everything'],
				[
					`printf %s "$PASSWORD" | audit-relay keys create ${first!.name} --set accountId=… --email ada@example.com`,
					'from a script',
				],
			) + '\nThe password is not shown and kept nowhere. From a script it is the first line of stdin.\n',
		)
		.action(async (name: string, options: CreateOptions, command: Command) => {
			const context = contextOf(command, io);
			const provider = providerOf(name);
			const { file, after } = await createKey(provider, options, io);
			if (context.json) return void io.stdout.write(`${JSON.stringify({ written: file, ...(after && { after }) })}\n`);
			const [secret] = secretsOf(provider);
			io.stdout.write(
				`Wrote ${file}. In the configuration: ${secret}: "\${file:${file}}"\n${after ? `${after}.\n` : ''}`,
			);
		});
}

/** Asks for what is not given, where there is somebody to ask. */
export async function createKey(
	provider: Provider,
	options: CreateOptions,
	io: Io,
): Promise<{ file: string; after?: string; settings: Record<string, string> }> {
	const { name, title, makeKey } = provider;
	if (!makeKey) throw new UsageError(`${title} has no way to make a key that is known: make one in its console`);
	checkSettings(provider, options.set ?? {});
	const baseUrl = (options.baseUrl ?? provider.defaults.baseUrl).replace(/\/+$/, '');
	const url = checkUrl(baseUrl, false, 'source');
	if (!url.ok) throw new UsageError(`--base-url ${url.what}; write https://host`);
	const settings: Record<string, string> = { ...options.set };
	for (const [key, { title: label, required, secret }] of Object.entries(provider.settings)) {
		if (!required || secret || settings[key] !== undefined) continue;
		settings[key] = await given(io, label, `--set ${key}=…`);
	}
	const email = options.email ?? (await given(io, 'E-mail', '--email'));
	const password = await askSecret(io, 'Password');
	const file = options.out ?? `./${name}.key`;
	// with all that sends requests
	const make = await import('./make');
	const after = await make.makeKey(
		{
			...{ provider, settings, email, password, name: options.name ?? 'audit-relay' },
			baseUrl,
			files: Object.fromEntries(secretsOf(provider).map((key) => [key, pathFrom(io, file)])),
		},
		io,
	);
	return { file, settings, ...(after !== undefined && { after }) };
}

const secretsOf = ({ settings }: Provider) => Object.keys(settings).filter((key) => settings[key]!.secret);

async function given(io: Io, label: string, option: string): Promise<string> {
	if (!io.stdin?.isTTY) throw new UsageError(`${label} is missing; give it by ${option}`);
	return askUntil(io, label, undefined, (text) => (text ? undefined : 'Type it, or end with Ctrl-C'));
}
