/**
 * The seams of the core: what a source is given, and what it gives.
 * Nothing in `providers/` or `core/walk/` touches timers, the process or Node built-ins; they are passed in through these types.
 */
import type { PositionRejected } from './http/failure';
import type { Element } from './json/parse';

/** Nanoseconds since the Unix epoch. A `Date` would cut microseconds. */
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

/** Reads one stream page by page. Written for the walk in `core/walk/`. */
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
