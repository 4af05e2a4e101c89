/** `audit-relay state forget`: gives up what waits for a destination that is gone, and says so in gap records. */
import type { Command } from 'commander';
import { fromMillis } from '../../../core/time';
import { confirmed } from '../confirm';
import { contextOf, examples } from '../context';
import { CommandFailed, ExitCode, UsageError } from '../exit';
import type { Io } from '../io';
import { owning } from './file';
import { plain } from '../ui';

export function addForget(group: Command, io: Io): void {
	group
		.command('forget')
		.description('give up what waits for a destination that is no longer configured')
		.argument('<destination>', 'name of the destination')
		.option('-y, --yes', 'do not ask')
		.addHelpText(
			'after',
			'\nIts events take up room in the outbox, and polling pauses when it is full. Other destinations lose nothing; each of\n' +
				'their sources gets a gap record. Dead letters of the destination stay.\n' +
				examples(['audit-relay state forget old-siem', 'asks first']),
		)
		.action(async (name: string, options: { yes?: boolean }, command: Command) => {
			const { config: load, json } = contextOf(command, io);
			const config = await load();
			if (config.destinations.some((destination) => destination.name === name)) {
				throw new UsageError(
					`${name} is configured; what waits for it is shipped. Remove it from the configuration first`,
				);
			}
			await owning(config, io, async (state) => {
				const waiting = (await state.inspect()).waiting.find(({ destination }) => destination === name);
				if (!waiting) throw new CommandFailed(`nothing waits for a destination ${plain(name)}`);
				const plan = `${waiting.records} records that wait for ${plain(name)} are given up`;
				if (!options.yes && !(await confirmed(io, plan))) {
					io.stderr.write('nothing was changed\n');
					return io.exit(ExitCode.failed);
				}
				const events = await state.giveUp(name, {
					now: fromMillis(io.clock.now()),
					destinationsOf: (stream) => config.sources.find((source) => source.name === stream)?.destinations ?? [],
				});
				io.stdout.write(
					json
						? `${JSON.stringify({ destination: name, records: waiting.records, events })}\n`
						: `${plan} (${events} events); gap records say so\n`,
				);
			});
		});
}
