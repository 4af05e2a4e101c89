/** `audit-relay resume`: a paused source is read again, from where it was. */
import type { Command } from 'commander';
import { logByHand, whoNow } from '../byHand';
import { matching } from '../chosen';
import { contextOf, examples } from '../context';
import { ExitCode } from '../exit';
import type { Io } from '../io';
import { amending } from '../state/file';

export function addResume(program: Command, io: Io): void {
	program
		.command('resume')
		.description('read a paused source again, from where it was')
		.argument('<source...>', 'names or patterns')
		.addHelpText('after', examples(['audit-relay resume dr', 'its next poll is now']))
		.action(async (wanted: string[], _options: object, command: Command) => {
			const context = contextOf(command, io);
			const { sources: configured } = await context.names();
			const { sources, action, isOne } = await amending(await context.statePlace(), io, async (state) => {
				const paused = (await state.summary()).paused.map(({ source }) => source);
				// also one that is no longer configured
				const names = matching(wanted, [...new Set([...configured, ...paused])]);
				return { ...(await state.resumeSources(names, whoNow(io))), isOne: names.length === 1 };
			});
			logByHand(action, io, context);
			const none = `${isOne ? 'it is' : 'they are'} not paused\n`;
			const text = sources.length > 0 ? `resumed: ${sources.join(', ')}\n` : none;
			io.stdout.write(context.json ? `${JSON.stringify({ resumed: sources })}\n` : text);
			if (sources.length === 0) io.exit(ExitCode.failed);
		});
}
