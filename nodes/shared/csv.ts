/** Rows as CSV (RFC 4180), with the columns of all of them in the order in which they first appear. */
import type { IDataObject } from 'n8n-workflow';

export function csv(rows: readonly IDataObject[]): string {
	const columns = [...new Set(rows.flatMap(Object.keys))];
	const lines = rows.map((row) => columns.map((column) => cell(row[column])));
	return [columns.map(cell), ...lines].map((cells) => `${cells.join()}\r\n`).join('');
}

function cell(value: unknown): string {
	if (value === undefined || value === null) return '';
	const text = typeof value === 'object' ? JSON.stringify(value) : String(value as string);
	// anybody can write such a text into a log, and a spreadsheet would run it
	const safe = typeof value === 'string' && /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${text}` : text;
	return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
