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
	texts: Uint8Array;
	gaps: string;
	retried: bigint;
}

export function openOutbox(shared: Shared, destination: string): Outbox {
	const { db, transaction, now, backlog, recent } = shared;
	const write = batchWriter(db);
	const pending = db.prepare('SELECT batch FROM deliveries WHERE destination = ? AND batch > ? ORDER BY batch LIMIT ?');
	const stored = db.prepare('SELECT id, stream, observed, events, texts, gaps, retried FROM batches WHERE id = ?');
	stored.setReadBigInts(true);
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

	function read(batch: number): Batch[] {
		const row = stored.get(batch) as Row | undefined;
		// given up by another command between the two queries
		if (!row) return [];
		const { id, stream, observed, events, texts, gaps, retried } = row;
		const content = { events: decodeEvents({ events, texts }), gaps: decodeState<Gap[]>(gaps) };
		return [{ id: Number(id), stream, observed, ...content, ...(retried === 1n && { retried: true }) }];
	}

	return {
		pending: async (after, limit) =>
			(pending.all(destination, after, limit) as { batch: number }[]).flatMap(
				({ batch }) => recent.get(batch) ?? read(batch),
			),
		acknowledge: async (batches, shipped, deadLetters = []) => {
			const { stream } = batches[0]!;
			const gap = rejection(deadLetters, destination);
			// one for all of them: it is what doubtful letters belong together by
			const at = now();
			const freed = transaction(() => {
				for (const { id } of batches) done.run(destination, id);
				for (const { eventId, raw, time = null, observed, reason, detail } of deadLetters) {
					addDeadLetter.run(stream, destination, eventId, raw, time, observed, reason, detail, at);
				}
				count.run(stream, destination, shipped);
				if (gap) {
					write.noteGap(stream, gap, at);
					write.add({ stream, destinations: [destination], events: [], gaps: [gap], observed: at });
				}
				return batches.flatMap(({ id }) => {
					const row = remove.get(id);
					return row ? [{ id, size: Number(row['size']) }] : [];
				});
			});
			for (const { id, size } of freed) {
				recent.delete(id);
				backlog.size -= size;
			}
			if (gap) shared.batchAdded();
			if (backlog.size >= backlog.limit) return;
			for (const resume of [...backlog.waiting]) resume();
		},
	};
}
