/** How the events of a batch are written: texts as they are, side by side and compressed. The state of a walk: `core/walk/codec.ts`. */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { JsonObject, SourceEvent } from '../../core/contract';

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
