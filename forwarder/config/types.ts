/** The loaded configuration: defaults filled in, references checked, durations in milliseconds. */
import type { Nanos } from '../../core/contract';
import type { Provider, Settings, Sizes } from '../../core/provider';
import type { NotificationInput } from './schema/notification';
import type { Warn } from './files';
import type { ToldRule } from './toldAfter';

/** A value that lives elsewhere and is read each time it is used, so that rotation needs no restart. */
export interface Secret {
	/** Where it comes from, never what it is: `environment variable DD_API_KEY`. */
	describe(): string;
	/**
	 * Throws `SecretError` naming the place when it cannot be read. A file that could be read before keeps its last value; `warn`
	 * is told once.
	 */
	read(warn?: Warn): Promise<string>;
}

/** PEM texts. */
export interface Pem {
	/** Trusted instead of the public authorities. */
	ca?: string;
	cert?: string;
	key?: string;
}

/** Certificates and keys in files, which may be replaced while we run. */
export interface Tls {
	/** As they are now, and the same object for as long as nothing changes. The last good ones when they cannot be used; `warn` is told once. */
	read(warn?: Warn): Promise<Pem>;
}

/** Of these the protocol names gzip only; the Collector and New Relic read zstd too. */
export type Compression = 'none' | 'gzip' | 'zstd';

/** An address that takes one signal of OTLP. */
export interface OtlpReceiver {
	/** Complete URL that batches are posted to: ends in `/v1/logs` or `/v1/metrics` unless the URL was given whole. */
	endpoint: string;
	/** Values are read again for every request (`readSecrets` in `secrets.ts`). */
	headers: Record<string, Secret>;
	compression: Compression;
	timeoutMs: number;
	tls?: Tls;
}

/** Where the process's own metrics and logs go. */
export interface TelemetryConfig {
	metrics?: OtlpReceiver;
	logs?: OtlpReceiver;
	/** Between two sendings of the metrics. */
	everyMs: number;
}

export interface DestinationConfig extends OtlpReceiver {
	name: string;
	preset?: string;
	/** Older events are dead-lettered: the receiver would drop them silently. Absent: no limit. */
	maxEventAgeMs?: number;
	/** Instead of dead letters: send them with the time of their receipt. Only together with `maxEventAgeMs`. */
	onTooOld?: 'restamp';
	/** Accept a 2xx whose body is not an OTLP answer, as long as it is not HTML. */
	lenientResponse: boolean;
	/** Batches sent at the same time. */
	inFlight: number;
	/** Attributes sent under another name (old → new). */
	renameAttributes: Record<string, string>;
	/** Limits of the receiver, from the preset. */
	limits: { maxBatchBytes?: number; maxRecordBytes?: number; maxRecords?: number };
}

export interface RateLimitConfig {
	requestsPerMinute: number;
	maxConcurrent: number;
	/** Repeats within one poll; the next poll tries again anyway. */
	retries: number;
	/** Requests of the provider's quota left to others: we pause when no more remain. */
	reserve: number;
}

export interface SourceConfig {
	name: string;
	provider: Provider;
	/** Without a slash at the end. */
	baseUrl: string;
	/** As the provider declares them, without the secret ones. */
	settings: Settings;
	/** Values of the secret settings. */
	secrets: Readonly<Record<string, Secret>>;
	sizes: Sizes;
	/** Where reading begins when the store knows nothing of this source yet; by this machine's clock when it is an age. */
	start: Nanos;
	/** When `start` was written as an age, 0 for `now`: what it counts from is found out when the stream begins. */
	startAgeMs?: number;
	pollIntervalMs: number;
	latenessMs: number;
	/** In a range that has ended: for back-fill and `verify`. */
	pastLatenessMs: number;
	rateLimit: RateLimitConfig;
	/** How long the provider keeps events. Absent: not known. */
	retentionMs?: number;
	tls?: Tls;
	/** Absent: off. */
	reconcile?: { everyMs: number; spanMs: number };
	/** Completeness checks while it runs. Absent: none. */
	verifyEveryMs?: number;
	/** How long it is remembered which events were stored. Absent: the store's own default. */
	keepLedgerMs?: number;
	/** Drop the events that reading the audit log itself causes. */
	dropReads: boolean;
	/** Paths replaced by `[REDACTED]` before an event is stored. */
	redact: string[];
	/** Names of the destinations that get this source's events; at least one. */
	destinations: string[];
}

/** Who is told of problems. */
export interface NotificationConfig {
	name: string;
	type: NotificationInput['type'];
	/** Who knows it can post there. */
	url: Secret;
	/** Of PagerDuty, and there always. */
	routingKey?: Secret;
	headers: Record<string, Secret>;
	/** The least that is told. */
	severity: 'degraded' | 'not_ready';
	/** How long a problem has to last. */
	afterMs: Record<ToldRule, number>;
	/** Messages at most. */
	perMinute: number;
	allowInsecure: boolean;
	tls?: Tls;
}

/** By any of these. */
export interface ServerAuth {
	token?: Secret;
	basic?: { username: string; password: Secret };
	/** In small letters: the header in which a proxy says who asks. */
	proxy?: { header: string; trusted: readonly string[] };
}

/** The state in PostgreSQL, shared by several processes. */
export interface DatabaseConfig {
	/** Holds the password. Read again for every connection (`stateUrl.ts`). */
	url: Secret;
	/** Of our tables. */
	schema: string;
	tls?: Tls;
	/** Connections of this process. */
	pool: number;
	/** After so long without a sign of life, others take over what a process holds. */
	leaseTtlMs: number;
}

/** Relative to the configuration. */
export const STATE_FILE = './audit-relay.db';

/** What /metrics holds. */
export interface MetricsConfig {
	/** All that is known of each source, instead of what alerts need. */
	bySource: boolean;
	/** Also the names from before names had units. */
	formerNames: boolean;
}

/** Where the state is: a file, unless there is a database; and how a process is reached that works on it. */
export type StatePlace = Pick<Config, 'state' | 'database' | 'control'>;

export interface Config {
	/** The file it came from. */
	path: string;
	/** The file of the state, absolute, unless there is a `database`. */
	state: { path: string };
	database?: DatabaseConfig;
	/** Absent: forever. */
	keepDeadLettersMs?: number;
	/** Absent: switched off. */
	server?: {
		host: string;
		port: number;
		hosts?: string[];
		/** Absent: anybody who reaches it may look, and nobody may do more. */
		auth?: ServerAuth;
		/** Certificate and key. Absent: plain HTTP. */
		tls?: Tls;
	};
	/** Where commands reach the running process, absolute. Absent: beside the state. */
	control?: { socket: string };
	metrics: MetricsConfig;
	/** Absent: they stay here. */
	telemetry?: TelemetryConfig;
	/** `OTEL_RESOURCE_ATTRIBUTES`. */
	resourceAttributes: Record<string, string>;
	destinations: DestinationConfig[];
	sources: SourceConfig[];
	notifications: NotificationConfig[];
	/** Things that work but should be looked at (a secret file that others can read). One line each, no secrets. */
	warnings: string[];
}
