/** Writes everything that another state file needs to go on from here: positions, known ids, what is not delivered yet. */
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { damagedParts, PARTS, summedColumns, type Row, type Summed } from './sums';
import { EXPORT_FORMAT, EXPORT_VERSION, TABLE_NAMES, TABLES, type TableName } from '../exportShape';
import type { Exported, RowCounts } from '../exportShape';

/**
 * One moment of the state, also beside a running process; one row per line, so that large states need little memory.
 * Returns how many rows there were, and which of them were not whole.
 */
export function exportState(db: DatabaseSync, exportedAt: string, write: (text: string) => void): Exported {
	const counts: Partial<RowCounts> = {};
	const leftOut: Exported['leftOut'] = [];
	db.exec('BEGIN');
	try {
		const head = { format: EXPORT_FORMAT, version: EXPORT_VERSION, exportedAt };
		write(`${JSON.stringify(head).slice(0, -1)}`);
		for (const table of FILE_TABLES) {
			write(`,\n"${table}":[`);
			let count = 0;
			for (const { key, row } of rowsOf(db, table)) {
				const json = row && encoded(table, row);
				if (json !== undefined && !isAstray(table, row, leftOut)) write(`${count++ ? ',' : ''}\n${json}`);
				else leftOut.push({ table, row: key });
			}
			write(']');
			counts[table] = count;
		}
		write('}\n');
		return { counts: { ...(counts as RowCounts), known: 0 }, leftOut };
	} finally {
		db.exec('ROLLBACK');
	}
}

export type FileTable = Exclude<TableName, 'known'>;

/** A file has the texts of ids. */
export const FILE_TABLES = TABLE_NAMES.filter((table): table is FileTable => table !== 'known');

/** Undefined when it is not of the shape that was written: every table may be damaged, those without checksums too. */
function encoded(table: TableName, { texts, ...row }: Record<string, unknown>): string | undefined {
	try {
		const full = table === 'batches' ? { ...row, events: { events: row['events'], texts } } : row;
		return JSON.stringify(z.encode(TABLES[table] as z.ZodType, full));
	} catch {
		return undefined;
	}
}

/** A delivery of a batch that is left out. */
function isAstray(table: TableName, row: Record<string, unknown> | undefined, leftOut: Exported['leftOut']): boolean {
	return table === 'deliveries' && leftOut.some((one) => one.table === 'batches' && one.row === String(row?.['batch']));
}

/** `row` is absent when it is not whole. */
function* rowsOf(db: DatabaseSync, table: FileTable): Generator<{ key: string; row?: Record<string, unknown> }> {
	const columns = columnsOf(table);
	const all = isSummed(table) ? [...new Set([...columns, ...summedColumns(table)])] : columns;
	const select = db.prepare(`SELECT ${all.join(', ')} FROM ${table}${ORDER[table] ?? ''}`);
	select.setReadBigInts(true);
	for (const found of select.iterate()) {
		const key = String(found['id'] ?? found['name'] ?? found['batch'] ?? found['stream']);
		const isWhole = !isSummed(table) || damagedParts(table, found as Row).length === 0;
		const row = Object.fromEntries(
			columns.map((column) => column.replaceAll('"', '')).map((name) => [name, found[name]]),
		);
		yield isWhole ? { key, row } : { key };
	}
}

const isSummed = (table: string): table is Summed => table in PARTS;

const ORDER: Partial<Record<FileTable, string>> = {
	batches: ' ORDER BY id',
	dead_letters: ' ORDER BY id',
	gaps: ' ORDER BY id',
	actions: ' ORDER BY id',
	backfills: ' ORDER BY id',
};

/** Of the table, in SQL's spelling. */
export function columnsOf(table: FileTable): string[] {
	const names = Object.keys(TABLES[table].shape).map((name) => `"${name}"`);
	return table === 'batches' ? [...names, '"texts"'] : names;
}
