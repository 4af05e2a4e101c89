import type { Origin } from '../../core/otlp/logs';
import type { Nanos } from '../../core/contract';
import type { Batch } from '../store/contract';

/** One record on its way, with what its dead letter would need. */
export interface Item {
	/** Encoded once: whatever request it travels in, and however often. */
	encoded: Uint8Array;
	origin: Origin;
	eventId: string;
	/** The event's JSON text as received; for a gap its own. */
	raw: string;
	/** As of the event. */
	isReplaced?: true;
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

/** For several destinations that are sent the same: what one has encoded lies with the batch for the others. */
export function encodeOnce(encode: Encode): Encode {
	// no WeakMap: an old one keeps all that it holds alive until V8 collects old garbage, batch by batch half a megabyte
	const encoded = Symbol('encoded');
	return (batch: Batch & { [encoded]?: Item[] }) => (batch[encoded] ??= encode(batch));
}
