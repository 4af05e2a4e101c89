/** Adds batches to the outbox; to be called inside a transaction. */
import { encode, gapsForm } from '../../../core/walk/codec';
import type { Gap } from '../../../core/walk/contract';
import type { Nanos, SourceEvent } from '../../../core/contract';
import { encodeEvents } from '../codec';
import { recordsIn } from '../contract';
import { sumsOf } from './sums';
import { perDatabase, prepared } from './prepared';
import { type Verified, verifiedForm } from '../verified';

export interface NewBatch {
	stream: string;
	destinations: readonly string[];
	observed: Nanos;
	events: readonly Omit<SourceEvent, 'json'>[];
	gaps: readonly Gap[];
	verified?: Verified;
}

export interface Written {
	id: number;
	/** What it counts towards the limit of the outbox. */
	size: number;
}

export interface BatchWriter {
	add(batch: NewBatch): Written;
	/** Dead letters on their way again. Counts as nothing: a running process frees only what it has counted itself. */
	addRetried(batch: NewBatch): void;
	/** Keeps the gap for `status` as well; it is shipped with the batch that holds it. */
	noteGap(stream: string, gap: Gap, at: Nanos): void;
}

/** Of event times. */
function spanOf(events: NewBatch['events']): { first: Nanos | null; last: Nanos | null } {
	let first: Nanos | null = null;
	let last: Nanos | null = null;
	for (const { time } of events) {
		if (first === null || time < first) first = time;
		if (last === null || time > last) last = time;
	}
	return { first, last };
}

export const batchWriter = perDatabase((db): BatchWriter => {
	const addBatch = prepared(
		db,
		`INSERT INTO batches (stream, observed, events, texts, size, gaps, verified, retried, first, last, destinations, list_sum, text_sum)
		 VALUES (:stream, :observed, :events, :texts, :size, :gaps, :verified, :retried, :first, :last, :destinations, :list_sum, :text_sum)`,
	);
	const addDelivery = prepared(db, 'INSERT INTO deliveries (destination, batch, records) VALUES (?, ?, ?)');
	const addGap = prepared(db, 'INSERT INTO gaps (stream, reason, "from", "to", detail, at) VALUES (?, ?, ?, ?, ?, ?)');

	function write({ stream, destinations, observed, events, gaps, verified }: NewBatch, retried: boolean): Written {
		const { events: heads, texts, ...encoded } = encodeEvents(events);
		const records = recordsIn({ events, gaps, verified });
		const size = retried ? 0 : encoded.size;
		const row = {
			...{ stream, observed, retried: Number(retried), gaps: encode(gapsForm, gaps), events: heads },
			verified: verified ? encode(verifiedForm, verified) : null,
			...{ size, ...spanOf(events), destinations: JSON.stringify(destinations), texts },
		};
		const { lastInsertRowid } = addBatch.run({ ...row, ...sumsOf('batches', row) });
		for (const destination of destinations) addDelivery.run(destination, lastInsertRowid, records);
		return { id: Number(lastInsertRowid), size };
	}

	return {
		add: (batch) => write(batch, false),
		addRetried: (batch) => void write(batch, true),
		noteGap: (stream, { reason, from, to, detail }, at) =>
			void addGap.run(stream, reason, from ?? null, to ?? null, detail, at),
	};
});
