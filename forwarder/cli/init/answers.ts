/** What `init` has to know, from the command line or from a person. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Provider, Setting } from '../../../core/provider';
import { allProviders } from '../../../providers/registry';
import { presets } from '../../config/presets';
import type { Wanted } from '../../config/written';
import { ask, askSecret, askUntil, choose } from '../ask';
import { pathFrom } from '../context';
import { CommandFailed, UsageError } from '../exit';
import type { Io } from '../io';
import { createKey } from '../keys/keys';
import { checkSettings, providerOf } from '../settings';

export interface InitOptions {
	force?: boolean;
	check: boolean;
	provider?: string;
	set?: Record<string, string>;
	baseUrl?: string;
	start?: string;
	preset?: string;
	site?: string;
	endpoint?: string;
}

const PLAIN = 'otlp';
const USUAL_ENDPOINT = 'http://127.0.0.1:4318';

/** From options alone: secrets are looked for in the variables that their providers name. */
export function fromOptions(options: InitOptions): Wanted {
	if (options.provider === undefined) throw new UsageError('--provider is missing: without a terminal nobody is asked');
	const provider = providerOf(options.provider);
	checkSettings(provider, options.set ?? {});
	const settings: Record<string, string> = {};
	for (const [key, setting] of Object.entries(provider.settings)) {
		const value = options.set?.[key] ?? (setting.secret ? `\${env:${variableOf(key, setting)}}` : undefined);
		if (value !== undefined) settings[key] = value;
		else if (setting.required && setting.default === undefined) {
			throw new UsageError(`--set ${key}=… is missing: ${setting.description}`);
		}
	}
	const { preset, site, endpoint } = options;
	if (preset !== undefined && !Object.hasOwn(presets, preset)) {
		throw new UsageError(`--preset ${preset}: there is no such preset; known: ${Object.keys(presets).join(', ')}`);
	}
	const name = preset ?? PLAIN;
	const needsUsual = preset === undefined && endpoint === undefined;
	return {
		...{ provider, settings, start: options.start ?? 'now' },
		...(options.baseUrl !== undefined && { baseUrl: options.baseUrl }),
		destination: { name, preset, site, endpoint: needsUsual ? USUAL_ENDPOINT : endpoint },
	};
}

/** What is not given as an option is asked. */
export async function fromPerson(options: InitOptions, folder: string, io: Io): Promise<Wanted> {
	const { stderr } = io;
	stderr.write('What is not asked here stands in the documentation. Ctrl-C ends this, and nothing is written.\n\n');
	const names = allProviders().map(({ name, title }) => ({ name, about: title }));
	const provider = providerOf(options.provider ?? (await choose(io, 'Whose audit log?', names, names[0]!.name)));
	checkSettings(provider, options.set ?? {});
	const settings: Record<string, string> = { ...options.set };
	for (const [key, setting] of Object.entries(provider.settings)) {
		if (settings[key] !== undefined || !setting.required) continue;
		stderr.write(`\n${setting.description}.\n`);
		settings[key] = setting.secret
			? await secret(provider, { key, setting, settings, folder, baseUrl: options.baseUrl }, io)
			: await value(setting, io);
	}
	const start = options.start ?? (await ask(io, '\nWhere to begin: now, an age like 7d, or an instant', 'now'));
	return {
		...{ provider, settings, start, destination: await destination(options, folder, io) },
		...(options.baseUrl !== undefined && { baseUrl: options.baseUrl }),
	};
}

function value({ title, values, default: usual }: Setting, io: Io): Promise<string> {
	if (values)
		return choose(
			io,
			title,
			values.map((name) => ({ name })),
			usual ?? values[0]!,
		);
	return askUntil(io, title, usual, (answer) => (answer ? undefined : 'It is needed'));
}

type Place = 'env' | 'file' | 'type' | 'create';

interface SecretAsked {
	key: string;
	setting: Setting;
	settings: Readonly<Record<string, string>>;
	/** Of the configuration: where relative files start. */
	folder: string;
	baseUrl?: string;
}

async function secret(provider: Provider, about: SecretAsked, io: Io): Promise<string> {
	const { key, setting, settings, folder, baseUrl } = about;
	const places: { name: Place; about: string }[] = [
		{ name: 'env', about: 'in an environment variable' },
		{ name: 'file', about: 'in a file' },
		{ name: 'type', about: 'I type it; it goes into a file that only this user can read' },
	];
	if (provider.makeKey)
		places.push({ name: 'create', about: 'nowhere yet: log in with e-mail and password, and make one' });
	const place = await choose(io, `${setting.title}: where is it?`, places, provider.makeKey ? 'create' : 'env');
	const file = `./${provider.name}.key`;
	if (place !== 'create') return kept(place, setting.title, variableOf(key, setting), { folder, file }, io);
	const { after } = await createKey(provider, { set: { ...settings }, baseUrl, out: join(folder, file) }, io);
	io.stderr.write(`Wrote ${file}.${after ? ` ${after}.` : ''}\n`);
	return reference(file);
}

/** Where a secret lies, as a reference. */
async function kept(
	place: Exclude<Place, 'create'>,
	title: string,
	variable: string,
	{ folder, file }: { folder: string; file: string },
	io: Io,
): Promise<string> {
	if (place === 'env') {
		const isName = (text: string) => (/^[A-Za-z_]\w*$/.test(text) ? undefined : 'Give the name of a variable');
		return `\${env:${await askUntil(io, 'Variable', variable, isName)}}`;
	}
	if (place === 'file')
		return reference(await askUntil(io, 'File', file, (text) => (text ? undefined : 'Give its path')));
	const typed = await askSecret(io, title);
	try {
		await writeFile(pathFrom(io, join(folder, file)), `${typed}\n`, { mode: 0o600, flag: 'wx' });
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		throw new CommandFailed(
			`${file} ${code === 'EEXIST' ? 'exists already; move it away' : `cannot be written (${code})`}`,
		);
	}
	io.stderr.write(`Wrote ${file}.\n`);
	return reference(file);
}

const reference = (file: string) => `\${file:${file}}`;

async function destination(options: InitOptions, folder: string, io: Io): Promise<Wanted['destination']> {
	const choices = [
		{ name: PLAIN, about: 'any OTLP/HTTP receiver, such as a Collector' },
		...Object.entries(presets).map(([name, { title }]) => ({ name, about: title })),
	];
	const given = options.preset ?? (options.endpoint === undefined ? undefined : PLAIN);
	const name = given ?? (await choose(io, '\nWhere do the events go?', choices, PLAIN));
	const preset = name === PLAIN ? undefined : presets[name];
	if (name !== PLAIN && !preset) throw new UsageError(`--preset ${name}: there is no such preset`);
	const sites = Object.keys(preset?.sites ?? {});
	const site =
		options.site ??
		(sites.length > 1 && !options.endpoint
			? await choose(
					io,
					'Site',
					sites.map((one) => ({ name: one })),
					sites[0]!,
				)
			: undefined);
	const usual = preset?.example.split(',')[0] ?? USUAL_ENDPOINT;
	const endpoint =
		options.endpoint ??
		(sites.length > 0
			? undefined
			: await askUntil(io, 'Address', usual.includes('<') ? undefined : usual, (text) =>
					URL.canParse(text) ? undefined : `Write it like ${usual}`,
				));
	const { key } = preset ?? {};
	const headers = key && (await headerOf(key, name, folder, io));
	return { name, ...(preset && { preset: name }), ...(site && { site }), ...(endpoint && { endpoint }), ...headers };
}

async function headerOf(
	{ header, variable, value: about }: { header: string; variable: string; value: string },
	name: string,
	folder: string,
	io: Io,
): Promise<{ headers: Record<string, string> }> {
	const place = await choose<'env' | 'file' | 'type'>(
		io,
		`It needs ${about}: where is it?`,
		[
			{ name: 'env', about: 'in an environment variable' },
			{ name: 'file', about: 'in a file' },
			{ name: 'type', about: 'I type it; it goes into a file that only this user can read' },
		],
		'env',
	);
	return { headers: { [header]: await kept(place, about, variable, { folder, file: `./${name}.key` }, io) } };
}

function variableOf(key: string, { example }: Setting): string {
	if (example !== undefined && /^[A-Z][A-Z0-9_]+$/.test(example)) return example;
	return key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
}
