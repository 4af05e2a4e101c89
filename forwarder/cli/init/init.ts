/** `audit-relay init`: writes a commented starter configuration. */
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { STARTER } from '../../config/starter';
import { contextOf, examples, pathFrom } from '../context';
import { CommandFailed } from '../exit';
import type { Io } from '../io';

export function addInit(program: Command, io: Io): void {
	program
		.command('init')
		.description('write a commented starter configuration')
		.argument('[file]', 'file to write (default: the one of --config)')
		.option('-f, --force', 'replace the file if it exists')
		.addHelpText(
			'after',
			examples(
				['audit-relay init', 'write audit-relay.yaml'],
				['audit-relay init /etc/audit-relay.yaml', 'write another file'],
				['audit-relay init --force', 'start over'],
			),
		)
		.action(async (file: string | undefined, options: { force?: boolean }, command: Command) => {
			const context = contextOf(command, io);
			const path = file === undefined ? context.configPath : pathFrom(io, file);
			try {
				// `wx` refuses an existing file in the same step that creates it
				await writeFile(path, STARTER, { mode: 0o600, flag: options.force ? 'w' : 'wx' });
			} catch (error) {
				const { code } = error as NodeJS.ErrnoException;
				if (code === 'EEXIST') throw new CommandFailed(`${path} exists already; --force replaces it`);
				throw new CommandFailed(`${path} cannot be written (${code})`);
			}
			if (context.json) return void io.stdout.write(`${JSON.stringify({ written: path })}\n`);
			const config = path === 'audit-relay.yaml' ? '' : ` --config ${path}`;
			io.stdout.write(
				`Wrote ${path}. Next: fill in your account and destination, then\n` +
					`  audit-relay check${config}     # try out credentials and destination\n` +
					`  audit-relay preview${config}   # see events as they would be shipped\n` +
					`  audit-relay run${config}       # ship them\n`,
			);
		});
}
