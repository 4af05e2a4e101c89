/** How far everything is, as people read it: all counts are records, and what needs attention comes last. */
import type { Interval } from '../../../core/walk/intervals';
import type { Nanos } from '../../../core/contract';
import { formatInstant, fromMillis, toMillis } from '../../../core/time';
import type { ConfiguredNames } from '../../config/loadPart';
import { mattersOf } from '../../run/unseen';
import type { DestinationSummary, PastSummary, StreamSummary, Summary } from '../../store/summary';
import { fraction } from '../backfill/screen';
import { plain, type Ui } from '../ui';

export interface StatusView {
	summary: Summary;
	configured: ConfiguredNames;
	nowMs: number;
}

export function statusText(view: StatusView, ui: Ui): string {
	const { summary, configured, nowMs } = view;
	const ago = (instant: Nanos) => age(nowMs - toMillis(instant));
	const openGaps = new Map(summary.unseen.map(({ stream, gaps }) => [stream, gaps?.count ?? 0]));
	const alert = (count: number) => (count > 0 ? ui.paint('yellow', String(count)) : '0');
	const gone = (name: string, known: readonly string[]) => !known.includes(name);

	const state = (row: StreamSummary): string => {
		if (gone(row.name, configured.sources)) return ui.paint('yellow', 'not configured');
		if (isFailing(row)) return ui.paint('red', 'failing');
		return row.lastSuccess === undefined ? 'never polled' : ui.paint('green', `ok, ${ago(row.lastSuccess)} ago`);
	};
	const source = (row: StreamSummary) => [
		plain(row.name),
		state(row),
		row.watermark === undefined ? '-' : ago(row.watermark),
		String(row.shipped),
		String(row.waiting),
		alert(row.deadLetters),
		alert(openGaps.get(row.name) ?? 0),
		verdict(row, ui),
	];
	const health = ({ state, since }: DestinationSummary): string => {
		if (state === undefined || since === undefined) return 'configured';
		if (state === 'ok') return ui.paint('green', 'ok');
		return ui.paint(state === 'halted' ? 'red' : 'yellow', `${state} for ${ago(since)}`);
	};
	const destination = (row: DestinationSummary) => [
		plain(row.name),
		gone(row.name, configured.destinations) ? ui.paint('yellow', 'not configured') : health(row),
		String(row.shipped),
		String(row.waiting),
		row.waitingSince === undefined ? '-' : ago(row.waitingSince),
		alert(row.deadLetters),
	];
	const sourceHead = ['SOURCE', 'STATE', 'LAG', 'SHIPPED', 'WAITING', 'DEAD LETTERS', 'GAPS', 'VERDICT'];
	const destinationHead = ['DESTINATION', 'STATE', 'SHIPPED', 'WAITING', 'FOR', 'DEAD LETTERS'];
	const past = pastRows(summary.past);
	const toDo = toDoRows(view);
	return [
		ui.table(summary.streams.map(source), sourceHead),
		past.length > 0 && ui.table(past, ['PAST OF', 'FROM', 'TO', 'STATE']),
		summary.destinations.length > 0 && ui.table(summary.destinations.map(destination), destinationHead),
		toDo.length > 0 && `${ui.paint('bold', 'Needs attention')}\n${ui.table(toDo)}`,
	]
		.filter((part) => part !== false)
		.join('\n');
}

const LOOK = '; audit-relay check says what to do';

/** In the words of /readyz, by source. */
function toDoRows({ summary, configured }: StatusView): string[][] {
	const failing = summary.streams
		.filter((row) => isFailing(row) && configured.sources.includes(row.name))
		.map((row) => [plain(row.name), `the last poll failed: ${plain(row.lastError!)}${LOOK}`]);
	const matters = mattersOf(summary.unseen).map(({ source, message, sinceMs, fix }) => [
		plain(source),
		`${plain(message)}; since ${formatInstant(fromMillis(sinceMs), 0)}; ${plain(fix)}`,
	]);
	const down = summary.destinations
		.filter(({ name, state }) => (state === 'failing' || state === 'halted') && configured.destinations.includes(name))
		.map(({ name, lastError = 'no answer' }) => [
			plain(name),
			`accepts nothing, events wait: ${plain(lastError)}${LOOK}`,
		]);
	return [...failing, ...down, ...matters];
}

function verdict({ lastVerdict, verdictAcknowledged }: StreamSummary, ui: Ui): string {
	if (lastVerdict === undefined) return '-';
	if (lastVerdict !== 'broken') return lastVerdict;
	return verdictAcknowledged === undefined ? ui.paint('red', 'broken') : 'broken, seen';
}

/** What back-fill has read, and what it is reading. */
function pastRows(past: readonly PastSummary[]): string[][] {
	const row = (stream: string, { from, to }: Interval, state: string) => [
		stream,
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

function isFailing({ lastError, lastErrorAt, lastSuccess }: StreamSummary): boolean {
	return lastError !== undefined && (lastErrorAt ?? fromMillis(0)) > (lastSuccess ?? fromMillis(0));
}

/** `45s`, `12m`, `3h 20m`, `2d 4h`. */
export function age(ms: number): string {
	const seconds = Math.max(0, Math.round(ms / 1000));
	if (seconds < 60) return `${seconds}s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return `${minutes}m`;
	const hours = Math.floor(minutes / 60);
	if (hours < 24) return minutes % 60 ? `${hours}h ${minutes % 60}m` : `${hours}h`;
	return hours % 24 ? `${Math.floor(hours / 24)}d ${hours % 24}h` : `${Math.floor(hours / 24)}d`;
}
