/** Reads an exported state into a state file, all of it or nothing. The caller owns the state. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { EncodedEvents } from '../codec';
import { columnsOf, FILE_TABLES, type FileTable } from './exportState';
import type { RowCounts } from '../exportShape';
import { ledgerFromSeen, ledgerOf } from './ledger';
import { DERIVED } from './schema';
import { sealAll } from './sums';
import { fenced } from './transaction';
import { ImportError, type Imported } from '../readExport';

/** How many rows each table has now. */
export function countRows(db: DatabaseSync): RowCounts {
	const count = (table: string) => Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']);
	const counts = Object.fromEntries(FILE_TABLES.map((table) => [table, count(table)])) as RowCounts;
	return { ...counts, known: Math.max(0, count('ledger') - counts.seen) };
}

/** Throws `ImportError` when the parts of the file contradict each other. What was there before is gone. */
export function importState({ db, epoch }: { db: DatabaseSync; epoch: number }, imported: Imported): void {
	fenced(
		db,
		epoch,
	)(() => {
		for (const table of everyTable(db)) db.exec(`DELETE FROM ${table}`);
		for (const table of FILE_TABLES) insert(db, table, imported[table]);
		const lost = db.prepare('SELECT count(*) AS n FROM deliveries WHERE batch NOT IN (SELECT id FROM batches)').get();
		const idle = db.prepare('SELECT count(*) AS n FROM batches WHERE id NOT IN (SELECT batch FROM deliveries)').get();
		if (lost?.['n'] !== 0) throw new ImportError('deliveries: name a batch that is not in the file');
		if (idle?.['n'] !== 0) throw new ImportError('batches: hold one that no delivery names');
		db.exec(DERIVED);
		sealAll(db);
		ledgerFromSeen(db);
		ledgerOf(db, imported.known as unknown as Parameters<typeof ledgerOf>[1]);
		// else a new batch could get the number of one that a back-fill has waited for
		db.exec(`INSERT INTO sqlite_sequence SELECT 'batches', 0 WHERE NOT EXISTS
			(SELECT 1 FROM sqlite_sequence WHERE name = 'batches')`);
		db.exec(`UPDATE sqlite_sequence SET seq = max(seq, (SELECT coalesce(max(last_batch), 0) FROM backfills))
			WHERE name = 'batches'`);
	});
}

/** Also of tables that are not exported: what they hold belongs to the state that goes. */
function everyTable(db: DatabaseSync): string[] {
	const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all();
	return tables.map(({ name }) => name as string).filter((name) => name !== 'lease');
}

function insert(db: DatabaseSync, table: FileTable, rows: readonly Record<string, unknown>[]): void {
	const columns = [...columnsOf(table), ...(table === 'batches' ? ['size'] : [])];
	const statement = db.prepare(
		`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
	);
	for (const [index, row] of rows.entries()) {
		const full = table === 'batches' ? batchRow(row) : row;
		try {
			statement.run(...columns.map((column) => full[column.replaceAll('"', '')] as SQLInputValue));
		} catch (error) {
			if (!/constraint/.test((error as Error).message)) throw error;
			throw new ImportError(`${table}[${index}]: appears twice`);
		}
	}
}

/** The new owner counts all of it, records that travel again included. */
function batchRow(row: Record<string, unknown>): Record<string, unknown> {
	return { ...row, ...(row['events'] as EncodedEvents) };
}
