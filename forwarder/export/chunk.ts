import type { Item } from '../records/item';

/** What one request may hold at most. */
export interface RequestLimits {
	records: number;
	/** Uncompressed. A single record above it still goes alone: whether it fits is for the receiver to say. */
	bytes: number;
}

/** Fits every receiver we know. */
export const DEFAULT_LIMITS: Readonly<RequestLimits> = { records: 512, bytes: 900_000 };

/** Cuts items into requests, keeping their order. */
export function chunk(items: readonly Item[], limits: RequestLimits): Item[][] {
	const chunks: Item[][] = [];
	let bytes = 0;
	for (const item of items) {
		const current = chunks.at(-1);
		if (current && current.length < limits.records && bytes + item.bytes <= limits.bytes) {
			current.push(item);
			bytes += item.bytes;
		} else {
			chunks.push([item]);
			bytes = item.bytes;
		}
	}
	return chunks;
}
