/** Many rows of an imported state at once. */
import { ImportError } from '../readExport';
import { isTaken } from './beside';
import { joined, sql, type Sql } from './sql';

export type Row = Record<string, unknown>;
export type Read = <T>(what: Sql) => Promise<T[]>;

const CHUNK = 500;

/** In their order: each gets a number of its own. @param columns with their types */
export async function insertRows(
	read: Read,
	table: string,
	rows: readonly Row[],
	columns: readonly string[],
): Promise<void> {
	const parts = columns.map((column) => column.split(' ') as [name: string, type: string]);
	const text = (one: string): Sql => ({ texts: [one], parts: [] });
	const names = text(parts.map(([name]) => `"${name}"`).join(', '));
	// bytes do not travel inside of a list
	const selected = text(
		parts.map(([name, type]) => (type === 'bytea' ? `decode("${name}", 'hex')` : `"${name}"`)).join(', '),
	);
	for (let at = 0; at < rows.length; at += CHUNK) {
		const some = rows.slice(at, at + CHUNK);
		const lists = parts.map(([name, type]): Sql => {
			const values = some.map((row) => valueOf(row[name]));
			return { texts: ['', `::${type === 'bytea' ? 'text' : type}[]`], parts: [values] };
		});
		try {
			await read(
				sql`INSERT INTO ${text(`@${table}`)} (${names}) SELECT ${selected} FROM unnest(${joined(lists, ', ')}) WITH ORDINALITY AS v (${names}, place) ORDER BY place`,
			);
		} catch (error) {
			if (isTaken(error)) throw new ImportError(`${table}: holds one twice`);
			throw error;
		}
	}
}

function valueOf(value: unknown): string | bigint | number | boolean | null {
	if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
	return (value ?? null) as string | bigint | number | boolean | null;
}
