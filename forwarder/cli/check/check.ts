/** `audit-relay check`: tries everything out and says what to do about what does not work. */
import type { Command } from 'commander';
import { checkDestination } from './destination';
import { checkSource, type Check } from './source';
import { contextOf, examples } from '../context';
import { ExitCode } from '../exit';
import type { Io } from '../io';
import { counted, createProgress, plain, type Ui } from '../ui';

export function addCheck(program: Command, io: Io): void {
	program
		.command('check')
		.description('try out configuration, credentials, clocks, request budget and destinations')
		.addHelpText(
			'after',
			examples(
				['audit-relay check', 'try out audit-relay.yaml'],
				['audit-relay check --config /etc/audit-relay.yaml', 'try out another file'],
				['audit-relay check --json', 'the same for a machine'],
			) + '\nReads one page per source and sends one empty export per destination; nothing is stored.\n',
		)
		.action(async (_options: unknown, command: Command) => {
			const context = contextOf(command, io);
			const config = await context.config();
			const progress = createProgress(io);
			const detail = `${counted(config.sources.length, 'source')}, ${counted(config.destinations.length, 'destination')}`;
			progress.update(`Checking ${detail} …`);
			const deps = { clock: io.clock, random: () => io.random(), env: io.env, domains: new Map() };
			const found = await Promise.all([
				...config.sources.map((source) => checkSource(source, deps, io.stop)),
				...config.destinations.map((destination) => checkDestination(destination, io)),
			]).finally(() => progress.done());
			const checks: Check[] = [
				{ subject: context.configPath, check: 'configuration', status: 'ok', detail },
				...found.flat(),
			];
			const ok = checks.every(({ status }) => status !== 'failed');
			io.stdout.write(context.json ? `${JSON.stringify({ ok, checks })}\n` : report(checks, context.ui));
			io.exit(ok ? ExitCode.good : ExitCode.failed);
		});
}

function report(checks: readonly Check[], ui: Ui): string {
	const marks = { ok: ui.paint('green', '✓'), warning: ui.paint('yellow', '!'), failed: ui.paint('red', '✗') };
	const rows = checks.flatMap(({ subject, check, status, detail, fix }) => [
		[marks[status], plain(subject), check, plain(detail)],
		...(fix ? [['', '', '', ui.paint('dim', `→ ${plain(fix)}`)]] : []),
	]);
	const failed = checks.filter(({ status }) => status === 'failed').length;
	const summary = failed
		? ui.paint('red', `${failed} of ${checks.length} checks failed.`)
		: ui.paint('green', 'Everything works: `audit-relay run` can start.');
	return `${ui.table(rows)}\n${summary}\n`;
}
