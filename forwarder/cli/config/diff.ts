/** `audit-relay config diff`: what a reload would change in the process that runs. */
import type { Command } from 'commander';
import type { ReloadOutcome } from '../../server/routes';
import { contextOf, examples } from '../context';
import { ExitCode } from '../exit';
import type { Io } from '../io';
import { appliedText, type Applied } from '../reload/reload';
import { runningProcess } from '../running';

export function addDiff(group: Command, io: Io): void {
	group
		.command('diff')
		.description('show what a reload would change in the running process; nothing is applied')
		.addHelpText(
			'after',
			examples(
				['audit-relay config diff', 'what has changed in the files since they were read'],
				['audit-relay reload', 'apply it'],
			) + '\nExit codes: 0 when all of it could be used, 1 when not, or when no process runs.\n',
		)
		.action(async (_options: unknown, command: Command) => {
			const context = contextOf(command, io);
			const running = await runningProcess(context, io);
			const outcome = await running.get<Extract<ReloadOutcome, Applied>>('/api/v1/reload');
			io.stdout.write(context.json ? `${JSON.stringify(outcome)}\n` : appliedText(outcome, 'Would be applied'));
			io.exit(outcome.mistakes.length === 0 ? ExitCode.good : ExitCode.failed);
		});
}
