/** `audit-relay poll` and `probe`: at once what would be done at the next occasion. */
import type { Command } from 'commander';
import type { ActionDone } from '../../server/api/types';
import type { Wish } from '../../store/wishes';
import { logByHand, whoNow } from '../byHand';
import { contextOf, examples, type Context } from '../context';
import { UsageError } from '../exit';
import type { Io } from '../io';
import { runningProcess } from '../running';
import { amending } from '../state/file';

export function addPoll(program: Command, io: Io): void {
	program
		.command('poll')
		.description('have the running process poll a source now')
		.argument('<source>', 'its name')
		.addHelpText('after', examples(['audit-relay poll dr', 'after its key was put right: no wait for the next try']))
		.action(async (name: string, _options: object, command: Command) => {
			const context = contextOf(command, io);
			await ask({ kind: 'poll', source: name }, `/api/v1/sources/${encodeURIComponent(name)}/poll`, context, io);
		});
}

export function addProbe(program: Command, io: Io): void {
	program
		.command('probe')
		.description('have the running process ask a halted destination now whether it accepts events')
		.argument('<destination>', 'its name')
		.addHelpText('after', examples(['audit-relay probe siem', 'after its key was put right']))
		.action(async (name: string, _options: object, command: Command) => {
			const context = contextOf(command, io);
			const { destinations } = await context.names();
			if (!destinations.includes(name)) throw new UsageError(`${name}: is no destination of the configuration`);
			const path = `/api/v1/destinations/${encodeURIComponent(name)}/probe`;
			await ask({ kind: 'probe', destination: name }, path, context, io);
		});
}

/** The process that has the file; by the database, whichever worker it is. */
async function ask(wish: Wish, path: string, context: Context, io: Io): Promise<void> {
	const place = await context.statePlace();
	let message = 'the worker that has it does it with its next beat';
	if (place.database) {
		const action = await amending(place, io, (state) => state.wish(wish, whoNow(io)));
		logByHand(action, io, context);
	} else {
		({ message = '' } = await (await runningProcess(context, io)).post<ActionDone>(path));
	}
	io.stdout.write(context.json ? `${JSON.stringify({ ok: true, message })}\n` : `${message}\n`);
}
