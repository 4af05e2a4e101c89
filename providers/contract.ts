/**
 * The seams of the core: what a provider offers, and what it is given.
 * Nothing in `providers/` or `polling/` touches timers, the process or Node built-ins; they are passed in through these types.
 */
import type { Declaration } from './declared/form/declaration';
import type { PositionRejected } from './failure';
import type { Element } from './json/parse';

/** Nanoseconds since the Unix epoch. A `Date` would cut Arpio's microseconds. */
export type Nanos = bigint;

export type JsonObject = { [key: string]: unknown };

export interface HttpRequest {
	method: 'GET' | 'PATCH' | 'POST';
	/** Path below the provider's base URL, starting with `/`, its parts already percent-encoded. */
	path: string;
	/** Undefined values are left out; an array repeats the name (`expand[]=a&expand[]=b`). */
	query?: Record<string, string | readonly string[] | undefined>;
	/** JSON text; sent as `application/json`. */
	body?: string;
	/** Besides those of the credentials; names in lower case. Never secret. */
	headers?: Readonly<Record<string, string>>;
	/** Members on the way to the list of the answer, where it is not a member of the answer itself. */
	list?: readonly string[];
	/** Whether a repeat is harmless. Default: true for GET, false for POST. */
	idempotent?: boolean;
	/** What is too long in the answer is left out (`json/skim`): for an answer that cannot be held as a whole. */
	skim?: boolean;
	signal?: AbortSignal;
}

export interface HttpResponse {
	status: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	/** As received, decompressed. */
	body: Uint8Array;
}

/**
 * Sends one request once, with credentials, and resolves for every status.
 * Throws `RequestError` (network, timeout, tooLarge, aborted) and nothing else.
 */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;

export interface JsonReply {
	status: number;
	headers: Record<string, string>;
	/** As received. */
	body: Uint8Array;
	/** An element of a list that is not JSON is undefined here. */
	json: unknown;
	/** The elements of every list that is a member of the answer; of a bare list under ''; of the one that was named, names joined by dots. */
	lists: ReadonlyMap<string, readonly Element[]>;
}

/** A request that answered with JSON and a 2xx status; anything else is thrown as `RequestError`. */
export type Call = (request: HttpRequest) => Promise<JsonReply>;

/** Time as the core sees it. Tests pass a simulated one. */
export interface Clock {
	/** Milliseconds since the Unix epoch. */
	now(): number;
	/** Resolves after `ms` milliseconds, or at once when `signal` aborts. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** One audit event as the provider gave it. */
export interface SourceEvent {
	/** The provider's own id; the same event always has the same id. */
	id: string;
	/** What 64 bits hold, with room to reckon. */
	time: Nanos;
	/** JSON text exactly as received. */
	raw: string;
	/** True when `raw` lacks bytes that were received: those that are not UTF-8 became U+FFFD. */
	isReplaced?: true;
	json: JsonObject;
}

/** An element of a page that cannot be an event. It goes to the dead letters, the page goes on. */
export interface InvalidEvent {
	/** Of its own: the provider's id, if there is one, and a hash of what was received. */
	id: string;
	/** The text as received, JSON or not. */
	raw: string;
	reason: string;
	/** When that is known anyway. */
	time?: Nanos;
}

/** Both bounds inclusive. No upper bound: up to whatever is newest. */
export interface Range {
	lower: Nanos;
	upper?: Nanos;
}

/** Where a walk continues, as the source wrote it: opaque to the walk, plain JSON for the store. */
export type Position = { [key: string]: string | number };

/** What a source keeps from one walk to the next: opaque to the walk, plain JSON for the store. */
export type Kept = JsonObject;

export interface Page {
	events: SourceEvent[];
	invalid: InvalidEvent[];
	/** Absent: the provider said that this is the end. The only end signal. */
	next?: Position;
	/** The provider's clock (`Date` header), absent when it sent none. */
	serverTime?: Nanos;
}

/** An event, as far as it takes to know it again. */
export interface EventKey {
	id: string;
	time: Nanos;
}

/** How much is asked for at a time. */
export interface Ask {
	/** Elements at most; the provider may give fewer. Default: the usual number of the source. */
	size?: number;
	/** What is too long is left out: for an element that cannot be held as a whole. */
	skim?: boolean;
}

/** How many elements a source asks for. */
export interface PageSizes {
	/** At the beginning of a walk. */
	readonly usual: number;
	/** While catching up, as far as the provider is known to take it. */
	readonly most: number;
	/** The provider takes no number from us, and gives as many as it likes. */
	readonly isFixed: boolean;
	/** The provider does not take so many: they are not asked for again. */
	refused(size: number): void;
}

/** Reads one stream page by page. Written for the walk in `polling/`. */
export interface Source {
	/**
	 * One page of the range, from `position` or from the beginning.
	 * Throws `PositionRejected` when the provider no longer accepts the position, else `RequestError`.
	 */
	page(range: Range, position: Position | undefined, signal?: AbortSignal, ask?: Ask): Promise<Page>;
	/** Absent: pages come as they are. */
	readonly sizes?: PageSizes;
	/**
	 * What to do after `PositionRejected`: read the window again from its start, or (newest-first lists with ids as
	 * cursors) go on below the oldest event that is already safe.
	 */
	readonly onRejected: 'restart' | 'continueBelowOldest';
	/**
	 * How far below a range's lower bound (or above its upper one) the provider may still return events: coarse filters,
	 * unknown time zones. Ids stay known for that long below the watermark.
	 */
	readonly reach?: Nanos;
	/**
	 * Without an upper bound, a range is one of when the provider stored events: an event turns up however old it is, and only its
	 * id can tell that it was read. Absent: of the time of events.
	 */
	readonly bounds?: 'stored';
	/** Absent: a walk begins without a position, and nothing is kept for the next one. */
	readonly memory?: SourceMemory;
}

/** How a source's next live walk profits from the ones before. Pure functions: the store keeps `kept` for them. */
export interface SourceMemory {
	/** Where a walk from the watermark begins. Undefined: without a position. */
	begin(kept: Kept | undefined, watermark: Nanos): Position | undefined;
	/** At the end of a window. `settled`: safe events from before the watermark, some of them, in no order. */
	settle(kept: Kept | undefined, watermark: Nanos, settled: readonly EventKey[]): Kept;
	/** The walk that had begun at this position cannot go on: the window is read again without one. */
	refused(kept: Kept | undefined, begun: Position, rejected?: PositionRejected): Kept;
	/** A walk may list events from this instant on, whatever its bounds: their ids stay known. */
	lowest(kept: Kept | undefined): Nanos | undefined;
}

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
	/** As people write it: "Arcus ERP". */
	readonly title: string;
	/** Absent: the provider is code. */
	readonly declaration?: Declaration;
	/** Value of `audit.source` and of `service.name`; prefix of ids and event names. */
	readonly label: string;
	/** What a source of this provider is told, its secrets too. */
	readonly settings: Readonly<Record<string, Setting>>;
	readonly defaults: {
		/** May hold `{name}` of a setting. */
		baseUrl: string;
		latenessMs: number;
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
	/** True for an event that reading the audit log itself causes (config `filter.dropReads`). */
	isSelfNoise(event: JsonObject): boolean;
}
