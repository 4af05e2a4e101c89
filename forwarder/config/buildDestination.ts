/** Completes one destination: defaults, what its preset knows, and the checks that need more than the value itself. */
import type { KeyPath, Report } from './errors';
import { nearest } from '../../core/nearest';
import { nameMistake, valueMistake } from './headers';
import { presets, type KeyHeader, type Preset } from './presets';
import type { DestinationInput } from './schema/destination';
import { headerSecret, secretOf, type Env } from './secrets';
import { readTls } from './tls';
import type { DestinationConfig, Secret } from './types';
import { checkUrl, logsEndpoint } from './urls';

interface Context {
	env: Env;
	/** Where relative secret files start. */
	folder: string;
	report: Report;
}

const TIMEOUT_MS = 10_000;

export function buildDestination(
	input: DestinationInput,
	at: KeyPath,
	context: Context,
): DestinationConfig | undefined {
	const { report } = context;
	const preset = input.preset === undefined ? undefined : presets[input.preset]!;
	const headers = headersOf(input, preset, at, context);
	const maxEventAgeMs = input.maxEventAge ?? preset?.maxEventAgeMs;
	if (input.onTooOld === 'restamp' && maxEventAgeMs === undefined) {
		report([...at, 'onTooOld'], 'has no effect without maxEventAge', 'Set maxEventAge, or remove it', 'key');
	}
	const tls = readTls(input.tls, [...at, 'tls'], context);
	const endpoint = endpointOf(input, preset, at, report);
	if (!endpoint) return undefined;
	return {
		name: input.name,
		endpoint,
		...(input.preset !== undefined && { preset: input.preset }),
		headers,
		compression: input.compression ?? preset?.compression ?? 'gzip',
		...(maxEventAgeMs !== undefined && { maxEventAgeMs }),
		...(input.onTooOld === 'restamp' && { onTooOld: input.onTooOld }),
		timeoutMs: input.timeout ?? preset?.timeoutMs ?? TIMEOUT_MS,
		lenientResponse: input.lenientResponse,
		inFlight: input.inFlight,
		...(tls && { tls }),
		renameAttributes: preset?.renameAttributes ?? {},
		limits: preset?.limits ?? {},
	};
}

function headersOf(
	input: DestinationInput,
	preset: Preset | undefined,
	at: KeyPath,
	{ env, folder, report }: Context,
): Record<string, Secret> {
	const given = Object.entries(input.headers ?? {});
	for (const [name] of given) {
		const mistake = nameMistake(name);
		if (mistake) report([...at, 'headers', name], ...mistake, 'key');
	}
	const headers = Object.fromEntries(given.map(([name, value]) => [name, secretOf(value, env, folder)]));
	if (!preset?.key) return headers;
	const { header, scheme, variable, value } = preset.key;
	const name = Object.keys(headers).find((one) => one.toLowerCase() === header);
	if (name !== undefined) return { ...headers, [name]: withScheme(headers[name]!, scheme) };
	if (env[variable]) {
		const mistake = valueMistake(env[variable].trimEnd());
		if (mistake) report([...at, 'headers', header], `environment variable ${variable} ${mistake[0]}`, mistake[1]);
		return { ...headers, [header]: withScheme(headerSecret(`\${env:${variable}}`, env, folder), scheme) };
	}
	// not the vendor's own address: a Collector that adds the key, or the vendor's software on one's own machines
	if (preset.sites && input.endpoint !== undefined) return headers;
	const fix = `Set ${variable} to ${value}, or write headers: { ${header}: "\${env:NAME}" }`;
	report([...at, 'headers', header], `is missing: ${preset.title} needs the header ${header}`, fix);
	return headers;
}

/** Puts the scheme before a value that has none. */
function withScheme(secret: Secret, scheme: KeyHeader['scheme']): Secret {
	if (scheme === undefined) return secret;
	return {
		describe: () => secret.describe(),
		read: async (warn) => {
			const value = await secret.read(warn);
			if (/^[A-Za-z-]+ /.test(value)) return value;
			// base64 has no colon: this is a user and a password
			const encode = scheme === 'Basic' && value.includes(':');
			return `${scheme} ${encode ? Buffer.from(value).toString('base64') : value}`;
		},
	};
}

function endpointOf(
	input: DestinationInput,
	preset: Preset | undefined,
	at: KeyPath,
	report: Report,
): string | undefined {
	const sites = Object.keys(preset?.sites ?? {});
	const { site = sites[0] } = input;
	if (input.site !== undefined && sites.length === 0) {
		const what = preset ? `does not apply to the preset ${input.preset}` : 'applies only with a preset';
		const fix = preset ? `Remove it, and write endpoint: ${preset.example}` : 'Remove it, or add preset';
		report([...at, 'site'], what, fix, 'key');
	} else if (preset && site !== undefined && !sites.includes(site)) {
		const near = nearest(site, sites);
		const known = `${preset.title} takes OTLP at: ${sites.join(', ')}`;
		report([...at, 'site'], 'is not known', `${near ? `Did you mean "${near}"? ` : ''}${known}`);
		return undefined;
	}
	if (input.endpoint === undefined) {
		if (preset?.sites && site !== undefined) return logsEndpoint(new URL(preset.sites[site]!), preset.path);
		const fix = preset
			? `Write endpoint: ${preset.example}`
			: 'Write endpoint: https://host:4318, or a preset with a site';
		report(
			[...at, 'endpoint'],
			preset ? `is missing: ${preset.title} has no address for all` : 'is missing',
			fix,
			'key',
		);
		return undefined;
	}
	const url = checkUrl(input.endpoint, input.allowInsecure, 'destination');
	if (url.ok) return logsEndpoint(url.url, preset?.path);
	report([...at, 'endpoint'], url.what, url.fix);
	return undefined;
}
