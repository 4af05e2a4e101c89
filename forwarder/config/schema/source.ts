/** Sources: what each has, and what its provider declares. */
import * as z from 'zod';
import type { Provider, Setting } from '../../../core/provider';
import { providerNames } from '../../../providers/registry';
import { count, duration, LONGEST, name, text, Tls } from './values';

const RateLimit = z.strictObject({
	requestsPerMinute: z
		.number()
		.positive()
		.max(100_000)
		.optional()
		.describe('Requests per minute with this key, all sources together. Default: by provider.'),
	maxConcurrent: count(1, 32).default(2).describe('Requests at the same time with this key. Default: 2.'),
	retries: count(0, 20).default(4).describe('Repeats of a failed request within one poll. Default: 4.'),
	reserve: count(0, 1_000_000)
		.default(0)
		.describe("Requests of the provider's quota left to others: polling pauses when no more remain. Default: 0."),
});

const Reconcile = z.strictObject({
	enabled: z.boolean().default(true).describe('Whether a past span is read again for events that came very late.'),
	every: duration('1s', '30d').optional().describe('Time between two sweeps, up to 30d. Default: 1h.'),
	span: duration('1s', '3650d').optional().describe('How far back a sweep looks, up to 3650d. Default: 48h.'),
});

const Verify = z.strictObject({
	every: duration('1m', '30d')
		.optional()
		.describe(
			'Time between two completeness checks while `run` is running, up to 30d; each looks back twice as far. Default: off.',
		),
	keep: duration('1h', '3650d')
		.optional()
		.describe('How long stored events are remembered: how far back `verify` can look. Default: 30d.'),
});

/** What every source has, whatever its provider. */
export const common = {
	baseUrl: text.optional().describe("Another base URL than the provider's own."),
	start: text.default('now').describe('Where the first poll begins: ISO 8601 instant, age (7d) or now. Default: now.'),
	pollInterval: duration('10ms', '30d')
		.prefault('60s')
		.describe('Time between polls, up to 30d. Each source has its own place in it, so many are spread. Default: 60s.'),
	lateness: duration('0ms', '30d')
		.optional()
		.describe(
			'How long after its own time an event may become visible, up to 30d; that much is read again. Default: by provider.',
		),
	pageSize: z
		.int()
		.min(1)
		.optional()
		.describe('Events per request. Default: by provider, and more while catching up where it takes more.'),
	rateLimit: RateLimit.prefault({}).describe('Limits on requests to the provider.'),
	retention: duration('1m', LONGEST)
		.optional()
		.describe('How long the provider keeps events: a longer outage becomes a gap record. Default: not known.'),
	tls: Tls.describe('Certificates for this base URL.'),
	reconcile: Reconcile.optional().describe('Second look at the past. Default: by provider.'),
	verify: Verify.prefault({}).describe('Proof that everything the provider lists was stored.'),
	filter: z
		.strictObject({
			dropReads: z.boolean().default(false).describe('Drop events that reading the audit log itself causes.'),
		})
		.prefault({})
		.describe('Events that are read but not shipped.'),
	redact: z.array(text).default([]).describe('Paths in the event replaced by [REDACTED]: requestInfo.query.nextToken.'),
	destinations: z
		.array(text)
		.min(1, { error: 'is empty|Name at least one destination, or remove the key to use all' })
		.optional()
		.describe('Names of the destinations for this source. Default: all.'),
	allowInsecure: z.boolean().default(false).describe('Allow an http:// base URL on another host.'),
};

const heads = {
	name: name.describe('Name of this source: in logs, metrics, state and on the command line.'),
	provider: z.enum(providerNames).describe('Which audit API this is.'),
};

/** A source whose provider is not known: what it declares cannot be checked. */
export const AnySource = z.looseObject({ ...heads, ...common });

/** One whose provider stands in a file of its own. */
export const OwnSource = z.looseObject({
	...heads,
	provider: z
		.string()
		.regex(/[/\\]|\.ya?ml$/)
		.describe('File that declares the audit API, relative to this one: ./acme.provider.yaml.'),
	...common,
});

const schemas = new WeakMap<Provider, ReturnType<typeof build>>();

export function build(provider: Provider, named: z.ZodType<string>) {
	const settings = Object.entries(provider.settings).map(([key, setting]) => [key, valueOf(key, setting, provider)]);
	return z.strictObject({
		...heads,
		provider: named,
		...(Object.fromEntries(settings) as Record<string, z.ZodType>),
		...common,
	});
}

/** A source of this provider: what it declares, and what every source has. */
export function sourceSchema(provider: Provider) {
	const known = schemas.get(provider) ?? build(provider, z.string());
	schemas.set(provider, known);
	return known;
}

/** Keys that no provider can have as settings. */
export const COMMON_KEYS: readonly string[] = [...Object.keys(heads), ...Object.keys(common), 'each'];

/** Stands beside a source, and is gone once there is one for each row. */
export const Each = z
	.union([text, z.array(z.record(z.string(), z.string()))])
	.optional()
	.describe(
		'A CSV file with a first line of names, or a list of maps: one source for each row, {field} in texts filled in.',
	);

function valueOf(key: string, setting: Setting, { title }: Provider): z.ZodType {
	const { required, secret, values, each, example = key.toUpperCase() } = setting;
	const fix = secret
		? `Write ${key}: "\${env:${example}}" or "\${file:/run/secrets/${example.toLowerCase()}}"`
		: `${title} needs it`;
	const error = ({ input }: { input?: unknown }) =>
		input === undefined || input === null ? `is missing|${fix}` : undefined;
	const one = values
		? z.enum(values, { error: (issue) => error(issue) })
		: z.string({ error }).min(1, { error: 'is empty|Give a value or remove the key' });
	const several = values
		? `is not known|Known: ${values.join(', ')}; one of them, or a list`
		: 'is not text|Give one value, or a list';
	const value = each
		? z.union([one, z.array(one).min(1, { error: several })], { error: (issue) => error(issue) ?? several })
		: one;
	const about = [
		setting.description,
		secret && 'Only as a reference; read again when it rotates',
		setting.default && `Default: ${setting.default}`,
	];
	const described = value.describe(`${about.filter(Boolean).join('. ')}.`);
	return required && setting.default === undefined ? described : described.optional();
}

/** What holds for all sources of the file, whatever their provider. */
export const SourceDefaults = z.strictObject(common).partial();

/** For those of one provider, also what it declares. */
export const providerDefaults = (provider: Provider) =>
	sourceSchema(provider).omit({ name: true, provider: true }).partial();

export type SourceInput = z.infer<typeof AnySource>;
