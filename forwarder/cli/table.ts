/** Rows in aligned columns, in a form that fits the terminal. */
import { stripVTControlCharacters } from 'node:util';

type Row = readonly string[];

const GAP = '  ';
const INDENT = '     ';
/** A last column narrower than this would be a column of single words. */
const LEAST_WIDTH = 36;

/** One line per row where they fit; else the last column is wrapped, or gets lines of its own; else each row is a block. */
export function table(rows: readonly Row[], head: Row | undefined, columns: number): string {
	const all = head ? [head, ...rows] : rows;
	const widths: number[] = [];
	for (const row of all) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, width(cell))));
	const before = widths.slice(0, -1).reduce((sum, one) => sum + one + GAP.length, 0);
	const room = columns - before;
	if (room >= (widths.at(-1) ?? 0)) return all.map((row) => line(row, widths)).join('');
	const longestWord = Math.max(...all.map((row) => Math.max(...row.at(-1)!.split(' ').map(width))));
	if (room >= LEAST_WIDTH && room >= longestWord) return all.map((row) => wrapped(row, widths, room)).join('');
	if (head) return rows.map((row) => block(row, head, columns)).join('\n');
	return rows.map((row) => below(row, widths, columns)).join('');
}

function line(row: Row, widths: readonly number[]): string {
	return `${row
		.map((cell, i) => padded(cell, widths[i]!))
		.join(GAP)
		.trimEnd()}\n`;
}

function wrapped(row: Row, widths: readonly number[], room: number): string {
	if (row.length < widths.length) return line(row, widths);
	const first = row.slice(0, -1);
	const parts = wrap(row.at(-1)!, room);
	return parts.map((part, i) => line([...(i === 0 ? first : first.map(() => '')), part], widths)).join('');
}

function block(row: Row, head: Row, columns: number): string {
	const widest = Math.max(...head.map(width));
	const room = columns - widest - GAP.length;
	return row.map((cell, i) => wrapped([head[i]!, cell], [widest, room], room)).join('');
}

function below(row: Row, widths: readonly number[], columns: number): string {
	const first = line(row.slice(0, -1), widths).trimEnd();
	const rest = wrap(row.at(-1)!, columns - INDENT.length).map((part) => `${INDENT}${part}\n`);
	return [...(first ? wrap(first, columns).map((part) => `${part}\n`) : []), ...rest].join('');
}

/** At spaces only: an address that is cut could not be copied. */
function wrap(text: string, room: number): string[] {
	const lines: string[] = [];
	for (const word of text.split(' ')) {
		const last = lines.at(-1);
		if (last !== undefined && width(`${last} ${word}`) <= room) lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(word);
	}
	return lines;
}

export function padded(cell: string, to: number): string {
	return cell + ' '.repeat(Math.max(0, to - width(cell)));
}

export function width(cell: string): number {
	return [...stripVTControlCharacters(cell)].length;
}

// eslint-disable-next-line no-control-regex
const COLOR_OR_CHAR = /(\u001b\[[\d;]*m)|[^]/gu;

/** Without what is beyond the edge. Colours stay: one that begins has to end. */
export function cut(line: string, room: number): string {
	if (width(line) <= room) return line;
	let left = room - 1;
	const kept = line.replace(COLOR_OR_CHAR, (char, color: string | undefined) => color ?? (left-- > 0 ? char : ''));
	return `${kept}…`;
}
