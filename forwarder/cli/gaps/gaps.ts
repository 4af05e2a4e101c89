/** `audit-relay gaps`: where something could not be promised, until it is acknowledged. */
import type { Command } from 'commander';
import { formatInstant } from '../../../core/time';
import type { Acknowledged, GapFilter, KeptGap } from '../../store/gaps';
import { logByHand, whoNow } from '../byHand';
import { chosen, idList, listLength } from '../choice';
import { contextOf, examples } from '../context';
import { ExitCode } from '../exit';
import type { Io } from '../io';
import { amending, reading } from '../state/file';
import { counted, plain } from '../ui';

interface FilterOptions {
	source?: string;
	reason?: string;
}

export function addGaps(program: Command, io: Io): void {
	const group = program
		.command('gaps')
		.description('list and acknowledge gap records: what could not be promised')
		.addHelpText(
			'after',
			examples(
				['audit-relay gaps list', 'the unacknowledged ones'],
				['audit-relay gaps acknowledge 7', 'you have dealt with it'],
			),
		);
	addList(group, io);
	addAcknowledge(group, io);
}

function filtered(command: Command): Command {
	return command
		.option('-s, --source <name>', 'only those of this source')
		.option('--reason <reason>', 'only these: retention, chain_break, state_lost, skipped, rejected …');
}

function filterOf({ source, reason }: FilterOptions): GapFilter {
	return { ...(source !== undefined && { stream: source }), ...(reason !== undefined && { reason }) };
}

function addList(group: Command, io: Io): void {
	filtered(group.command('list'))
		.description('list unacknowledged gap records, newest first')
		.option('-a, --all', 'also acknowledged ones, and where each source begins')
		.option('-n, --limit <number>', 'list this many', listLength, 50)
		.addHelpText(
			'after',
			examples(
				['audit-relay gaps list', 'the ones that need attention'],
				['audit-relay gaps list --all --json', 'for scripts'],
			),
		)
		.action(async (options: FilterOptions & { all?: boolean; limit: number }, command: Command) => {
			const { statePlace, json, ui } = contextOf(command, io);
			const { limit, all = false } = options;
			const { total, gaps } = await reading(await statePlace(), io, (state) =>
				state.listGaps(filterOf(options), { limit, all }),
			);
			if (json) return void io.stdout.write(`${JSON.stringify({ total, gaps: gaps.map(gapJson) })}\n`);
			if (total === 0) return void io.stdout.write(all ? 'no gaps\n' : 'no unacknowledged gaps\n');
			const head = ['ID', 'WHEN', 'SOURCE', 'REASON', 'FROM', 'TO', ...(all ? ['ACKNOWLEDGED'] : []), 'DETAIL'];
			const rows = gaps.map((gap) => [...row(gap), ...(all ? [seenBy(gap)] : []), plain(gap.detail)]);
			const rest = gaps.length < total ? `, the newest ${gaps.length} of them here; --limit shows more` : '';
			io.stdout.write(`${ui.table(rows, head)}\n${counted(total, 'gap')}${rest}\n`);
		});
}

function row({ id, at, stream, reason, from, to }: KeptGap): string[] {
	const bound = (instant: bigint | undefined) => (instant === undefined ? '-' : formatInstant(instant, 0));
	return [String(id), formatInstant(at, 0), plain(stream), plain(reason), bound(from), bound(to)];
}

function seenBy({ acknowledged, acknowledgedBy }: KeptGap): string {
	return acknowledged === undefined ? '-' : `${formatInstant(acknowledged, 0)} ${plain(acknowledgedBy ?? '')}`;
}

function gapJson({ id, at, stream, reason, from, to, detail, acknowledged, acknowledgedBy }: KeptGap) {
	const instant = (value: bigint | undefined) => (value === undefined ? null : formatInstant(value, 9));
	const seen = { acknowledged: instant(acknowledged), acknowledgedBy: acknowledgedBy ?? null };
	return { id, at: instant(at), source: stream, reason, from: instant(from), to: instant(to), detail, ...seen };
}

const HELP = `
An acknowledged gap stays on record and in the counter of all gaps. /readyz, \`status\` and the gauge of open gaps leave it out.
Who acknowledged it and when is stored, and logged by a running process too.
`;

function addAcknowledge(group: Command, io: Io): void {
	filtered(group.command('acknowledge'))
		.description('mark gaps as dealt with')
		.argument('[id...]', 'numbers in the list', idList)
		.option('--all', 'all of them, or all that match the other options')
		.addHelpText(
			'after',
			HELP +
				examples(
					['audit-relay gaps acknowledge 7 8', 'these two'],
					['audit-relay gaps acknowledge --all --source dr', 'all of one source'],
				),
		)
		.action(async (ids: number[] | undefined, options: FilterOptions & { all?: boolean }, command: Command) => {
			const context = contextOf(command, io);
			const which = chosen('gaps', ids ?? [], options.all === true, filterOf(options));
			const place = await context.statePlace();
			const result = await amending(place, io, (state) => state.acknowledgeGaps(which, whoNow(io)));
			logByHand(result.action, io, context);
			const { gaps, unknown } = result;
			io.stdout.write(context.json ? `${JSON.stringify({ acknowledged: gaps, unknown })}\n` : told(result));
			if (unknown.length > 0) io.exit(ExitCode.failed);
		});
}

function told({ gaps, unknown }: Acknowledged): string {
	const lines = gaps > 0 || unknown.length === 0 ? [`${counted(gaps, 'gap')} acknowledged`] : [];
	if (unknown.length > 0) lines.push(`no unacknowledged gap: ${unknown.join(', ')}`);
	return `${lines.join('\n')}\n`;
}
