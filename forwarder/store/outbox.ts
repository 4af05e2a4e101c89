/** The batches that one destination has not acknowledged yet. */
import type { Gap } from '../../polling/contract';
import { batchWriter } from './batches';
import { decodeEvents, decodeState } from './codec';
import type { Batch, Outbox } from './contract';
import { rejection } from './rejection';
import type { Shared } from './shared';

interface Row {
	id: bigint;
	stream: string;
	observed: bigint;
	events: string;
	texts: string;
	gaps: string;
	retried: bigint;
}

export function openOutbox(shared: Shared, destination: string): Outbox {
	const { db, transaction, now, backlog } = shared;
	const write = batchWriter(db);
	const pending = db.prepare(
		`SELECT b.id, b.stream, b.observed, b.events, b.texts, b.gaps, b.retried FROM deliveries d JOIN batches b ON b.id = d.batch
		 WHERE d.destination = ? AND d.batch > ? ORDER BY d.batch LIMIT ?`,
	);
	pending.setReadBigInts(true);
	const done = db.prepare('DELETE FROM deliveries WHERE destination = ? AND batch = ?');
	const remove = db.prepare(
		'DELETE FROM batches WHERE id = ? AND NOT EXISTS (SELECT 1 FROM deliveries WHERE batch = id) RETURNING size',
	);
	const count = db.prepare(
		`INSERT INTO shipped (stream, destination, records) VALUES (?, ?, ?)
		 ON CONFLICT DO UPDATE SET records = records + excluded.records`,
	);
	const addDeadLetter = db.prepare(
		`INSERT OR IGNORE INTO dead_letters (stream, destination, event_id, raw, time, observed, reason, detail, at)
		 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
	);

	return {
		pending: async (after, limit) =>
			(pending.all(destination, after, limit) as unknown as Row[]).map(
				({ id, stream, observed, events, texts, gaps, retried }): Batch => ({
					id: Number(id),
					stream,
					observed,
					events: decodeEvents({ events, texts }),
					gaps: decodeState<Gap[]>(gaps),
					...(retried === 1n && { retried: true }),
				}),
			),
		acknowledge: async (batches, shipped, deadLetters = []) => {
			const { stream } = batches[0]!;
			const gap = rejection(deadLetters, destination);
			const freed = transaction(() => {
				for (const { id } of batches) done.run(destination, id);
				for (const { eventId, raw, time = null, observed, reason, detail } of deadLetters) {
					addDeadLetter.run(stream, destination, eventId, raw, time, observed, reason, detail, now());
				}
				count.run(stream, destination, shipped);
				if (gap) {
					write.noteGap(stream, gap, now());
					write.add({ stream, destinations: [destination], events: [], gaps: [gap], observed: now() });
				}
				return batches.reduce((size, { id }) => size + Number(remove.get(id)?.['size'] ?? 0), 0);
			});
			backlog.size -= freed;
			if (gap) shared.batchAdded();
			if (backlog.size >= backlog.limit) return;
			for (const resume of [...backlog.waiting]) resume();
		},
	};
}
