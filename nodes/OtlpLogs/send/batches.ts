/** Cuts a list into batches that receivers take. */
import type { Entry } from '../encode/model';

/** Below the limits of all known receivers, before compression. */
const MAX_BYTES = 900_000;

/** At most `size` entries and about 900 kB each; a larger entry has a batch of its own. */
export function batches<T extends { entry: Entry }>(items: readonly T[], size: number): T[][] {
	const all: T[][] = [];
	let bytes = Number.POSITIVE_INFINITY;
	for (const item of items) {
		const more = bytesOf(item.entry);
		const last = all.at(-1);
		if (!last || last.length >= size || bytes + more > MAX_BYTES) {
			all.push([item]);
			bytes = more;
		} else {
			last.push(item);
			bytes += more;
		}
	}
	return all;
}

function bytesOf({ record }: Entry): number {
	return Buffer.byteLength(record.body) + Buffer.byteLength(JSON.stringify(record.attributes)) + 100;
}
