/** `audit-relay reload`: the running process reads its configuration again, and says what that has changed. */
import type { Command } from 'commander';
import type { ReloadOutcome } from '../../server/routes';
import { contextOf, examples } from '../context';
import { ExitCode } from '../exit';
import type { Io } from '../io';
import { runningProcess } from '../running';
import { plain } from '../ui';

export function addReload(program: Command, io: Io): void {
	program
		.command('reload')
		.description('have the running process read its configuration again, and see what that has changed')
		.addHelpText(
			'after',
			examples(
				['audit-relay reload', 'add, change and remove sources and destinations without a restart'],
				['audit-relay config diff', 'what it would change'],
			) + '\nExit codes: 0 when all of it is used, 1 when something is used as it was before, or not at all.\n',
		)
		.action(async (_options: unknown, command: Command) => {
			const context = contextOf(command, io);
			const running = await runningProcess(context, io);
			const outcome = await running.post<Applied>('/api/v1/reload');
			io.stdout.write(context.json ? `${JSON.stringify(outcome)}\n` : appliedText(outcome));
			io.exit(outcome.mistakes.length === 0 ? ExitCode.good : ExitCode.failed);
		});
}

/** What is wrong as a whole is refused, and said as an error. */
export type Applied = Extract<ReloadOutcome, { ok: true }>;

export function appliedText({ changes, mistakes }: Applied, head = 'Applied'): string {
	const list = (lines: readonly string[]) => lines.map((line) => `  ${plain(line)}\n`).join('');
	const wrong = mistakes.length > 0 ? `Not used, or used as it was before:\n${list(mistakes)}` : '';
	return (changes.length > 0 ? `${head}:\n${list(changes)}` : 'Nothing has changed.\n') + wrong;
}
