/** One line for each source and destination, of all that the terminal has room for. */
import type { Nanos } from '../../../core/contract';
import type { Interval } from '../../../core/walk/intervals';
import { formatInstant, toMillis } from '../../../core/time';
import type { PastSummary } from '../../store/summary';
import { age } from '../age';
import { fraction } from '../backfill/screen';
import { fitted, type Column } from '../columns';
import { plain, type Ui } from '../ui';
import { isUnknown, type DestinationRow, type SourceRow } from './condition';

const SOURCE_COLUMNS: Column[] = [
	{ head: 'SOURCE' },
	{ head: 'STATE' },
	// not the lag: what is read again on purpose only the configuration knows
	{ head: 'COMPLETE', spare: 1 },
	{ head: 'SHIPPED', spare: 6 },
	{ head: 'WAITING', spare: 2 },
	{ head: 'DEAD', spare: 3 },
	{ head: 'GAPS', spare: 4 },
	{ head: 'VERDICT', spare: 5 },
];
const DESTINATION_COLUMNS: Column[] = [
	{ head: 'DESTINATION' },
	{ head: 'STATE' },
	{ head: 'SHIPPED', spare: 4 },
	{ head: 'WAITING', spare: 1 },
	{ head: 'FOR', spare: 3 },
	{ head: 'DEAD', spare: 2 },
];

const PAST_COLUMNS: Column[] = [
	{ head: 'PAST OF' },
	{ head: 'FROM', spare: 1 },
	{ head: 'TO', spare: 2 },
	{ head: 'STATE' },
];

export function sourceTable(rows: readonly SourceRow[], nowMs: number, ui: Ui): string {
	const ago = agoAt(nowMs);
	const cells = rows.map((row) => [
		plain(row.name),
		sourceState(row, ago, ui),
		row.watermark === undefined || row.lastSuccess === undefined ? '-' : `${ago(row.watermark)} ago`,
		...figures(row, ui),
		verdict(row, ui),
	]);
	return tableOf(SOURCE_COLUMNS, cells, ui);
}

function figures(row: SourceRow, ui: Ui): string[] {
	if (isUnknown(row)) return ['-', '-', '-', '-'];
	const { shipped, waiting, deadLetters, openGaps } = row;
	return [String(shipped), String(waiting), alert(deadLetters, ui), alert(openGaps, ui)];
}

export function destinationTable(rows: readonly DestinationRow[], nowMs: number, ui: Ui): string {
	const ago = agoAt(nowMs);
	const cells = rows.map((row) => [
		plain(row.name),
		destinationState(row, ago, ui),
		String(row.shipped),
		String(row.waiting),
		row.waitingSince === undefined ? '-' : ago(row.waitingSince),
		alert(row.deadLetters, ui),
	]);
	return tableOf(DESTINATION_COLUMNS, cells, ui);
}

/** What back-fill has read, and what it is reading. */
export function pastRows(past: readonly PastSummary[]): string[][] {
	const row = (stream: string, { from, to }: Interval, state: string) => [
		plain(stream),
		formatInstant(from, 0),
		formatInstant(to, 0),
		state,
	];
	return past.flatMap(({ stream, covered, backfill: job }) => [
		...covered.map((interval) => row(stream, interval, 'complete')),
		...(job && job.ended === undefined
			? [row(stream, job, `${Math.floor(fraction(job) * 100)} %, ${job.events} events`)]
			: []),
	]);
}

export const pastTable = (rows: readonly string[][], ui: Ui): string => tableOf(PAST_COLUMNS, rows, ui);

type Ago = (instant: Nanos) => string;

const agoAt =
	(nowMs: number): Ago =>
	(instant) =>
		age(nowMs - toMillis(instant));

function tableOf(columns: readonly Column[], cells: readonly string[][], ui: Ui): string {
	const { head, rows } = fitted(columns, cells, ui.columns);
	return ui.table(rows, head);
}

const alert = (count: number, ui: Ui) => (count > 0 ? ui.paint('yellow', String(count)) : '0');

function sourceState({ condition, configured, lastSuccess }: SourceRow, ago: Ago, ui: Ui): string {
	if (condition === 'misconfigured') return ui.paint('red', condition);
	if (!configured) return ui.paint('yellow', 'not configured');
	if (condition === 'failing') return ui.paint('red', 'failing');
	if (condition === 'paused') return ui.paint('yellow', 'paused');
	return lastSuccess === undefined ? 'never polled' : ui.paint('green', `ok, ${ago(lastSuccess)} ago`);
}

function destinationState({ condition, since }: DestinationRow, ago: Ago, ui: Ui): string {
	if (condition === 'not configured') return ui.paint('yellow', condition);
	if (condition === 'ok') return ui.paint('green', condition);
	if (since === undefined) return condition;
	return ui.paint(condition === 'halted' ? 'red' : 'yellow', `${condition} for ${ago(since)}`);
}

function verdict({ lastVerdict, verdictAcknowledged }: SourceRow, ui: Ui): string {
	if (lastVerdict === undefined) return '-';
	if (lastVerdict !== 'broken') return lastVerdict;
	return verdictAcknowledged === undefined ? ui.paint('red', 'broken') : 'broken, seen';
}
