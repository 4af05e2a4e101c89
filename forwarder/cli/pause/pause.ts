/** `audit-relay pause`: nothing is asked of a source's provider until it is resumed, by whichever process reads it. */
import type { Command } from 'commander';
import { logByHand, whoNow } from '../byHand';
import { matching } from '../chosen';
import { contextOf, examples } from '../context';
import type { Io } from '../io';
import { amending } from '../state/file';

const HELP = `
It is kept in the state: a restart and another worker know of it. A running process ends what it reads within seconds; back-fill and
completeness checks of the source stand still too. What was read already is shipped. /readyz is degraded meanwhile, and says when the provider
begins to drop events that were not read.
`;

export function addPause(program: Command, io: Io): void {
	program
		.command('pause')
		.description('read nothing of a source until it is resumed')
		.argument('<source...>', 'names or patterns')
		.option('-n, --note <text>', 'why, for whoever finds it paused')
		.addHelpText(
			'after',
			HELP +
				examples(
					['audit-relay pause dr --note "key rotation"', 'one source'],
					["audit-relay pause 'eu-*'", 'all that are called so'],
				),
		)
		.action(async (wanted: string[], { note }: { note?: string }, command: Command) => {
			const context = contextOf(command, io);
			const names = matching(wanted, (await context.names()).sources);
			const { sources, action } = await amending(await context.statePlace(), io, (state) =>
				state.pauseSources(names, note, whoNow(io)),
			);
			logByHand(action, io, context);
			io.stdout.write(context.json ? `${JSON.stringify({ paused: sources })}\n` : told(names, sources));
		});
}

function told(names: readonly string[], sources: readonly string[]): string {
	const before = names.filter((name) => !sources.includes(name));
	return (
		(sources.length > 0
			? `paused: ${sources.join(', ')}; a running process reads nothing of it within seconds\n`
			: '') + (before.length > 0 ? `paused already: ${before.join(', ')}\n` : '')
	);
}
