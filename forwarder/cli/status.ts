/** `audit-relay status`: how far every source and destination is, read beside a running process. */
import type { Command } from 'commander';
import type { Nanos } from '../../providers/contract';
import { formatInstant, fromMillis, toMillis } from '../../providers/time';
import { readState } from '../store/open';
import {
	summarize,
	type DestinationSummary,
	type PastSummary,
	type StreamSummary,
	type Summary,
} from '../store/summary';
import type { Interval } from '../../polling/intervals';
import { fraction } from './backfillScreen';
import { contextOf, examples, type Context } from './context';
import type { Io } from './io';
import { plain } from './ui';

export function addStatus(program: Command, io: Io): void {
	program
		.command('status')
		.description('show watermark, lag, shipped, waiting, dead letters, gaps and the last error of every source')
		.addHelpText(
			'after',
			examples(
				['audit-relay status', 'a table, also while `run` is running'],
				['audit-relay status --json', 'for scripts'],
			),
		)
		.action(async (_options: unknown, command: Command) => {
			const context = contextOf(command, io);
			const path = await context.statePath();
			const db = readState(path);
			try {
				showSummary(summarize(db), context, io);
			} finally {
				db.close();
			}
		});
}

/** A table for people, one JSON object for machines. */
export function showSummary(summary: Summary, { json, ui }: Context, { stdout, clock }: Io): void {
	if (json) {
		const instants = (_key: string, value: unknown) => (typeof value === 'bigint' ? formatInstant(value) : value);
		stdout.write(`${JSON.stringify(asJson(summary), instants)}\n`);
		return;
	}
	const lag = (instant: Nanos | undefined) => (instant === undefined ? '-' : age(clock.now() - toMillis(instant)));
	const stream = (row: StreamSummary) => [
		row.name,
		row.watermark === undefined ? '-' : formatInstant(row.watermark, 0),
		lag(row.watermark),
		String(row.shipped),
		String(row.waiting),
		letters(row),
		String(row.gaps),
		row.lastSuccess === undefined ? 'never' : `${lag(row.lastSuccess)} ago`,
		isFailing(row)
			? ui.paint('red', plain(row.lastError!).slice(0, 100))
			: row.lastVerdict === 'broken'
				? ui.paint('red', `verify: broken ${lag(row.lastVerdictAt)} ago`)
				: ui.paint('green', 'ok'),
	];
	const destination = (row: DestinationSummary) => [
		row.name,
		String(row.shipped),
		String(row.waiting),
		lag(row.waitingSince),
		letters(row),
	];
	const letters = ({ deadLetters, doubtful }: StreamSummary | DestinationSummary) => {
		const apart = doubtful > 0 ? ` (${doubtful} doubtful)` : '';
		return deadLetters > 0 ? ui.paint('yellow', `${deadLetters}${apart}`) : '0';
	};
	const streamHead = ['SOURCE', 'WATERMARK', 'LAG', 'SHIPPED', 'WAITING', 'DEAD LETTERS', 'GAPS', 'LAST POLL', 'STATE'];
	const destinationHead = ['DESTINATION', 'SHIPPED', 'WAITING', 'FOR', 'DEAD LETTERS'];
	stdout.write(ui.table(summary.streams.map(stream), streamHead));
	const past = pastRows(summary.past);
	if (past.length) stdout.write(`\n${ui.table(past, ['PAST OF', 'FROM', 'TO', 'STATE'])}`);
	if (summary.destinations.length)
		stdout.write(`\n${ui.table(summary.destinations.map(destination), destinationHead)}`);
}

/** Everybody outside knows a stream by its source. */
function asJson({ streams, destinations, past }: Summary) {
	const told = past.map(({ stream, backfill, ...row }) => {
		if (!backfill) return { source: stream, ...row };
		const { stream: source, ...job } = backfill;
		return { source, ...row, backfill: job };
	});
	return { sources: streams, destinations, past: told };
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
