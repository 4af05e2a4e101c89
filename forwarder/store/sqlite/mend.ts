/** What is done about positions that the disk has altered: they go back to where reading was safe, and a gap record says so. */
import type { Gap } from '../../../core/walk/contract';
import type { Nanos } from '../../../core/contract';
import { formatInstant } from '../../../core/time';
import { batchWriter } from './batches';
import type { Shared } from './shared';
import type { StreamIdentity } from '../contract';
import { DamagedPosition, mended, streamRows, type StreamRow } from './streamRow';
import { damagedParts, sumsOf, summedColumns, type Row } from './sums';
import { prepared } from './prepared';

/** Says it, if anybody can be told: nobody knows who gets the records of a stream that has no destinations left. */
export function tell(shared: Shared, stream: string, gap: Gap, destinations: readonly string[]): void {
	const batches = batchWriter(shared.db);
	const now = shared.now();
	batches.noteGap(stream, gap, now);
	if (destinations.length > 0) batches.add({ stream, destinations, observed: now, events: [], gaps: [gap] });
}

/** To be called before the row is used. */
export function mendStream(shared: Shared, identity: StreamIdentity): void {
	const { db, transaction } = shared;
	const { name, fingerprint, settings, destinations } = identity;
	const streams = streamRows(db);
	const row = streams.read(name);
	if (row ? damagedParts('streams', row).length === 0 : !renamed(shared, name)) return;
	if (!row) return mendStream(shared, identity);
	const oldestOf = prepared(db, 'SELECT min(time) AS time FROM ledger WHERE stream = ?');
	oldestOf.setReadBigInts(true);
	transaction(() => {
		const oldest = (oldestOf.get(name)?.['time'] ?? null) as Nanos | null;
		const next = mended(row, { fingerprint, settings: settings ?? null, oldest });
		streams.replace(name, next);
		tell(shared, name, lostPosition(next), destinations);
	});
	shared.batchAdded();
}

function lostPosition({ watermark }: StreamRow): Gap {
	const from = watermark === null ? 'its configured start' : formatInstant(watermark);
	return {
		reason: 'state_lost',
		...(watermark !== null && { from: watermark }),
		detail: `the stored position was damaged on disk; read again from ${from}, events may repeat`,
	};
}

/** A damaged name hides a position: with the right one its sum is right. */
function renamed({ db, transaction }: Shared, name: string): boolean {
	const all = prepared(db, `SELECT ${summedColumns('streams').join(', ')} FROM streams`);
	all.setReadBigInts(true);
	const found = (all.all() as StreamRow[]).find(
		(row) => damagedParts('streams', row).length > 0 && damagedParts('streams', { ...row, name }).length === 0,
	);
	if (!found) return false;
	transaction(() => prepared(db, 'UPDATE streams SET name = ? WHERE name = ?').run(name, found.name));
	return true;
}

/** The unfinished job of a stream. A damaged one is ended: nobody knows any more what was asked for. */
export function mendJob(shared: Shared, name: string, destinations: readonly string[]): void {
	const { db, transaction, now } = shared;
	const row = openJob(shared, name).read();
	if (!row || damagedParts('backfills', row).length === 0) return;
	transaction(() => {
		prepared(db, 'UPDATE backfills SET ended = ?, cancelled = 1 WHERE stream = ? AND ended IS NULL').run(now(), name);
		const detail = `the position of a back-fill was damaged on disk, and it was ended; ask for it again: audit-relay backfill ${name}`;
		tell(shared, name, { reason: 'state_lost', detail }, destinations);
	});
	shared.batchAdded();
}

export function openJob({ db }: Pick<Shared, 'db'>, name: string) {
	const columns = summedColumns('backfills').join(', ');
	const select = prepared(db, `SELECT ${columns} FROM backfills WHERE stream = ? AND ended IS NULL`);
	select.setReadBigInts(true);
	const seal = prepared(db, 'UPDATE backfills SET sum = ? WHERE stream = ? AND ended IS NULL');
	const read = () => select.get(name) as Row | undefined;
	return {
		read,
		/** Before every change. Throws `DamagedPosition`. */
		check(): void {
			const row = read();
			if (row && damagedParts('backfills', row).length > 0)
				throw new DamagedPosition(`the position of the back-fill of ${name} is damaged`);
		},
		/** After every change, in its transaction. */
		seal(): void {
			const row = read();
			if (row) seal.run(sumsOf('backfills', row).sum, name);
		},
	};
}
