/** How batches and positions are written: state as JSON, event texts as they are, side by side and compressed. */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Gap, Walk } from '../../core/walk/contract';
import type { Interval } from '../../core/walk/intervals';
import type { EventKey, JsonObject, Kept, SourceEvent } from '../../core/contract';
import type { Verified } from './verified';

export interface EncodedEvents {
	/** JSON: id, time and length in bytes of each event, and a 1 when its text lacks bytes that were received. */
	events: string;
	/** The texts, one after the other, as zstd of their UTF-8. */
	texts: Uint8Array;
	/** Bytes of all texts. */
	size: number;
}

/** A tenth is left of a page of audit JSON, in less time than it takes to write all of it to disk. */
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Texts are written one by one: joined, one letter beyond Latin-1 would make all of it two bytes wide. */
export function encodeEvents(events: readonly Omit<SourceEvent, 'json'>[]): EncodedEvents {
	const texts = Buffer.allocUnsafe(events.reduce((sum, { raw }) => sum + Buffer.byteLength(raw), 0));
	let size = 0;
	const heads = events.map(({ id, time, raw, isReplaced }) => {
		const length = texts.write(raw, size);
		size += length;
		return isReplaced ? [id, String(time), length, 1] : [id, String(time), length];
	});
	return { events: JSON.stringify(heads), texts: zstdCompressSync(texts.subarray(0, size), FAST), size };
}

export function decodeEvents({ events, texts }: Omit<EncodedEvents, 'size'>): SourceEvent[] {
	const all = zstdDecompressSync(texts);
	let at = 0;
	return (JSON.parse(events) as [string, string, number, 1?][]).map(([id, time, length, replaced]) => {
		const raw = all.toString('utf8', at, (at += length));
		const event = { id, time: BigInt(time), raw, json: JSON.parse(raw) as JsonObject };
		return replaced ? { ...event, isReplaced: true } : event;
	});
}

/** A bigint, or a text that looks like one: each `~` before it says that it is a text. Ids and cursors may be any text. */
const BIGINT = /^(~*)(-?\d+)n$/;

/** What columns hold as JSON. */
type State = Walk | Kept | readonly EventKey[] | readonly Gap[] | readonly Interval[] | Verified;

/** Bigints become `"123n"`. */
export function encodeState(value: State): string {
	return JSON.stringify(value, (_key, part: unknown) => {
		if (typeof part === 'bigint') return `${part}n`;
		return typeof part === 'string' && BIGINT.test(part) ? `~${part}` : part;
	});
}

/** Of a row that nobody has mended yet, for whoever only looks. */
export function decodeStateOr<T extends State>(text: unknown, otherwise: T): T {
	try {
		return decodeState<T>(text as string);
	} catch {
		return otherwise;
	}
}

export function decodeState<T extends State>(text: string): T {
	return JSON.parse(text, (_key, part: unknown) => {
		const [, marks, digits] = (typeof part === 'string' && BIGINT.exec(part)) || [];
		if (digits === undefined) return part;
		return marks ? (part as string).slice(1) : BigInt(digits);
	}) as T;
}
