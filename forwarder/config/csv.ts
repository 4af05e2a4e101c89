/** Reads CSV as RFC 4180 has it. */
export interface Row {
	/** Where it begins, counted from 1. */
	line: number;
	cells: string[];
}

/** What is wrong with the whole: a quote that is not closed leaves no row certain. */
export interface Malformed {
	line: number;
	what: string;
}

/** One cell, and what ends it: a comma, a line break or the end of the text. */
const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

/** Empty lines are left out. */
export function parseCsv(text: string): Row[] | Malformed {
	const rows: Row[] = [];
	let line = 1;
	let row: Row = { line, cells: [] };
	CELL.lastIndex = 0;
	for (let end: string | undefined; end !== '';) {
		const found = CELL.exec(text);
		if (!found) return { line, what: 'a quote is not closed, or stands within a value that is not in quotes' };
		const [whole, quoted, plain = ''] = found;
		end = found[3]!;
		row.cells.push(quoted?.replaceAll('""', '"') ?? plain);
		line += whole.split('\n').length - 1;
		if (end === ',') continue;
		if (row.cells.length > 1 || row.cells[0] !== '' || quoted !== undefined) rows.push(row);
		row = { line, cells: [] };
	}
	return rows;
}
