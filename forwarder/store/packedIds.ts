/**
 * The ids of one commit, packed: a row for each id would cost three times the log of the database, and three times its work. Times and
 * hashes stand apart, because whoever looks for an id at whatever time needs the hashes alone.
 */
import type { EventKey, Nanos } from '../../core/contract';
import { isEventId } from '../../core/walk/sift';
import { hashOf, type IdHash } from './idFilter';

const BYTES = 8;

export interface Packed {
	/** Of the times; absent when none of the ids is that of an event. */
	low?: Nanos;
	high?: Nanos;
	n: number;
	/** How many of them, the last ones, were left out by configuration. */
	dropped: number;
	times: Uint8Array;
	hashes: Uint8Array;
	/** Hashes of the names of elements that are not events. */
	others: Uint8Array;
}

export interface Entry extends IdHash {
	time: Nanos;
	dropped: boolean;
}

/** Under its first-seen name (`sift.ts`) an event has its own id here: ids are kept by when they were stored anyway. */
const FIRST_SEEN = '??';
const nameOf = (id: string) => (id.startsWith(FIRST_SEEN) ? id.slice(FIRST_SEEN.length) : id);

export const hashOfName = (id: string): IdHash => hashOf(nameOf(id));

/** What a change adds. What is seen and neither shipped nor unreadable was dropped by configuration: never to be taken for lost. */
export function entriesOf(
	fresh: readonly EventKey[],
	seen: readonly EventKey[],
	hashOf: (id: string) => IdHash,
): { events: Entry[]; others: IdHash[] } {
	const shipped = new Set(fresh.map(({ id }) => id));
	const isDropped = ({ id }: EventKey) => isEventId(id) && !shipped.has(id);
	const entry =
		(dropped: boolean) =>
		({ id, time }: EventKey): Entry => ({ ...hashOf(id), time, dropped });
	const events = [...fresh.map(entry(false)), ...seen.filter(isDropped).map(entry(true))];
	const named = new Set(events.map(({ short }) => short));
	const others = seen.filter(({ id }) => !isEventId(id)).map(({ id }) => hashOf(id));
	return { events, others: others.filter(({ short }) => !named.has(short)) };
}

/** Dropped ones last. */
export function packed(events: readonly Entry[], others: readonly IdHash[] = []): Packed {
	const times = Buffer.alloc(events.length * BYTES);
	const hashes = Buffer.alloc(events.length * BYTES);
	let low: Nanos | undefined;
	let high: Nanos | undefined;
	events.forEach(({ time, short }, index) => {
		times.writeBigInt64BE(time, index * BYTES);
		hashes.writeBigInt64BE(short, index * BYTES);
		if (low === undefined || time < low) low = time;
		if (high === undefined || time > high) high = time;
	});
	return {
		...(low !== undefined && { low, high }),
		n: events.length,
		dropped: events.filter(({ dropped }) => dropped).length,
		...{ times, hashes, others: packedHashes(others) },
	};
}

export function packedHashes(hashes: readonly IdHash[]): Uint8Array {
	const bytes = Buffer.alloc(hashes.length * BYTES);
	hashes.forEach(({ short }, index) => bytes.writeBigInt64BE(short, index * BYTES));
	return bytes;
}

export function unpacked({ dropped, times, hashes }: Pick<Packed, 'dropped' | 'times' | 'hashes'>): Entry[] {
	const at = viewOf(times);
	const n = hashes.byteLength / BYTES;
	return hashesIn(hashes).map((hash, index) => ({
		...hash,
		time: at.getBigInt64(index * BYTES),
		dropped: index >= n - dropped,
	}));
}

export function hashesIn(bytes: Uint8Array): IdHash[] {
	const view = viewOf(bytes);
	return Array.from({ length: bytes.byteLength / BYTES }, (_, index) => ({
		short: view.getBigInt64(index * BYTES),
		high: view.getUint32(index * BYTES),
		low: view.getUint32(index * BYTES + BYTES / 2),
	}));
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array) => new DataView(buffer, byteOffset, byteLength);
