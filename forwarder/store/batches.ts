/** Adds batches to the outbox; to be called inside a transaction. */
import type { DatabaseSync } from 'node:sqlite';
import type { Gap } from '../../polling/contract';
import type { Nanos, SourceEvent } from '../../providers/contract';
import { encodeEvents, encodeState } from './codec';

export interface NewBatch {
	stream: string;
	destinations: readonly string[];
	observed: Nanos;
	events: readonly Omit<SourceEvent, 'json'>[];
	gaps: readonly Gap[];
}

export interface BatchWriter {
	/** Returns its size: what it counts towards the limit of the outbox. */
	add(batch: NewBatch): number;
	/** Counts as nothing: a running process frees only what it has counted itself. */
	addUncounted(batch: NewBatch): void;
	/** Keeps the gap for `status` as well; it is shipped with the batch that holds it. */
	noteGap(stream: string, gap: Gap, at: Nanos): void;
}

export function batchWriter(db: DatabaseSync): BatchWriter {
	const addBatch = db.prepare(
		'INSERT INTO batches (stream, observed, events, texts, size, gaps) VALUES (?, ?, ?, ?, ?, ?)',
	);
	const addDelivery = db.prepare('INSERT INTO deliveries (destination, batch) VALUES (?, ?)');
	const addGap = db.prepare('INSERT INTO gaps (stream, reason, "from", "to", detail, at) VALUES (?, ?, ?, ?, ?, ?)');

	function write({ stream, destinations, observed, events, gaps }: NewBatch, counted: boolean): number {
		const encoded = encodeEvents(events);
		const size = counted ? encoded.texts.length : 0;
		const { events: heads, texts } = encoded;
		const { lastInsertRowid } = addBatch.run(stream, observed, heads, texts, size, encodeState(gaps));
		for (const destination of destinations) addDelivery.run(destination, lastInsertRowid);
		return size;
	}

	return {
		add: (batch) => write(batch, true),
		addUncounted: (batch) => void write(batch, false),
		noteGap: (stream, { reason, from, to, detail }, at) =>
			void addGap.run(stream, reason, from ?? null, to ?? null, detail, at),
	};
}
