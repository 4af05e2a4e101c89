/** `audit-relay dead-letters discard`: removes what will never be shipped, also beside a running process. */
import type { Command } from 'commander';
import type { LetterHead } from '../../store/deadLetters';
import { logByHand, whoNow } from '../byHand';
import { chosen, idList } from '../choice';
import { confirmed } from '../confirm';
import { contextOf, examples } from '../context';
import { filtered, filterOf, type FilterOptions } from './options';
import { ExitCode } from '../exit';
import type { Io } from '../io';
import { amending } from '../state/file';
import { counted, plain } from '../ui';

interface Options extends FilterOptions {
	all?: boolean;
	yes?: boolean;
}

const HELP = `
Their texts are deleted: run \`dead-letters export\` first to keep a copy. Their destinations get a gap record. Who discarded them
and when is stored, and logged by a running process too.
`;

export function addDiscard(group: Command, io: Io): void {
	filtered(group.command('discard'))
		.description('remove dead letters for good; gap records say so')
		.argument('[id...]', 'numbers in the list', idList)
		.option('--all', 'all of them, or all that match the other options')
		.option('-y, --yes', 'do not ask')
		.addHelpText(
			'after',
			HELP +
				examples(
					['audit-relay dead-letters discard 7 8', 'these two; asks first'],
					['audit-relay dead-letters discard --all --reason invalid_event --yes', 'from a script'],
				),
		)
		.action(async (ids: number[] | undefined, options: Options, command: Command) => {
			const context = contextOf(command, io);
			const which = chosen('dead letters', ids ?? [], options.all === true, filterOf(options));
			const config = await context.config();
			await amending(config, io, async (opened) => {
				const found = await opened.findLetters(which);
				const unknown = (ids ?? []).filter((id) => !found.some((letter) => letter.id === id));
				if (found.length > 0 && !options.yes && !(await confirmed(io, planOf(found)))) {
					io.stderr.write('nothing was changed\n');
					return io.exit(ExitCode.failed);
				}
				// exactly those that were shown: more may have come while the question waited
				const destinationsOf = (stream: string) =>
					config.sources.find(({ name }) => name === stream)?.destinations ?? [];
				const shown = found.map(({ id }) => id);
				const { letters, action } = await opened.discardLetters(shown, whoNow(io), destinationsOf);
				logByHand(action, io, context);
				const told = `${counted(letters, 'dead letter')} discarded${letters > 0 ? '; gap records say so' : ''}\n`;
				const missed = unknown.length > 0 ? `there is no such dead letter: ${unknown.join(', ')}\n` : '';
				io.stdout.write(context.json ? `${JSON.stringify({ discarded: letters, unknown })}\n` : told + missed);
				if (unknown.length > 0) io.exit(ExitCode.failed);
			});
		});
}

function planOf(found: readonly LetterHead[]): string {
	const kinds = new Map<string, number>();
	for (const { stream, destination, reason } of found) {
		const kind = `${plain(reason)} of ${plain(stream)}${destination === undefined ? '' : ` for ${plain(destination)}`}`;
		kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
	}
	const parts = [...kinds].map(([kind, count]) => `${count} ${kind}`);
	return `${counted(found.length, 'dead letter')} (${parts.join(', ')}) removed for good`;
}
