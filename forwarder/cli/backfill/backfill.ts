/** `audit-relay backfill`: reads a part of the past, itself or by the daemon that runs already. */
import type { Command } from 'commander';
import type { Config, SourceConfig } from '../../config/types';
import { readRange } from './range';
import { backfill } from './work';
import { whoNow } from '../byHand';
import { sourceNamed } from '../chosen';
import { contextOf, examples } from '../context';
import { CommandFailed } from '../exit';
import type { Io } from '../io';
import { amending } from '../state/file';

interface Options {
	source: string;
	from?: string;
	to?: string;
	cancel?: boolean;
}

export function addBackfill(program: Command, io: Io): void {
	program
		.command('backfill')
		.description('read events from before the start of a source and ship them')
		.requiredOption('-s, --source <name>', 'name of the source in the configuration')
		.option('--from <when>', 'begin: 2026-01-31, 2026-01-31T12:00:00Z or an age (30d)')
		.option('--to <when>', 'end, not included (default: where `run` began to read the source)')
		.option('--cancel', 'end the unfinished back-fill; what was read stays')
		.addHelpText(
			'after',
			examples(
				['audit-relay backfill --source dr --from 90d', 'the last 90 days; while `run` is running, it does the work'],
				['audit-relay backfill --source dr', 'resume the one that was stopped'],
				['audit-relay backfill --source dr --cancel', 'end it'],
			),
		)
		.action(async (options: Options, command: Command) => {
			const context = contextOf(command, io);
			const config = await context.config();
			const source = sourceNamed(config, options.source);
			if (options.cancel) return cancel(config, source, io);
			const asked = readRange(options, io.clock.now());
			await backfill({ config, source, asked, context, io });
		});
}

async function cancel(config: Config, { name }: SourceConfig, io: Io): Promise<void> {
	const isCancelled = await amending(config, io, (state) => state.cancelBackfill(name, whoNow(io)));
	if (!isCancelled) throw new CommandFailed(`source ${name} has no unfinished back-fill`);
	io.stderr.write(`back-fill of ${name} cancelled; what was read is shipped\n`);
}
