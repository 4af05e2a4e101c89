/** Which columns of a table the terminal has room for: one line per row, whatever its width. */
import { width } from './table';

export interface Column {
	head: string;
	/** Left out where there is no room, the highest first. Absent: stays. */
	spare?: number;
}

export interface Fitted {
	head: string[];
	rows: string[][];
}

const GAP = 2;
/** Names are shortened to this before a column that says something is left out. */
const NAME = 20;
const LEAST_NAME = 8;

/** Columns in which no row says anything are left out first. The first column is a name: it is shortened in the middle, because names differ at their ends. */
export function fitted(columns: readonly Column[], rows: readonly (readonly string[])[], room: number): Fitted {
	const head = columns.map((column) => column.head);
	const widths = [head, ...rows].reduce<number[]>(
		(widest, row) => row.map((cell, i) => Math.max(widest[i] ?? 0, width(cell))),
		[],
	);
	const silent = columns.map((_, i) => rows.every((row) => row[i] === '0' || row[i] === '-'));
	const order = columns
		.flatMap(({ spare }, i) => (spare === undefined ? [] : [{ i, rank: spare + (silent[i] ? columns.length : 0) }]))
		.sort((a, b) => b.rank - a.rank);
	const left = new Set(columns.keys());
	const others = () => [...left].reduce((sum, i) => sum + (i === 0 ? 0 : widths[i]! + GAP), 0);
	for (const { i } of order) if (others() + Math.min(widths[0]!, NAME) > room) left.delete(i);
	const name = Math.max(LEAST_NAME, room - others());
	const chosen = (row: readonly string[]) => [...left].map((i) => (i === 0 ? shortened(row[0]!, name) : row[i]!));
	return { head: chosen(head), rows: rows.map(chosen) };
}

/** Of text without colour. */
function shortened(text: string, room: number): string {
	const chars = [...text];
	if (chars.length <= room) return text;
	const end = Math.floor((room - 1) / 2);
	return `${chars.slice(0, room - 1 - end).join('')}…${end === 0 ? '' : chars.slice(-end).join('')}`;
}
