/** What a provider is: its settings, its source, and the record that it makes of an event. */
import type { Element } from './json/parse';
import type {
	Call,
	Clock,
	HttpResponse,
	InvalidEvent,
	JsonObject,
	Range,
	Source,
	SourceEvent,
	Transport,
} from './contract';

/** OpenTelemetry severity numbers that we use, by their short name. */
export type SeverityText = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL';

export type Category =
	'failover' | 'failback' | 'dr_test' | 'quarantine' | 'access' | 'config' | 'data' | 'read' | 'gap' | 'other';

export type Alert = 'page' | 'notify' | 'none';

export type AttributeValue = string | number | boolean | string[];

/** Exactly the fields of an OpenTelemetry log record that depend on the event. */
export interface AuditRecord {
	/** Event time: seconds since the epoch and nanoseconds within the second. */
	time: [seconds: number, nanos: number];
	eventName: string;
	severityNumber: number;
	severityText: SeverityText;
	attributes: Record<string, AttributeValue>;
	/** The event's JSON text as received. */
	body: string;
}

/** A record whose absent attributes are still there, as undefined, null, empty text or an empty list. */
export interface Draft extends Omit<AuditRecord, 'attributes'> {
	attributes: Record<string, AttributeValue | null | undefined>;
}

/** One setting of a source, as its provider declares it: schema, fingerprint, advice and fields follow from here. */
export interface Setting {
	/** As a label: "Account ID". */
	title: string;
	/** One sentence without a full stop: what it is and where it is found. */
	description: string;
	required?: boolean;
	/** Given as a reference only; never in the state, in logs or in messages. */
	secret?: boolean;
	/** A secret of several lines, as a key file. It never becomes a header itself. */
	multiline?: boolean;
	/** Another value is another log. */
	identity?: boolean;
	/** Becomes `service.instance.id`. */
	tenant?: boolean;
	default?: string;
	/** The only ones allowed. */
	values?: readonly string[];
	/** Several values may be given; each is a source of its own. */
	each?: boolean;
	example?: string;
}

/** Values of the settings that are not secrets, by name. */
export type Settings = Readonly<Record<string, string | undefined>>;

/** Values of the secret ones. */
export type Secrets = Readonly<Record<string, string>>;

/** Elements per request. */
export interface Sizes {
	pageSize: number;
	/** While catching up. Default: `pageSize`. */
	maxPageSize?: number;
}

/** Where an event stands in a provider's own chain of hashes. */
export interface Link {
	/** Links of one chain only: one tenant, for example. */
	chain: string;
	/** The hash of the entry before it. */
	previous?: string;
	hash: string;
	/** Whose entry it is: keys that see their own entries only see no contiguous chain. */
	actor: string;
}

/** What a provider offers to check its own log with. Undefined answers: it does not offer it to us. */
export interface Integrity {
	link(event: JsonObject): Link | undefined;
	/** Events that it counts in the range. */
	total(range: Range, signal?: AbortSignal): Promise<number | undefined>;
	/** Its own walk over its chain: no more than `maxRows` rows from the oldest one of the range on. */
	verify(
		range: Range,
		signal?: AbortSignal,
	): Promise<{ verified: boolean; chainLength: number; brokenAt?: string; brokenReason?: string } | undefined>;
	readonly maxRows: number;
}

/** What the door that a provider is used behind gives it. */
export interface Door {
	readonly clock: Pick<Clock, 'now'>;
	/** That all paths are below: the provider's own, or the one that is configured instead. Without a slash at the end. */
	readonly baseUrl: string;
}

/** What fetching a token takes. */
export interface TokenDoor {
	readonly clock: Pick<Clock, 'now'>;
	/** Posts to an address of its own, once, without the credentials of the provider. As `Transport`. */
	post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<HttpResponse>;
	/** Signs with RSA and SHA-256 (RS256): base64url, without padding. @param key private, as PEM */
	sign(key: string, text: string): Promise<string>;
}

/** Who logs in to make a key, and for what. Kept nowhere. */
export interface KeyLogin {
	settings: Settings;
	/** Without a slash at the end. */
	baseUrl: string;
	email: string;
	password: string;
	/** How the key is called in the provider's own lists. */
	name: string;
	signal?: AbortSignal;
}

/** `after`: what is left to do by hand. The words of a failure may be the provider's own. */
export type MadeKey = { ok: true; secrets: Secrets; after?: string } | { ok: false; what: string; fix: string };

/** Makes a key as a person does who logs in. Over a transport without credentials. */
export type KeyMaker = (send: Transport, login: KeyLogin) => Promise<MadeKey>;

/** Credentials that have to be fetched. */
export interface Tokens {
	/** What has the same key may share one: the token is for the same thing. Not secret. */
	readonly key: string;
	/** As `Provider.authorize`. Throws `RequestError` when there is no token to be had, `Error` for a key of a wrong form. */
	authorize(secrets: Secrets): Promise<Record<string, string>>;
	/** The token was not accepted: the next request has a new one. */
	refused(): void;
}

export interface Provider {
	/** What `provider:` in the configuration says. */
	readonly name: string;
	/** As people write it. */
	readonly title: string;
	/** What it was made of, when it is data. */
	readonly declaration?: object;
	/** What of its promise cannot be kept. */
	readonly lossy?: string;
	/** Value of `audit.source` and of `service.name`; prefix of ids and event names. */
	readonly label: string;
	/** What a source of this provider is told, its secrets too. */
	readonly settings: Readonly<Record<string, Setting>>;
	readonly defaults: {
		/** May hold `{name}` of a setting. */
		baseUrl: string;
		latenessMs: number;
		/** In a range that has ended, where that is another one. */
		pastLatenessMs?: number;
		pageSize: number;
		maxPageSize: number;
		requestsPerMinute: number;
		/** Requests at once that the provider documents as allowed. Absent: it says nothing of it. */
		burst?: number;
		/** Second look at a past span for events that came later than `lateness`. Off when absent. */
		reconcile?: { everyMs: number; spanMs: number };
		/** How long it keeps events. Absent: not known. */
		retentionMs?: number;
	};
	/** Milliseconds, where the lateness depends on the settings. Default: `defaults.latenessMs`. */
	lateness?(settings: Settings): number | undefined;
	/** Milliseconds, where the retention depends on the settings. Default: `defaults.retentionMs`. */
	retention?(settings: Settings): number | undefined;
	/** Path of the polled endpoint for these settings: part of the stream's fingerprint. */
	endpoint(settings: Settings): string;
	/** Request headers that carry the key. Throws `Error` naming what is wrong with the key's form, never the key. */
	authorize(secrets: Secrets, settings?: Settings): Record<string, string>;
	/** Instead of `authorize`, where the headers carry what was fetched. */
	tokens?(door: TokenDoor, settings: Settings): Tokens;
	/** What an answer says of limits, in the words of all others (status 429, `x-ratelimit-…`). Absent: it needs no translation. */
	answer?(response: HttpResponse, now: number): HttpResponse;
	source(call: Call, settings: Settings, sizes: Sizes, door: Door): Source;
	/** Absent: the provider has nothing of the kind. */
	integrity?(call: Call, settings: Settings): Integrity;
	/** Reads an element of a page, for the walk, for lists and for events that come from elsewhere. Never throws. */
	event(element: Element): SourceEvent | InvalidEvent;
	/** Maps one event. Never throws for an event that `event` gave. Encoders leave out what is absent; `complete` does it for others. */
	draft(event: SourceEvent): Draft;
	/** Absent: keys are made in its console. */
	makeKey?: KeyMaker;
	/** True for an event that reading the audit log itself causes (config `filter.dropReads`). */
	isSelfNoise(event: JsonObject): boolean;
}
