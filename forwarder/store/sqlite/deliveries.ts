/**
 * Which destinations still have to get which batch. A row that the disk has altered would keep a batch from somebody forever, or
 * stand in the way of all behind it. Table and index both hold it, and the batch knows who was to get it at first.
 */
import type { DatabaseSync } from 'node:sqlite';
import { COUNT_RECORDS } from './schema';

/** Neither the table nor its index says that somebody waits for it: only one of the two can be damaged. `json_each` has an `id` of its own. */
export const REMOVE = `DELETE FROM batches WHERE id = ?
	AND NOT EXISTS (SELECT 1 FROM deliveries WHERE batch = id)
	AND NOT EXISTS (SELECT 1 FROM json_each(destinations), deliveries d WHERE d.destination = value AND d.batch = batches.id)
	RETURNING size`;

/** Rows that name no batch or the wrong destination, and batches that nobody waits for. */
const ASTRAY = `SELECT
	EXISTS (SELECT 1 FROM deliveries d LEFT JOIN batches b ON b.id = d.batch WHERE NOT EXISTS
		(SELECT 1 FROM json_each(iif(json_valid(b.destinations), b.destinations, '[]')) WHERE value = d.destination))
	OR EXISTS (SELECT 1 FROM batches WHERE id NOT IN (SELECT batch FROM deliveries)) AS found`;

const WANTED = 'SELECT value AS destination, b.id AS batch FROM batches b, json_each(destinations)';
const TABLE = 'SELECT destination, batch FROM deliveries NOT INDEXED';
const INDEX = 'SELECT destination, batch FROM deliveries INDEXED BY deliveries_by_batch';

/** Whether table, index and batches agree. */
export function deliveriesAgree(db: DatabaseSync): boolean {
	const checked = db.prepare("PRAGMA integrity_check('deliveries')").get();
	return checked?.['integrity_check'] === 'ok' && db.prepare(ASTRAY).get()?.['found'] === 0;
}

/**
 * To be used inside a transaction, when all batches are whole. Where table and index differ, one of them is right: what either
 * says is kept. Else everybody gets everything again that waits for anybody: a repeat is allowed, a loss is not.
 */
export function restoreDeliveries(db: DatabaseSync): void {
	const differ = db.prepare(`SELECT EXISTS (${TABLE} EXCEPT ${INDEX}) OR EXISTS (${INDEX} EXCEPT ${TABLE}) AS found`);
	const said = differ.get()?.['found'] === 1 ? `SELECT * FROM (${TABLE} UNION ${INDEX})` : WANTED;
	db.exec(`
		CREATE TEMP TABLE said AS ${said};
		DELETE FROM deliveries;
		INSERT OR IGNORE INTO deliveries (destination, batch) SELECT destination, batch FROM (${WANTED})
			WHERE (destination, batch) IN (SELECT destination, batch FROM said);
		INSERT OR IGNORE INTO deliveries (destination, batch) SELECT destination, batch FROM (${WANTED})
			WHERE batch NOT IN (SELECT batch FROM deliveries);
		DROP TABLE said;
		${COUNT_RECORDS}
	`);
}
