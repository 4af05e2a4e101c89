/** `audit-relay check`: tries everything out and says what to do about what does not work. */
import type { Command } from 'commander';
import { contextOf, examples } from '../context';
import { ExitCode } from '../exit';
import type { Io } from '../io';
import { isGood, report, tryOut } from './tryOut';

export function addCheck(program: Command, io: Io): void {
	program
		.command('check')
		.description('try out configuration, state, credentials, clocks, request budget and destinations')
		.addHelpText(
			'after',
			examples(
				['audit-relay check', 'try out audit-relay.yaml'],
				['audit-relay check --config /etc/audit-relay.yaml', 'try out another file'],
				['audit-relay check --json', 'the same for a machine'],
			) +
				'\nReads one page per source and sends one empty export per destination; nothing is stored, also not in the state.\n',
		)
		.action(async (_options: unknown, command: Command) => {
			const context = contextOf(command, io);
			const checks = await tryOut(await context.config(), context.configPath, io);
			const ok = isGood(checks);
			io.stdout.write(context.json ? `${JSON.stringify({ ok, checks })}\n` : report(checks, context.ui));
			io.exit(ok ? ExitCode.good : ExitCode.failed);
		});
}
