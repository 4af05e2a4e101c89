/** Every key of the configuration file: what it may hold and what it means. The JSON Schema for editors comes from here. */
import * as z from 'zod';
import { DURATION, parseDuration } from '../../core/durations';
import { HEADER_NAME } from './headers';
import { presets } from './presets';
import { TOLD_AFTER, type ToldRule } from './toldAfter';
import type { Provider, Setting } from '../../core/provider';
import { allProviders, providerNames } from '../../providers/registry';

/** Header names whose value is a secret and so must be a reference. */
export const SECRET_NAME = /authorization|key|token|secret|password|cookie|credential/i;

/** What is older than this is older than every audit log. */
const LONGEST = '36500d';

/** For one request, also where the environment says it. */
export const LONGEST_TIMEOUT = '1h';

/** Bounds keep out what could only be a mistake: a request that may take weeks would halt its destination. */
function duration(least: string, most: string) {
	const [leastMs, mostMs] = [parseDuration(least)!, parseDuration(most)!];
	const error = 'is not a duration|Write a number and a unit: 500ms, 60s, 10m, 18h, 7d';
	return z
		.string({ error: ({ input }) => (input === undefined || input === null ? undefined : error) })
		.regex(DURATION, { error })
		.transform((text, context) => {
			const ms = parseDuration(text);
			if (ms !== undefined && ms >= leastMs && ms <= mostMs) return ms;
			context.addIssue({ code: 'custom', message: `is out of range|Give ${least} to ${most}` });
			return z.NEVER;
		});
}

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
	error: 'is not a usable name|Use 1 to 64 letters, digits, dots, dashes or underscores',
});

const text = z.string().min(1, { error: 'is empty|Give a value or remove the key' });
const count = (least: number, most: number) => z.int().min(least).max(most);

const ServerAuth = z
	.strictObject({
		token: text.optional().describe('Sent as `Authorization: Bearer`, or as the password of any user. As a reference.'),
		basic: z
			.strictObject({ username: text.describe('Name.'), password: text.describe('As a reference.') })
			.optional()
			.describe('Name and password, as browsers ask for them.'),
		proxyHeader: z
			.string()
			.regex(HEADER_NAME, { error: 'is no name of a header|Write for example x-forwarded-user' })
			.optional()
			.describe('Header in which a proxy says who asks, after it has asked him.'),
		trustedProxies: z.array(text).optional().describe('Addresses or networks that proxyHeader is believed from.'),
	})
	.optional();

const ServerTls = z
	.strictObject({
		certFile: text.describe('PEM file with the certificate of this server, and those between it and its authority.'),
		keyFile: text.describe('PEM file with its private key.'),
	})
	.optional();

const Server = z.strictObject({
	enabled: z.boolean().default(true).describe('Whether /livez, /readyz, /metrics and the status page are served.'),
	listen: z
		.string()
		.regex(/^(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}$/, {
			error: 'is not an address|Write host:port, for example 127.0.0.1:9464',
		})
		.default('127.0.0.1:9464')
		.describe('Address of the status server, host:port. Keep it on loopback unless something in front protects it.'),
	hosts: z
		.array(
			z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/, {
				error:
					'is not a host name|Write a name without scheme, port and wildcard, for example audit-relay.monitoring.svc',
			}),
		)
		.default([])
		.describe(
			'Host names that the status server answers to, besides localhost and addresses: those of a Service or a proxy.',
		),
	auth: ServerAuth.describe(
		'Who may ask for anything but /livez and /readyz; whoever may, also sees events and changes things. Default: all who reach it may look.',
	),
	tls: ServerTls.describe('Certificate and key for HTTPS; replaced files are taken within a minute.'),
});

const Control = z.strictObject({
	socket: text
		.optional()
		.describe(
			'Unix socket by which commands reach the running process, relative to this file. Default: beside the state file; for a database in XDG_RUNTIME_DIR or the temporary folder.',
		),
});

const Metrics = z.strictObject({
	detail: z
		.enum(['few', 'source'])
		.default('few')
		.describe(
			'few: of each source what alerts need, the rest added up by provider. source: all of each source, 4 kB for each. Default: few.',
		),
	formerNames: z
		.boolean()
		.default(false)
		.describe('Also the names without units that metrics had before; for one version. Default: false.'),
});

const Tls = z
	.strictObject({
		caFile: text.optional().describe('PEM file with the certificate authority to trust instead of the public ones.'),
		certFile: text.optional().describe('PEM file with the client certificate (mTLS).'),
		keyFile: text.optional().describe('PEM file with its private key.'),
	})
	.optional();

export const Destination = z.strictObject({
	name: name.describe('Name of this destination: in logs, metrics and in `destinations` of sources.'),
	endpoint: text
		.optional()
		.describe('OTLP/HTTP base URL; /v1/logs is appended when it is missing. Presets with a site do not need it.'),
	preset: z
		.enum(Object.keys(presets) as [string, ...string[]])
		.optional()
		.describe('A known receiver: knows its addresses, key header, limits and event age. See docs/destinations.md.'),
	site: text
		.optional()
		.describe('Site or region of the preset, for example datadoghq.eu (datadog) or eu (newrelic, honeycomb, signoz).'),
	headers: z
		.record(z.string().regex(HEADER_NAME), z.string())
		.optional()
		.describe('Request headers. Values of secret headers must be references: "${env:NAME}" or "${file:/path}".'),
	compression: z.enum(['none', 'gzip', 'zstd']).optional().describe('Encoding of requests. Default: gzip.'),
	maxEventAge: duration('1ms', LONGEST)
		.optional()
		.describe(
			'Older events become dead letters instead of being lost silently by the receiver. Default: by preset, else no limit.',
		),
	onTooOld: z
		.enum(['deadLetter', 'restamp'])
		.default('deadLetter')
		.describe(
			'What becomes of events older than maxEventAge. restamp: sent with the time of their receipt, their own one in the attribute audit.event.time. Default: deadLetter.',
		),
	timeout: duration('1ms', LONGEST_TIMEOUT)
		.optional()
		.describe(`Time for one request, up to ${LONGEST_TIMEOUT}. Default: 10s; with splunk-collector 60s.`),
	allowInsecure: z.boolean().default(false).describe('Allow an http:// endpoint on another host.'),
	tls: Tls.describe('Certificates for this endpoint.'),
	lenientResponse: z
		.boolean()
		.default(false)
		.describe(
			'Accept a 2xx although its body is not an OTLP answer (never HTML). Only for receivers whose maker documents that.',
		),
	inFlight: count(1, 64).default(4).describe('Batches sent at the same time. Default: 4.'),
});

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
const common = {
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
const OwnSource = z.looseObject({
	...heads,
	provider: z
		.string()
		.regex(/[/\\]|\.ya?ml$/)
		.describe('File that declares the audit API, relative to this one: ./acme.provider.yaml.'),
	...common,
});

const schemas = new WeakMap<Provider, ReturnType<typeof build>>();

function build(provider: Provider, named: z.ZodType<string>) {
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
const Each = z
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

export const Notification = z.strictObject({
	name: name.describe('Name of this notification: in logs, metrics and on the command line.'),
	type: z
		.enum(['webhook', 'slack', 'teams', 'pagerduty'])
		.describe(
			'webhook: JSON of our own. slack: an incoming webhook. teams: a workflow that begins with a webhook. pagerduty: Events API v2.',
		),
	url: text
		.optional()
		.describe(
			'Where it is posted to. Only as a reference, because who knows it can post there. Default with pagerduty: its own address.',
		),
	routingKey: text
		.optional()
		.describe('For pagerduty: integration key of an Events API v2 integration. Only as a reference.'),
	region: z.enum(['us', 'eu']).optional().describe('For pagerduty: service region of the account. Default: us.'),
	headers: z
		.record(z.string().regex(HEADER_NAME), z.string())
		.optional()
		.describe('Request headers. Values of secret headers must be references: "${env:NAME}" or "${file:/path}".'),
	severity: z
		.enum(['degraded', 'not_ready'])
		.default('degraded')
		.describe(
			'The least that is told. not_ready: only what stops a source, a destination or the process. Default: degraded, which is everything.',
		),
	after: z
		.partialRecord(z.enum(Object.keys(TOLD_AFTER) as [ToldRule, ...ToldRule[]]), duration('0ms', '7d'))
		.optional()
		.describe(
			'How long a problem lasts before it is told, by its rule in /readyz. Default: by rule, docs/operations.md.',
		),
	perMinute: count(1, 600).default(6).describe('Messages in a minute at most; what is more waits. Default: 6.'),
	allowInsecure: z.boolean().default(false).describe('Allow an http:// address on another host.'),
	tls: Tls.describe('Certificates for this address.'),
});

const State = z
	.strictObject({
		path: text
			.refine((path) => !/^[a-z][a-z0-9+.-]*:\/\//i.test(path), {
				error: 'is a URL|Write a path, for example ./audit-relay.db; a database is state.url',
			})
			.optional()
			.describe('SQLite file, relative to this one. Default: ./audit-relay.db.'),
		url: text
			.optional()
			.describe(
				'Instead of the file: a PostgreSQL database that several processes share, postgres://user:password@host/database?sslmode=verify-full. As a reference when it holds a password.',
			),
		schema: z
			.string()
			.regex(/^[a-z_][a-z0-9_]{0,62}$/, {
				error: 'is not a usable name|Use 1 to 63 small letters, digits or underscores, beginning with a letter',
			})
			.optional()
			.describe('Schema of the database for our tables, made when it is missing. Default: audit_relay.'),
		tls: Tls.describe('Certificates for the database.'),
		pool: count(2, 100)
			.optional()
			.describe('Connections of each process to the database. One of them is for its leases. Default: 6.'),
		lease: z
			.strictObject({
				ttl: duration('3s', '60s')
					.optional()
					.describe(
						'After so long without a sign of life, 3s to 60s, the others take over what a process has held. Default: 5s.',
					),
			})
			.optional()
			.describe('Who does what, when several processes share the database.'),
	})
	.superRefine((state, context) => {
		const wrong = (key: keyof typeof state, message: string) =>
			context.addIssue({ code: 'custom', path: [key], message });
		if (state.url !== undefined) {
			if (state.path !== undefined)
				wrong('url', 'cannot stand beside path|Keep path for a file of this process alone, or url for a database');
			return;
		}
		for (const key of ['schema', 'tls', 'pool', 'lease'] as const)
			if (state[key] !== undefined) wrong(key, 'is for a database only|Remove it, or set url');
	});

/** What holds for all sources of the file, whatever their provider. */
export const SourceDefaults = z.strictObject(common).partial();

/** For those of one provider, also what it declares. */
export const providerDefaults = (provider: Provider) =>
	sourceSchema(provider).omit({ name: true, provider: true }).partial();

/** What says which receiver it is belongs to the destination. */
export const DestinationDefaults = Destination.omit({ name: true, endpoint: true, preset: true, site: true }).partial();

/** Each of the three is checked by the schema of what it holds for. */
export const Defaults = z.strictObject({
	sources: z.looseObject({}).optional(),
	providers: z.record(z.string(), z.looseObject({})).optional(),
	destinations: z.looseObject({}).optional(),
});

const Telemetry = Destination.pick({
	headers: true,
	compression: true,
	timeout: true,
	allowInsecure: true,
	tls: true,
}).extend({
	endpoint: text.describe('OTLP/HTTP base URL; /v1/metrics and /v1/logs are appended.'),
	metrics: z.boolean().default(true).describe('Whether the metrics are sent. Default: true.'),
	logs: z.boolean().default(true).describe('Whether the lines of the log are sent. Default: true.'),
	interval: duration('1s', '1h')
		.prefault('60s')
		.describe('Time between two sendings of the metrics, 1s to 1h. Default: 60s.'),
});

export type TelemetryInput = z.output<typeof Telemetry>;

const DEFAULTS = 'Values for what does not say otherwise. Maps are put together key by key, lists are not.';

/** What a file says of how it is put together with others. */
const assembly = {
	include: z
		.array(text)
		.optional()
		.describe('More files, relative to this one: conf.d/*.yaml. They hold sources, destinations and their defaults.'),
	defaults: Defaults.optional().describe(DEFAULTS),
};

export const MainFile = z.looseObject(assembly);

/** What is there once in a process stands in the main file. */
export const IncludedFile = z.strictObject({
	defaults: assembly.defaults,
	destinations: z.array(z.unknown()).optional(),
	sources: z.array(z.unknown()).optional(),
});

export const ConfigFile = z.strictObject({
	...assembly,
	state: State.prefault({}).describe('Where positions and events not yet delivered are kept.'),
	deadLetters: z
		.strictObject({
			retention: duration('1h', LONGEST)
				.optional()
				.describe('How long they are kept; older ones are removed, and a gap record says so. Default: no limit.'),
		})
		.prefault({})
		.describe('Records that could not be delivered.'),
	metrics: Metrics.prefault({}).describe('What /metrics holds.'),
	telemetry: Telemetry.optional().describe(
		"Receiver of the process's own metrics and logs. Without this key OTEL_METRICS_EXPORTER and OTEL_LOGS_EXPORTER are used.",
	),
	server: Server.prefault({}).describe('Health, metrics and status page.'),
	control: Control.prefault({}).describe('How commands reach the running process.'),
	notifications: z
		.array(Notification)
		.optional()
		.describe('Who is told when a problem of /readyz begins, and when it is over.'),
	destinations: z
		.array(Destination)
		.min(1, { error: 'is empty|Add a destination, or remove the key and set OTEL_EXPORTER_OTLP_ENDPOINT' })
		.optional()
		.describe('OTLP receivers. Without this key OTEL_EXPORTER_OTLP_ENDPOINT is used.'),
	// each is checked by the schema of its provider
	sources: z
		.array(z.looseObject({}))
		.min(1, { error: 'is empty|Add at least one source' })
		.describe('Audit APIs to read.'),
});

export type DestinationInput = z.infer<typeof Destination>;
export type NotificationInput = z.infer<typeof Notification>;
export type ServerInput = z.infer<typeof Server>;
export type StateInput = z.infer<typeof State>;
export type SourceInput = z.infer<typeof AnySource>;

/** What is used where a key is not given, as it would be written. */
export function usualOf({ shape }: z.ZodObject): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(shape).flatMap(([key, schema]) => {
			if (!(schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault)) return [];
			const inner: unknown = schema.unwrap();
			if (!(inner instanceof z.ZodObject)) return [[key, schema.def.defaultValue]];
			const within = usualOf(inner);
			return Object.keys(within).length > 0 ? [[key, within]] : [];
		}),
	);
}

/** JSON Schema of the file, for editors. */
export function jsonSchema(): Record<string, unknown> {
	// said once, and referred to by each provider
	const once = Object.entries(common).map(([key, schema]) => [key, schema.meta({ ...schema.meta(), id: key })]);
	const referred = Object.fromEntries(once) as typeof common;
	const partial = Object.fromEntries(Object.entries(referred).map(([key, schema]) => [key, schema.optional()]));
	const sources = allProviders().map((provider) =>
		build(provider, z.literal(provider.name)).extend({ ...referred, each: Each }),
	);
	const byProvider = allProviders().map((provider) => [
		provider.name,
		providerDefaults(provider).extend(partial).optional().describe(`For sources of ${provider.title}.`),
	]);
	const file = ConfigFile.extend({
		defaults: z
			.strictObject({
				sources: z.strictObject(partial).optional().describe('For all sources.'),
				providers: z
					.object(Object.fromEntries(byProvider) as Record<string, z.ZodType>)
					.catchall(z.looseObject({}))
					.optional()
					.describe('For sources of one provider, by its name or the file that declares it.'),
				destinations: DestinationDefaults.optional().describe('For all destinations.'),
			})
			.optional()
			.describe(DEFAULTS),
		sources: z
			.array(z.union([...sources, OwnSource.extend({ each: Each })]))
			.min(1)
			.describe(ConfigFile.shape.sources.description!),
	});
	const { required: _sources, ...schema } = z.toJSONSchema(file, { io: 'input' });
	return {
		title: 'Audit Relay configuration',
		...schema,
		anyOf: [{ required: ['sources'] }, { required: ['include'] }],
		// left to the user: what anchors stand on
		patternProperties: { '^x-': {} },
	};
}
