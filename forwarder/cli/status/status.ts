/** `audit-relay status`: how far every source and destination is, read beside a running process. */
import type { Command } from 'commander';
import { formatInstant } from '../../../core/time';
import type { ConfiguredNames } from '../../config/loadPart';
import type { Owner } from '../../store/inspection';
import type { Summary } from '../../store/summary';
import { contextOf, examples, type Context } from '../context';
import type { Io } from '../io';
import { reading } from '../state/file';
import { statusText } from './text';
import { counted, plain } from '../ui';

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
			const place = await context.statePlace();
			const configured = await context.names();
			const shown = await reading(place, io, async (state) => ({
				summary: await state.summary(),
				process: await state.owner(),
			}));
			showSummary({ ...shown, configured }, context, io);
		});
}

interface Shown {
	summary: Summary;
	configured: ConfiguredNames;
	/** Absent: this process. */
	process?: Owner;
}

/** A table for people, one JSON object for machines. */
export function showSummary(shown: Shown, { json, ui }: Pick<Context, 'json' | 'ui'>, { stdout, clock }: Io): void {
	if (json) {
		const instants = (_key: string, value: unknown) => (typeof value === 'bigint' ? formatInstant(value) : value);
		stdout.write(`${JSON.stringify(asJson(shown), instants)}\n`);
		return;
	}
	const { process, ...view } = shown;
	if (process) stdout.write(`${process.running ? ownerText(process) : ui.paint('yellow', ownerText(process))}\n\n`);
	stdout.write(statusText({ ...view, nowMs: clock.now() }, ui));
}

/** Who writes the state, in a sentence. */
export function ownerText(owner: Owner): string {
	if ('pid' in owner) {
		const who = `process ${owner.pid}, since ${formatInstant(owner.since, 0)}`;
		return owner.running ? `Running: ${who}` : `Not running; the last was ${who}`;
	}
	const { running, workers } = owner;
	const who = workers.map(({ id, since }) => `${plain(id)}, since ${formatInstant(since, 0)}`).join('; ');
	if (workers.length === 0) return 'Not running; no worker is known';
	return running ? `Running: ${counted(workers.length, 'worker')}: ${who}` : `Not running; no sign of life of ${who}`;
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
