/** What the walk keeps between polls, and what it needs of whoever keeps it. */
import type { EventKey, InvalidEvent, Kept, Nanos, Position, Range, SourceEvent } from '../contract';

/** One complete paging over one range, in progress. */
export interface Walk {
	/** The window being read, then the ones that follow it, oldest first. They share their boundary instants. */
	windows: readonly [Range, ...Range[]];
	/** Absent: at the beginning of the window. */
	position?: Position;
	/** The position at which the source had this walk begin. */
	begun?: Position;
	/** When the walk began: by the provider's clock or by ours, whichever is behind; absent until its first answer. */
	startedAt?: Nanos;
	/** Time of the last but one event that was listed, when its page was in order: everything above it is safe (newest-first lists). */
	oldest?: Nanos;
	/** Everything newer in this window is safe already: requests ask only up to here. */
	below?: Nanos;
	/** Pages read since the window was begun or cut. */
	pages: number;
	/** Times the provider refused a position in the current window. */
	rejections: number;
	/** Elements asked for at a time; absent: the usual number of the source. */
	size?: number;
	/** The next element is too large to be held: what is too long in it is left out. */
	skim?: boolean;
}

export interface StreamState {
	/** Events before it are not collected. */
	start: Nanos;
	/** Every event from `start` up to here, within the promise, is safe. */
	watermark: Nanos;
	walk?: Walk;
	/** Of the source's memory. */
	kept?: Kept;
	/** A gap says already that the provider ignores its time filter. */
	filterIgnored?: boolean;
}

/** Something that could not be promised, as a record. */
export interface Gap {
	reason: 'collection_start' | 'retention' | 'chain_break' | 'state_lost' | 'skipped' | 'rejected' | 'filter_ignored';
	from?: Nanos;
	to?: Nanos;
	detail: string;
}

/** An element of a page. An event always has the same time; what is not an event has none, and is known by its id alone. */
export type Listed = Pick<EventKey, 'id'> & Partial<EventKey>;

/** One transaction. Absent fields stay as they are. */
export interface Change {
	/** Begins the stream. */
	start?: Nanos;
	watermark?: Nanos;
	/** `null` ends the walk. */
	walk?: Walk | null;
	kept?: Kept;
	/** Events to ship: into the outbox in the same transaction, which makes them safe. */
	fresh?: readonly SourceEvent[];
	/** When the fresh events were received. */
	observed?: Nanos;
	/** Ids that later pages must not ship again. */
	seen?: readonly EventKey[];
	/** Forget seen ids with an event time below this instant. */
	forgetBelow?: Nanos;
	/** Elements that are not events: kept as dead letters. */
	invalid?: readonly InvalidEvent[];
	gaps?: readonly Gap[];
	/** How the poll ended that this is the last commit of. */
	polled?: { error?: string };
}

/** State of one stream in one transactional store. */
export interface StreamStore {
	/** Undefined before the first commit with a `start`. */
	load(): Promise<StreamState | undefined>;
	/** The ids of those that were seen before, whatever the time they are listed with now. */
	seen(elements: readonly Listed[]): Promise<ReadonlySet<string>>;
	/** Events from here on are known, however long no walk has asked for them. Undefined: only what a walk can return is known. */
	rememberedFrom(): Promise<Nanos | undefined>;
	/** The newest seen events not after `time`, newest first. */
	settled(time: Nanos, count: number): Promise<EventKey[]>;
	/** Atomic and durable, or throws; then `load()` tells whether it took effect. */
	commit(change: Change): Promise<void>;
	/** Resolves when the outbox has room for another page (R11), or when `signal` aborts. */
	room(signal?: AbortSignal): Promise<void>;
}

export interface WalkOptions {
	/** Events may become visible this much after their own time. */
	lateness: Nanos;
	/** A window that needs more pages is cut. */
	maxPages: number;
	/** Ids stay known for this long below the watermark, beyond the source's reach (reconcile span). */
	keepSeen: Nanos;
	/** Events that are read but not shipped. */
	drop?: (event: SourceEvent) => boolean;
	/** Changes texts before they are stored, also those of elements that are not events. JSON has to stay JSON. */
	redact?: (text: string) => string;
}

export type { EventKey, Nanos };
