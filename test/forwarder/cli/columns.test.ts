import { fitted, type Column } from '../../../forwarder/cli/columns';
import { width } from '../../../forwarder/cli/table';

const COLUMNS: Column[] = [
	{ head: 'SOURCE' },
	{ head: 'STATE' },
	{ head: 'GAPS', spare: 1 },
	{ head: 'SHIPPED', spare: 2 },
];
const lines = (room: number, rows: string[][]) => {
	const { head, rows: cells } = fitted(COLUMNS, rows, room);
	return [head, ...cells].map((row) => row.join('  '));
};

test('a wide terminal, and a pipe, get every column and whole names', () => {
	const rows = [['acme-corporation-production-eu-1', 'ok', '0', '12']];
	expect(lines(Infinity, rows)).toEqual([
		'SOURCE  STATE  GAPS  SHIPPED',
		'acme-corporation-production-eu-1  ok  0  12',
	]);
});

test('columns that say nothing go first, then those that matter less', () => {
	const rows = [['acme-production', 'ok', '0', '12']];
	expect(lines(32, rows)[0]).toBe('SOURCE  STATE  SHIPPED');
	expect(lines(32, [['acme-production', 'ok', '3', '12']])[0]).toBe('SOURCE  STATE  GAPS');
	expect(lines(24, rows)[0]).toBe('SOURCE  STATE');
});

test('names are shortened in the middle, so that those who differ at the end still do', () => {
	const names = ['acme-corporation-production-eu-1', 'acme-corporation-production-eu-2'];
	const short = lines(
		27,
		names.map((name) => [name, 'ok', '0', '0']),
	).slice(1);
	expect(short).toEqual(['acme-corpo…tion-eu-1  ok', 'acme-corpo…tion-eu-2  ok']);
	expect(Math.max(...short.map(width))).toBeLessThanOrEqual(27);
});
