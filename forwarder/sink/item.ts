import type { Origin } from '../../otlp/logs';
import type { Nanos } from '../../providers/contract';
import type { Batch } from '../store/contract';

/** One record on its way, with what its dead letter would need. */
export interface Item {
	/** Encoded once: whatever request it travels in, and however often. */
	encoded: Uint8Array;
	origin: Origin;
	eventId: string;
	/** The event's JSON text as received; for a gap its own. */
	raw: string;
	/** When it was received. */
	observed: Nanos;
	/** Event time. Absent for gaps, which are never too old. */
	time?: Nanos;
	/** The time that the record tells, where it is not the event's. */
	restamped?: Nanos;
	/** Its part of an uncompressed request. */
	bytes: number;
}

/** The records of a batch, in its order. The same batch gives the same records in every attempt. */
export type Encode = (batch: Batch) => Item[];

export function encodeOnce(encode: Encode): Encode {
	const known = new WeakMap<Batch, Item[]>();
	return (batch) => {
		const items = known.get(batch) ?? encode(batch);
		known.set(batch, items);
		return items;
	};
}
