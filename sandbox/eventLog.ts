/** The events of one simulated provider: own time, visibility, deletion and retention. */
import type { Micros } from './time';

export interface StoredEvent {
	readonly id: string;
	/** The event's own time, which may lie in the past or future of its arrival. */
	readonly micros: Micros;
	/** JSON text as it goes out. */
	readonly raw: string;
	/** Clock milliseconds from which on the API shows it. */
	readonly visibleAt: number;
	/** Arrival order; breaks ties of equal times and orders a hash chain. */
	readonly seq: number;
	/** Somebody changed the text after it was stored. */
	readonly altered?: boolean;
}

export interface NewEvent {
	readonly id: string;
	readonly micros: Micros;
	readonly raw: string;
	readonly visibleAt?: number;
}

export interface EventLog {
	/** Older than this (by own time, against now) is no longer listed. May be changed at any time. */
	retentionMs: number;
	add(event: NewEvent): StoredEvent;
	/** Deletes for good, e.g. the event under a cursor. */
	remove(id: string): boolean;
	/** Exchanges the text of a stored event, as somebody with access to the database could. */
	tamper(id: string, raw: string): void;
	/** What a client could list at `now`, by (own time, arrival). */
	visible(now: number): readonly StoredEvent[];
	get(id: string, now: number): StoredEvent | undefined;
	/** Everything ever added and not removed, seen or not: the truth that tests compare against. */
	all(): readonly StoredEvent[];
	/** Added last, even if removed since: what the next link of a chain points to. */
	latest(): StoredEvent | undefined;
	/** The object inside the text, parsed once. */
	parsed(event: StoredEvent): Record<string, unknown>;
}

export function eventLog(initial: readonly NewEvent[] = [], retentionMs = Number.POSITIVE_INFINITY): EventLog {
	const sorted: StoredEvent[] = [];
	const byId = new Map<string, StoredEvent>();
	const objects = new WeakMap<StoredEvent, Record<string, unknown>>();
	let seq = 0;
	let latest: StoredEvent | undefined;
	let latestVisibleAt = Number.NEGATIVE_INFINITY;

	const log: EventLog = {
		retentionMs,
		add(event) {
			if (byId.has(event.id)) throw new Error(`event ${event.id} exists`);
			const stored: StoredEvent = { visibleAt: Number.NEGATIVE_INFINITY, ...event, seq: seq++ };
			sorted.splice(firstAfter(sorted, stored), 0, stored);
			byId.set(stored.id, stored);
			latest = stored;
			latestVisibleAt = Math.max(latestVisibleAt, stored.visibleAt);
			return stored;
		},
		remove(id) {
			const stored = byId.get(id);
			if (!stored) return false;
			byId.delete(id);
			sorted.splice(sorted.indexOf(stored), 1);
			return true;
		},
		tamper(id, raw) {
			const stored = byId.get(id);
			if (!stored) throw new Error(`no event ${id}`);
			const next = { ...stored, raw, altered: true };
			byId.set(id, next);
			sorted[sorted.indexOf(stored)] = next;
		},
		visible(now) {
			// the common case costs nothing, so that large property tests and benchmarks stay quick
			if (latestVisibleAt <= now && log.retentionMs === Number.POSITIVE_INFINITY) return [...sorted];
			return sorted.filter((event) => isVisible(event, now));
		},
		get(id, now) {
			const stored = byId.get(id);
			return stored && isVisible(stored, now) ? stored : undefined;
		},
		all: () => [...sorted],
		latest: () => latest,
		parsed(event) {
			let object = objects.get(event);
			if (!object) objects.set(event, (object = JSON.parse(event.raw) as Record<string, unknown>));
			return object;
		},
	};
	const isVisible = (event: StoredEvent, now: number) =>
		event.visibleAt <= now && event.micros >= (now - log.retentionMs) * 1000;
	for (const event of initial) log.add(event);
	return log;
}

/** Where in a list ordered by (time, arrival) the events after `position` begin. */
function firstAfter(sorted: readonly StoredEvent[], position: { micros: Micros; seq: number }): number {
	let low = 0;
	let high = sorted.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		const event = sorted[middle]!;
		if (event.micros < position.micros || (event.micros === position.micros && event.seq <= position.seq))
			low = middle + 1;
		else high = middle;
	}
	return low;
}
