/** `audit-relay status`: how far every source and destination is, read beside a running process. */
import type { Command } from 'commander';
import { formatInstant } from '../../../core/time';
import type { ConfiguredNames } from '../../config/load';
import type { Owner } from '../../store/inspection';
import type { Summary } from '../../store/summary';
import { contextOf, examples, type Context } from '../context';
import type { Io } from '../io';
import { reading } from '../state/file';
import { statusText } from './text';

export function addStatus(program: Command, io: Io): void {
	program
		.command('status')
		.description('show whether it runs, how far every source and destination is, and what needs attention')
		.addHelpText(
			'after',
			'\nAll counts are records. GAPS are unacknowledged gap records, VERDICT is the result of the last scheduled `verify`.\n' +
				examples(
					['audit-relay status', 'a table, also while `run` is running'],
					['audit-relay status --json', 'for scripts'],
				),
		)
		.action(async (_options: unknown, command: Command) => {
			const context = contextOf(command, io);
			const path = await context.statePath();
			const configured = await context.names();
			const shown = await reading(path, async (state) => ({
				summary: await state.summary(),
				process: await state.owner(),
			}));
			showSummary({ ...shown, configured }, context, io);
		});
}

interface Shown {
	summary: Summary;
	configured: ConfiguredNames;
	/** Whoever has the state open, or had it last. Absent: this process. */
	process?: Owner & { running: boolean };
}

/** A table for people, one JSON object for machines. */
export function showSummary(shown: Shown, { json, ui }: Pick<Context, 'json' | 'ui'>, { stdout, clock }: Io): void {
	if (json) {
		const instants = (_key: string, value: unknown) => (typeof value === 'bigint' ? formatInstant(value) : value);
		stdout.write(`${JSON.stringify(asJson(shown), instants)}\n`);
		return;
	}
	const { process, ...view } = shown;
	if (process) {
		const who = `process ${process.pid}, since ${formatInstant(process.since, 0)}`;
		stdout.write(
			process.running ? `Running: ${who}\n\n` : ui.paint('yellow', `Not running; the last was ${who}`) + '\n\n',
		);
	}
	stdout.write(statusText({ ...view, nowMs: clock.now() }, ui));
}

/** Everybody outside knows a stream by its source. */
function asJson({ summary, configured, process }: Shown) {
	const { streams, destinations, past, unseen } = summary;
	const openGaps = new Map(unseen.map(({ stream, gaps }) => [stream, gaps?.count ?? 0]));
	return {
		...(process && { process }),
		sources: streams.map((row) => ({
			...row,
			configured: configured.sources.includes(row.name),
			openGaps: openGaps.get(row.name) ?? 0,
		})),
		destinations: destinations.map((row) => ({ ...row, configured: configured.destinations.includes(row.name) })),
		past: past.map(({ stream, backfill, ...row }) => {
			if (!backfill) return { source: stream, ...row };
			const { stream: source, ...job } = backfill;
			return { source, ...row, backfill: job };
		}),
		unseen: unseen.map(({ stream, ...row }) => ({ source: stream, ...row })),
	};
}
