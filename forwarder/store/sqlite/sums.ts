/**
 * Checksums of stored rows: what a disk has altered is neither shipped nor believed. Each row has two, of two parts that stand in
 * for each other: when one part is damaged, the other still says which events were in it, or when, or how far reading was safe.
 */
import type { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { decode, gapsForm, intervalsForm, keptForm, walkForm } from '../../../core/walk/codec';
import { decodeEvents, type EncodedEvents } from '../codec';
import { verifiedForm } from '../verified';

type Value = string | bigint | number | Uint8Array | null | undefined;
export type Row = Record<string, Value>;

/** Columns by part: the column that holds the sum, and what it is of. */
export const PARTS = {
	streams: {
		/** What seldom changes. `settled`: a watermark of the past, at most an hour behind the one that is used. */
		origin_sum: ['name', 'fingerprint', 'settings', 'start', 'covered', 'settled'],
		position_sum: ['watermark', 'walk', 'kept'],
	},
	backfills: { sum: ['stream', 'from', 'to', 'done', 'width', 'walk'] },
	batches: {
		list_sum: ['stream', 'observed', 'retried', 'gaps', 'verified', 'events'],
		text_sum: ['size', 'first', 'last', 'destinations', 'texts'],
	},
	dead_letters: {
		sum: ['stream', 'destination', 'event_id', 'raw', 'replaced', 'time', 'observed', 'reason', 'detail', 'at'],
	},
} as const satisfies Record<string, Record<string, readonly string[]>>;

export type Summed = keyof typeof PARTS;
type SumsOf<T extends Summed> = { [sum in keyof (typeof PARTS)[T]]: number };

const partsOf = (table: Summed) => Object.entries(PARTS[table] as Record<string, readonly string[]>);

/** To be stored with the row. */
export function sumsOf<T extends Summed>(table: T, row: Row): SumsOf<T> {
	return Object.fromEntries(partsOf(table).map(([sum, columns]) => [sum, of(row, columns)])) as SumsOf<T>;
}

/** The parts whose sum is not that of what is stored now. */
export function damagedParts<T extends Summed>(table: T, row: Row): (keyof SumsOf<T>)[] {
	return partsOf(table)
		.filter(
			([sum, columns]) =>
				(typeof row[sum] !== 'number' && typeof row[sum] !== 'bigint') || Number(row[sum]) !== of(row, columns),
		)
		.map(([sum]) => sum as keyof SumsOf<T>);
}

/** All columns that are needed to look at a row, in SQL's spelling. */
export function summedColumns(table: Summed): string[] {
	return partsOf(table)
		.flatMap(([sum, columns]) => [sum, ...columns])
		.map((column) => `"${column}"`);
}

function of(row: Row, columns: readonly string[]): number {
	return columns.reduce((sum, column) => {
		const value = row[column];
		const bytes = typeof value === 'string' || value instanceof Uint8Array ? value : String(value ?? null);
		return crc32('\n', crc32(bytes, sum));
	}, 0);
}

/**
 * Gives rows of elsewhere their sums: those of an older version, or of an exported state. What cannot be read gets none, and is
 * found as damaged by whoever wants it next. To be used inside a transaction.
 */
export function sealAll(db: DatabaseSync): void {
	for (const table of Object.keys(PARTS) as Summed[]) {
		const key = table === 'streams' ? 'name' : 'id';
		const names = partsOf(table).map(([sum]) => sum);
		const select = db.prepare(`SELECT ${summedColumns(table).join(', ')} FROM ${table} WHERE ${key} = ?`);
		select.setReadBigInts(true);
		const update = db.prepare(`UPDATE ${table} SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE ${key} = ?`);
		for (const row of db.prepare(`SELECT ${key} AS key FROM ${table}`).all()) {
			const full = select.get(row['key'] as string) as Row;
			if (!isReadable(table, full)) continue;
			const sums = sumsOf(table, full) as Record<string, number>;
			update.run(...names.map((name) => sums[name]!), row['key'] as string);
		}
	}
}

/** Columns that hold state as JSON. */
const STATE = { walk: walkForm, kept: keptForm, covered: intervalsForm, gaps: gapsForm, verified: verifiedForm };

function isReadable(table: Summed, row: Row): boolean {
	try {
		for (const [column, form] of Object.entries(STATE)) {
			const value = row[column];
			if (typeof value === 'string') decode<unknown>(form, value);
		}
		if (table === 'batches') decodeEvents(row as unknown as EncodedEvents);
		return true;
	} catch {
		return false;
	}
}
