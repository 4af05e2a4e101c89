/** Looks at every row that has a checksum, and at how the tables hang together. Changes nothing. */
import type { DatabaseSync } from 'node:sqlite';
import { deliveriesAgree } from './deliveries';
import { damagedParts, PARTS, summedColumns, type Row, type Summed } from './sums';
import type { Checked, Damage } from '../admin';

const WHAT: Record<string, string> = {
	origin_sum: 'start or settings',
	position_sum: 'position',
	list_sum: 'list of events or gaps',
	text_sum: 'texts',
	sum: 'content',
};

export function checkState(db: DatabaseSync): Checked {
	const damage = structure(db);
	const rows = {} as Record<Summed, number>;
	for (const table of Object.keys(PARTS) as Summed[]) {
		const found = checkTable(db, table);
		rows[table] = found.rows;
		damage.push(...found.damage);
	}
	if (attempt(() => deliveriesAgree(db)) !== true)
		damage.push({ table: 'deliveries', what: 'table, index and batches contradict each other' });
	const aside = Number(attempt(() => db.prepare('SELECT count(*) AS n FROM damaged_batches').get()?.['n']) ?? 0);
	return { rows, damage, aside };
}

function structure(db: DatabaseSync): Damage[] {
	const lines = attempt(() =>
		db
			.prepare('PRAGMA quick_check(10)')
			.all()
			.map((row) => String(row['quick_check'])),
	);
	if (lines?.join() === 'ok') return [];
	return (lines ?? ['it cannot be read']).map((line) => ({ table: 'file', what: `structure: ${line}` }));
}

function checkTable(db: DatabaseSync, table: Summed): { rows: number; damage: Damage[] } {
	const key = table === 'streams' ? 'name' : 'id';
	const keys = attempt(() =>
		db
			.prepare(`SELECT ${key} AS key FROM ${table} ORDER BY key`)
			.all()
			.map((row) => row['key']),
	);
	if (!keys) return { rows: 0, damage: [{ table, what: 'it cannot be read' }] };
	const select = db.prepare(`SELECT ${summedColumns(table).join(', ')} FROM ${table} WHERE ${key} = ?`);
	select.setReadBigInts(true);
	const damage = keys.flatMap((one) => {
		const row = attempt(() => select.get(one as string) as Row | undefined);
		const parts = row ? damagedParts(table, row).map((part) => WHAT[part]!) : ['it cannot be read'];
		if (parts.length === 0) return [];
		const stream = row?.['stream'];
		return [{ table, row: String(one), ...(typeof stream === 'string' && { stream }), what: parts.join(', ') }];
	});
	return { rows: keys.length, damage };
}

/** Undefined when the file is too damaged for it. */
function attempt<T>(look: () => T): T | undefined {
	try {
		return look();
	} catch {
		return undefined;
	}
}
