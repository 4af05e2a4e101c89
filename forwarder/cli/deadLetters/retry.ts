/** `audit-relay dead-letters retry`: back into the outbox, also beside a running process. */
import type { Command } from 'commander';
import type { Config } from '../../config/types';
import { whyNotRetried } from '../../run/retryable';
import type { Retried } from '../../store/deadLetters';
import { contextOf, examples } from '../context';
import { logByHand, whoNow } from '../byHand';
import { chosen, idList } from '../choice';
import { filtered, filterOf, type FilterOptions } from './options';
import { ExitCode } from '../exit';
import type { Io } from '../io';
import { amending } from '../state/file';
import { plain } from '../ui';

interface Options extends FilterOptions {
	all?: boolean;
	force?: boolean;
}

const HELP = `
The letter is removed when its record is in the outbox again, both in one step; a record that is refused once more becomes
a new letter. The record keeps its id and its time of receipt. Letters in doubt (doubtful) that came from one batch are sent
and searched again together, whichever of their numbers is given. Records that are older than the destination's maxEventAge
would come straight back, so they are not sent; --force sends them anyway, for a running process that was
started with another maxEventAge. What never became an event (invalid_event) cannot be shipped: \`show --raw\` has its text.
`;

export function addRetry(group: Command, io: Io): void {
	filtered(group.command('retry'))
		.description('put records back into the outbox of their destination')
		.argument('[id...]', 'numbers in the list', idList)
		.option('--all', 'all of them, or all that match the other options')
		.option('-f, --force', 'also records that are older than the destination takes')
		.addHelpText(
			'after',
			HELP +
				examples(
					['audit-relay dead-letters retry 7 8', 'these two'],
					['audit-relay dead-letters retry --all', 'everything that can be shipped'],
					['audit-relay dead-letters retry --all --reason rejected --source dr', 'some'],
				),
		)
		.action(async (ids: number[] | undefined, { all, force, ...options }: Options, command: Command) => {
			const context = contextOf(command, io);
			const { config: load, json } = context;
			const which = chosen('dead letters', ids ?? [], all === true, filterOf(options));
			const config = await load();
			const refuse = refusal(config, io.clock.now(), force === true);
			const { action, running, ...retried } = await amending(config, io, async (state) => ({
				...(await state.retryLetters(which, refuse, whoNow(io))),
				running: (await state.owner()).running,
			}));
			logByHand(action, io, context);
			io.stdout.write(
				json ? `${JSON.stringify({ ...retried, running })}\n` : told(retried, running, config.database !== undefined),
			);
			// who names a letter wants that one; who says --all takes what can be had
			if (!all && retried.refused.length > 0) io.exit(ExitCode.failed);
		});
}

function refusal({ sources, destinations }: Config, nowMs: number, force: boolean) {
	const named = <T extends { name: string }>(list: readonly T[]) => new Map(list.map((one) => [one.name, one]));
	return whyNotRetried({ sources: named(sources), destinations: named(destinations) }, nowMs, force);
}

const WHEN = {
	own: 'the running process ships them within seconds',
	shared: 'the worker that has their source ships them after its next poll',
};

function told({ letters, refused }: Retried, running: boolean, shared: boolean): string {
	const lines: string[] = [];
	if (letters > 0) {
		const next = running ? WHEN[shared ? 'shared' : 'own'] : '`audit-relay run` will ship them';
		lines.push(`${letters} back in the outbox; ${next}`);
	} else if (refused.length === 0) lines.push('no dead letters to retry');
	for (const reason of new Set(refused.map((one) => one.reason))) {
		const those = refused.filter((one) => one.reason === reason);
		const ids = those.slice(0, 10).map(({ id }) => id);
		lines.push(`${those.length} not retried (${ids.join(', ')}${those.length > 10 ? ', …' : ''}): ${plain(reason)}`);
	}
	return `${lines.join('\n')}\n`;
}
