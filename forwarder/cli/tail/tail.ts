/** `audit-relay tail`: records as they are stored, from the running process. */
import type { Command } from 'commander';
import type { LostRecords, Overview, RecordInfo, SourceDetail } from '../../server/api/types';
import { fits, isPattern } from '../chosen';
import { several } from '../choice';
import { contextOf, examples } from '../context';
import { CommandFailed } from '../exit';
import type { Io } from '../io';
import { runningProcess } from '../running';
import { recordLine, unseenBy } from './text';

const HELP = `
One line for each new event: when it happened, source, severity, name, who did what to what. It is told as soon as it is stored, before it is
shipped. Those that come faster than they can be shown are counted. Needs a process that runs on this machine, and the right to its socket.
`;

export function addTail(program: Command, io: Io): void {
	program
		.command('tail')
		.description('show records as they pass through the running process')
		.option('-s, --source <name>', 'only these: a name or a pattern, several times', several, [])
		.addHelpText(
			'after',
			HELP +
				examples(
					['audit-relay tail', 'everything, until Ctrl-C'],
					['audit-relay tail --source dr', 'one source'],
					['audit-relay tail --json | jq .attributes', 'whole records, one per line'],
				),
		)
		.action(async ({ source }: { source: string[] }, command: Command) => {
			const context = contextOf(command, io);
			const running = await runningProcess(context, io);
			const names = source.filter((one) => !isPattern(one));
			// says what is wrong with a name that is not there
			const chosen = await Promise.all(
				names.map((name) => running.get<SourceDetail>(`/api/v1/sources/${encodeURIComponent(name)}`)),
			);
			const { process } = await running.get<Overview>('/api/v1/overview');
			for (const line of unseenBy(process.worker, chosen)) io.stderr.write(`${line}\n`);
			const one = source.length === 1 ? names[0] : undefined;
			const query = one === undefined ? '' : `?source=${encodeURIComponent(one)}`;
			if (io.stderr.isTTY) io.stderr.write('Records as they are stored, from now on; Ctrl-C ends.\n');
			for await (const { event, data } of running.events(`/api/v1/records${query}`, io.stop)) {
				if (event === 'lost') {
					const { lost } = data as LostRecords;
					io.stderr.write(`… and ${lost} more, faster than they can be shown\n`);
				} else if (fits(source, (data as RecordInfo).source)) {
					const record = data as RecordInfo;
					io.stdout.write(context.json ? `${JSON.stringify(record)}\n` : recordLine(record, context.ui));
				}
			}
			if (!io.stop.aborted) throw new CommandFailed('the process has ended, so there is nothing more to show');
		});
}
