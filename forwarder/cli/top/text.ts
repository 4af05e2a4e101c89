/** The picture that `top` draws. */
import type { DestinationRow, LastError, Overview, SourcePage, SourceRow, SourceState } from '../../server/api/types';
import { formatInstant, fromMillis } from '../../../core/time';
import { age } from '../age';
import { fitted, type Column } from '../columns';
import { cut, padded, width } from '../table';
import { counted, plain, type Style, type Ui } from '../ui';
import type { Shown } from './keys';

export interface Seen {
	overview: Overview;
	page: SourcePage;
}

const STYLES: Record<SourceState | DestinationRow['state'], Style> = {
	ok: 'green',
	starting: 'dim',
	paused: 'yellow',
	failing: 'yellow',
	degraded: 'yellow',
	refused: 'red',
	halted: 'red',
};
/** The worst first. */
const STATES: SourceState[] = ['refused', 'failing', 'paused', 'starting', 'ok'];
/** Of destinations, and of problems that are of neither sources nor destinations. */
const FEW = 3;
/** Of a note that is left out, where there is no room for it. */
const LEAST_NOTE = 12;

const COLUMNS: Column[] = [
	{ head: 'SOURCE' },
	{ head: 'STATE' },
	{ head: 'LAG', spare: 1 },
	{ head: 'EVENTS/MIN', spare: 2 },
	{ head: 'WAITING', spare: 3 },
	{ head: 'DEAD', spare: 4 },
	{ head: 'GAPS', spare: 5 },
];

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** What stands above the sources; its length says how many of them there is room for. */
export function headLines({ process, totals, problems, destinations }: Overview, ui: Ui): string[] {
	const { version, at, startedAt, state, isStopping, worker } = process;
	const condition = isStopping ? 'stopping' : state.replace('_', ' ');
	const color: Style = state === 'ready' ? 'green' : state === 'degraded' ? 'yellow' : 'red';
	const first = [
		`audit-relay ${version}`,
		ui.paint(color, condition),
		`up ${age(at - startedAt)}`,
		...(worker ? [`worker ${plain(worker.id)} of ${worker.living}, ${worker.held} of ${worker.shards} shards`] : []),
		formatInstant(fromMillis(at), 0),
	];
	const states = STATES.filter((one) => totals.states[one] > 0).map((one) => `${totals.states[one]} ${one}`);
	const second = [
		`${counted(totals.sources, 'source')}${states.length > 0 ? `: ${states.join(', ')}` : ''}`,
		// of sources that others have nobody here knows how fast they are
		`${number.format(totals.eventsPerSecond)} events/s${worker ? ' by this worker' : ''}`,
		...(totals.lagMs === undefined ? [] : [`lag ${age(totals.lagMs)}`]),
		`${number.format(totals.waiting)} waiting`,
		...(totals.problems > 0 ? [ui.paint('yellow', counted(totals.problems, 'problem'))] : []),
	];
	const others = problems.filter(({ source, destination }) => source === undefined && destination === undefined);
	const worst = destinations.toSorted((a, b) => Number(a.state === 'ok') - Number(b.state === 'ok'));
	const more = worst.length - FEW;
	return [
		first.join(' · '),
		second.join(' · '),
		...others.slice(0, FEW).map(({ message }) => ui.paint('yellow', `! ${plain(message)}`)),
		...worst.slice(0, FEW).map((row) => destinationLine(row, at, ui)),
		...(more > 0 ? [`… and ${counted(more, 'destination')} more`] : []),
		'',
	];
}

function destinationLine(
	{ name, state, sinceAt, waiting, recordsPerMinute, lastError }: DestinationRow,
	at: number,
	ui: Ui,
) {
	const how = state === 'ok' ? state : `${state} for ${age(at - sinceAt)}`;
	return [
		`→ ${plain(name)} ${ui.paint(STYLES[state], how)}`,
		`${number.format(recordsPerMinute)} records/min`,
		`${number.format(waiting)} waiting`,
		...(state !== 'ok' && lastError ? [plain(told(lastError))] : []),
	].join(' · ');
}

/** @param head what `headLines` gave */
export function topLines({ page }: Seen, head: readonly string[], at: number, shown: Shown, ui: Ui): string[] {
	const cells = page.rows.map((row) => [
		plain(row.name),
		ui.paint(STYLES[row.state], row.state),
		row.lagMs === undefined ? '-' : age(row.lagMs),
		number.format(row.eventsPerMinute),
		String(row.waiting ?? '-'),
		row.deadLetters === undefined ? '-' : count(row.deadLetters, ui),
		count(row.gaps, ui),
	]);
	const notes = page.rows.map((row) => noteOf(row, at));
	const room = ui.columns - (notes.some(Boolean) ? LEAST_NOTE + 2 : 0);
	const { head: heads, rows } = fitted(COLUMNS, cells, room);
	const [title = '', ...lines] = ui.table(rows, heads).split('\n');
	const body = page.rows.length === 0 ? [shown.filter === '' ? 'no sources' : 'no source is called so'] : [];
	lines.forEach((line, i) => {
		if (i < rows.length)
			body.push(notes[i] ? cut(`${padded(line, width(title))}  ${ui.paint('dim', notes[i])}`, ui.columns) : line);
	});
	return [...head, title, ...body];
}

const count = (of: number, ui: Ui) => (of > 0 ? ui.paint('yellow', String(of)) : '0');

function noteOf({ lastError, pausedUntil, worker }: SourceRow, at: number): string {
	if (lastError) return plain(told(lastError));
	if (pausedUntil !== undefined && pausedUntil > at) return `the provider asks to wait for ${age(pausedUntil - at)}`;
	return worker === undefined ? '' : `of ${plain(worker)}`;
}

const told = ({ what, fix }: LastError) => (fix === undefined ? what : `${what}; ${fix}`);

/** The last line of the screen. */
export function footLine(shown: Shown, page: SourcePage, error: string | undefined, ui: Ui): string {
	if (error !== undefined) return ui.paint('red', plain(error));
	if (shown.isTyping) return `filter: ${shown.filter}_   Enter keeps it, Esc clears it`;
	const { offset, total, rows } = page;
	const where = total === 0 ? '0' : `${offset + 1}–${offset + rows.length}`;
	return ui.paint(
		'dim',
		[
			`${where} of ${total}`,
			'q quits',
			'↑↓ scroll',
			`s sorts (${shown.sort})`,
			`/ filters${shown.filter && ` (${shown.filter})`}`,
		].join(' · '),
	);
}
