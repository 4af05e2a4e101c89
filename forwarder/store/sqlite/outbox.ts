/** The batches that one destination has not acknowledged yet. */
import { decode, gapsForm } from '../../../core/walk/codec';
import { batchWriter } from './batches';
import { decodeEvents } from '../codec';
import type { Batch, Outbox } from '../contract';
import { BATCH_COLUMNS, isWhole, putAside, restore, type BatchRow } from './damage';
import { REMOVE } from './deliveries';
import { letterWriter } from './letters';
import { rejection } from '../rejection';
import { resumeIfRoom } from '../room';
import type { Shared } from './shared';
import { verifiedForm } from '../verified';

export function openOutbox(shared: Shared, destination: string): Outbox {
	const { db, transaction, now, backlog, recent } = shared;
	const write = batchWriter(db);
	const pending = db.prepare('SELECT batch FROM deliveries WHERE destination = ? AND batch > ? ORDER BY batch LIMIT ?');
	const stored = db.prepare(`SELECT ${BATCH_COLUMNS} FROM batches WHERE id = ?`);
	stored.setReadBigInts(true);
	const done = db.prepare('DELETE FROM deliveries WHERE destination = ? AND batch = ?');
	const remove = db.prepare(REMOVE);
	const count = db.prepare(
		`INSERT INTO shipped (stream, destination, records) VALUES (?, ?, ?)
		 ON CONFLICT DO UPDATE SET records = records + excluded.records`,
	);
	const addDeadLetter = letterWriter(db);

	/** Undefined when it cannot be shipped, and waits no more. */
	function read(batch: number): Batch | undefined {
		const row = stored.get(batch) as BatchRow | undefined;
		if (!row) return void restore(shared);
		if (!isWhole(row)) return void putAside(shared, row);
		const { id, stream, observed, events, texts, gaps, verified, retried } = row;
		const content = { events: decodeEvents({ events, texts }), gaps: decode(gapsForm, gaps) };
		return {
			...{ id: Number(id), stream, observed, ...content },
			...(verified !== null && { verified: decode(verifiedForm, verified) }),
			...(retried === 1n && { retried: true }),
		};
	}

	return {
		pending: async (after, limit) => {
			resumeIfRoom(backlog);
			for (;;) {
				const ids = (pending.all(destination, after, limit) as { batch: number }[]).map(({ batch }) => batch);
				const batches = ids.flatMap((batch) => recent.get(batch) ?? read(batch) ?? []);
				if (batches.length > 0 || ids.length === 0) return batches;
			}
		},
		acknowledge: async (batches, shipped, deadLetters = []) => {
			const { stream } = batches[0]!;
			const gap = rejection(deadLetters, destination);
			// one for all of them: it is what doubtful letters belong together by
			const at = now();
			const freed = transaction(() => {
				for (const letter of deadLetters) addDeadLetter({ ...letter, stream, destination }, at);
				const waited = batches.filter(({ id }) => done.run(destination, id).changes > 0);
				// told before: it took effect, although somebody was told that it had failed
				if (waited.length === 0) return [];
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
			resumeIfRoom(backlog);
		},
	};
}
