/** The row of one stream: its position, read and written only with its checksums. */
import type { Nanos } from '../../../core/contract';
import { SECOND } from '../../../core/time';
import { damagedParts, summedColumns, sumsOf, type Row } from './sums';
import { perDatabase, prepared } from './prepared';

export interface StreamRow extends Row {
	name: string;
	fingerprint: string;
	settings: string | null;
	start: Nanos | null;
	watermark: Nanos | null;
	/** A former watermark, to go back to. */
	settled: Nanos | null;
	walk: string | null;
	kept: string | null;
	covered: string;
}

/** How the last poll ended, for `status`. To be used inside a transaction. */
export const pollWriter = perDatabase((db): ((stream: string, at: Nanos, error?: string) => void) => {
	const success = prepared(db, 'UPDATE streams SET last_success = ? WHERE name = ?');
	const failure = prepared(db, 'UPDATE streams SET last_error = ?, last_error_at = ? WHERE name = ?');
	return (stream, at, error) => {
		if (error === undefined) success.run(at, stream);
		else failure.run(error, at, stream);
	};
});

/** The disk has altered it; whoever loads it next mends it. */
export class DamagedPosition extends Error {
	override name = 'DamagedPosition';
}

/** How far `settled` stays behind: seldom written, and little to read again. */
const HOUR = 3_600n * SECOND;

const COLUMNS = summedColumns('streams');

export const streamRows = perDatabase((db) => {
	const select = prepared(db, `SELECT ${COLUMNS.join(', ')} FROM streams WHERE name = ?`);
	select.setReadBigInts(true);
	const update = prepared(
		db,
		`UPDATE streams SET ${COLUMNS.map((column) => `${column} = ?`).join(', ')} WHERE name = ?`,
	);
	const read = (name: string) => select.get(name) as StreamRow | undefined;

	/** Whatever was there. */
	function replace(name: string, row: StreamRow): void {
		const full: Row = { ...row, ...sumsOf('streams', row) };
		update.run(...COLUMNS.map((column) => full[column.replaceAll('"', '')] ?? null), name);
	}

	return {
		read,
		replace,
		/** To be used inside a transaction. Throws `DamagedPosition`: a sum over what is damaged would make it look whole. */
		change(name: string, columns: Partial<StreamRow>): void {
			const row = read(name);
			if (!row) return;
			if (damagedParts('streams', row).length > 0)
				throw new DamagedPosition(`the stored position of ${name} is damaged`);
			const changed = { ...row, ...columns };
			const { settled, watermark } = changed;
			const isOld = watermark !== null && (settled === null || watermark < settled || watermark - settled >= HOUR);
			replace(name, isOld ? { ...changed, settled: watermark } : changed);
		},
	};
});

/**
 * A damaged row, as far as the rest of it goes: back to a watermark that is safe, or to the oldest event that the ledger knows
 * when nothing of the row can be believed.
 */
export function mended(
	row: StreamRow,
	{ fingerprint, settings = null, oldest }: { fingerprint: string; settings?: string | null; oldest: Nanos | null },
): StreamRow {
	const damaged = damagedParts('streams', row);
	const origin = damaged.includes('origin_sum')
		? {
				fingerprint,
				settings,
				covered: '[]',
				start: earlier(damaged.includes('position_sum') ? null : row.watermark, oldest),
			}
		: {};
	const result = { ...row, ...origin };
	if (damaged.includes('position_sum')) {
		const watermark = damaged.includes('origin_sum') ? result.start : row.settled;
		Object.assign(result, { watermark, walk: null, kept: null });
	}
	return { ...result, settled: result.watermark };
}

const earlier = (a: Nanos | null, b: Nanos | null): Nanos | null => (a === null ? b : b === null ? a : a < b ? a : b);
