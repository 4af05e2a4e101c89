/** Which events a page holds, and where it ends. */
import { createHash } from 'node:crypto';
import type { Declaration } from '../../providers/declared/form/declaration';
import type { EventLog, StoredEvent } from '../eventLog';
import type { Micros } from '../time';
import { isInside, type Filters } from './bounds';
import type { Readings } from './readings';

export interface Place {
	filters: Filters;
	/** The last row that was given out: what comes after it is next, whatever was put in or taken out meanwhile. */
	after?: StoredEvent;
	/** Rows that were given out: what is put in before them moves the others. */
	offset?: number;
}

export interface Rows {
	rows: readonly StoredEvent[];
	/** Of the whole list. */
	total: number;
	isLast: boolean;
}

export function rowsAt(
	log: EventLog,
	now: number,
	{ filters, after, offset = 0 }: Place,
	size: number,
	{ bounds }: Declaration,
	readings: Readings,
): Rows {
	const order = comparing(readings.order);
	const byStorage = bounds.on === 'stored' && !(bounds.onBounded === 'event' && filters.to !== undefined);
	const all = log
		.visible(now)
		.filter((event) => isInside(filters, byStorage ? storedAt(event) : event.micros, bounds.format, readings))
		.sort(order);
	const rest = after ? all.filter((event) => order(event, after) > 0) : all.slice(offset);
	return { rows: rest.slice(0, size), total: all.length, isLast: rest.length <= size };
}

/** What was there from the beginning was stored when it happened. */
export function storedAt({ visibleAt, micros }: StoredEvent): Micros {
	return Number.isFinite(visibleAt) ? visibleAt * 1000 : micros;
}

function comparing(order: Readings['order']): (a: StoredEvent, b: StoredEvent) => number {
	switch (order) {
		case 'oldest':
			return (a, b) => a.micros - b.micros || a.seq - b.seq;
		case 'newest':
			return (a, b) => b.micros - a.micros || b.seq - a.seq;
		case 'arrival':
			return (a, b) => storedAt(a) - storedAt(b) || a.seq - b.seq;
		case 'newestArrival':
			return (a, b) => storedAt(b) - storedAt(a) || b.seq - a.seq;
		case 'shuffled':
			return (a, b) => (a.id === b.id ? 0 : drawn(a.id) < drawn(b.id) ? -1 : 1);
	}
}

const odd = new Map<string, string>();

/** The same odd order every time. */
function drawn(id: string): string {
	const known = odd.get(id);
	if (known !== undefined) return known;
	const digest = createHash('sha256').update(id).digest('hex');
	odd.set(id, digest);
	return digest;
}
