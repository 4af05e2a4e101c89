/** `audit-relay notify`: who is told when something is wrong. */
import { hostname } from 'node:os';
import type { Command } from 'commander';
import { nearest } from '../../../core/nearest';
import { loadNotifications } from '../../config/loadPart';
import type { NotificationConfig } from '../../config/types';
import { contextOf, examples } from '../context';
import { ExitCode, UsageError } from '../exit';
import type { Io } from '../io';
import { plain } from '../ui';

export function addNotify(program: Command, io: Io): void {
	const notify = program.command('notify').description('who is told when something is wrong');
	notify
		.command('test')
		.description('send a message that says that nothing is wrong')
		.argument('[name]', 'notification to try out (default: all)')
		.addHelpText(
			'after',
			examples(
				['audit-relay notify test', 'try out all notifications of audit-relay.yaml'],
				['audit-relay notify test ops-chat', 'one of them'],
			) + '\nWith pagerduty the incident is resolved at once.\n',
		)
		.action(async (name: string | undefined, _options: unknown, command: Command) => {
			const context = contextOf(command, io);
			const chosen = chosenFrom(await loadNotifications(context.configPath, io.env), name, context.configPath);
			const { sendTrial } = await import('../../notify/trial');
			const deps = { clock: io.clock, env: io.env, signal: io.stop };
			const results = await Promise.all(
				chosen.map(async (one) => ({ name: one.name, ...(await sendTrial(one, hostname(), io.user(), deps)) })),
			);
			const ok = results.every((result) => result.ok);
			const shown = results.map((result) => ({
				...{ name: result.name, ok: result.ok },
				...(!result.ok && { reason: result.reason }),
			}));
			const { paint, table } = context.ui;
			const rows = shown.map((one) => [
				one.ok ? paint('green', '✓') : paint('red', '✗'),
				one.name,
				plain(one.reason ?? 'sent'),
			]);
			io.stdout.write(context.json ? `${JSON.stringify({ ok, notifications: shown })}\n` : table(rows));
			io.exit(ok ? ExitCode.good : ExitCode.failed);
		});
}

function chosenFrom(
	notifications: readonly NotificationConfig[],
	name: string | undefined,
	file: string,
): readonly NotificationConfig[] {
	if (notifications.length === 0) {
		throw new UsageError(
			`${file} has no notifications: nobody is told of anything. Add some, docs/operations.md says how`,
		);
	}
	if (name === undefined) return notifications;
	const found = notifications.filter((one) => one.name === name);
	if (found.length > 0) return found;
	const names = notifications.map((one) => one.name);
	const near = nearest(name, names);
	const fix = near ? `did you mean ${near}?` : `known: ${names.join(', ')}`;
	throw new UsageError(`notify test ${name}: there is no such notification; ${fix}`);
}
