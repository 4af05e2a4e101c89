/** Writes everything that another state file needs to go on from here: positions, known ids, what is not delivered yet. */
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { EXPORT_FORMAT, EXPORT_VERSION, TABLE_NAMES, TABLES, type TableName } from './exportShape';

export type Counts = Record<TableName, number>;

/**
 * One moment of the state, also beside a running process; one row per line, so that large states need little memory.
 * Returns how many rows there were.
 */
export function exportState(db: DatabaseSync, exportedAt: string, write: (text: string) => void): Counts {
	const counts: Partial<Counts> = {};
	db.exec('BEGIN');
	try {
		const head = { format: EXPORT_FORMAT, version: EXPORT_VERSION, exportedAt };
		write(`${JSON.stringify(head).slice(0, -1)}`);
		for (const table of TABLE_NAMES) {
			write(`,\n"${table}":[`);
			let count = 0;
			for (const row of rowsOf(db, table)) {
				const json: unknown = z.encode(TABLES[table] as z.ZodType, row);
				write(`${count++ ? ',' : ''}\n${JSON.stringify(json)}`);
			}
			write(']');
			counts[table] = count;
		}
		write('}\n');
		return counts as Counts;
	} finally {
		db.exec('ROLLBACK');
	}
}

function* rowsOf(db: DatabaseSync, table: TableName): Generator<Record<string, unknown>> {
	const select = db.prepare(`SELECT ${columnsOf(table).join(', ')} FROM ${table}${ORDER[table] ?? ''}`);
	select.setReadBigInts(true);
	for (const row of select.iterate()) {
		const { texts, ...rest } = row;
		yield table === 'batches' ? { ...rest, events: { events: rest['events'], texts } } : rest;
	}
}

const ORDER: Partial<Record<TableName, string>> = {
	batches: ' ORDER BY id',
	dead_letters: ' ORDER BY id',
	gaps: ' ORDER BY id',
	backfills: ' ORDER BY id',
};

/** Of the table, in SQL's spelling. */
export function columnsOf(table: TableName): string[] {
	const names = Object.keys(TABLES[table].shape).map((name) => `"${name}"`);
	return table === 'batches' ? [...names, '"texts"'] : names;
}
