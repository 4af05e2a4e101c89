/** `audit-relay provider new`: a commented start of a declaration, and examples that it maps. */
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { loadDeclaration } from '../../config/declarations';
import { recordsText } from '../../prove/check';
import { exampleFiles } from '../../prove/exampleFiles';
import { contextOf, examples, pathFrom } from '../context';
import { CommandFailed, UsageError } from '../exit';
import type { Io } from '../io';
import { starterPages, starterText } from './starter';

const NAME = /^[a-z][a-z0-9-]{0,39}$/;

export function addNew(group: Command, io: Io): void {
	group
		.command('new')
		.description('write a commented declaration with example answers, to adapt to your API')
		.argument('<name>', 'lower-case letters, digits and dashes')
		.option('-f, --force', 'replace the files if they exist')
		.addHelpText(
			'after',
			examples(['audit-relay provider new acme', 'acme.provider.yaml, acme.page.json, acme.expected.json']),
		)
		.action(async (name: string, options: { force?: boolean }, command: Command) => {
			const { json } = contextOf(command, io);
			if (!NAME.test(name))
				throw new UsageError(`"${name}" is not a usable name. Use lower-case letters, digits and dashes.`);
			const path = pathFrom(io, `${name}.provider.yaml`);
			const written: string[] = [];
			const write = async (file: string, text: string) => {
				await writing(file, text, options.force === true);
				written.push(file);
			};
			await write(path, starterText(name, name[0]!.toUpperCase() + name.slice(1)));
			for (const [index, page] of starterPages.entries())
				await write(join(dirname(path), `${name}.page${index === 0 ? '' : index + 1}.json`), page);
			const files = await exampleFiles(path);
			await write(files.expectedPath, await recordsText(await loadDeclaration(path), files));
			if (json) return void io.stdout.write(`${JSON.stringify({ written })}\n`);
			io.stdout.write(
				`Wrote ${written.join(', ')}. Next: adapt them to your API, then\n` + `  audit-relay provider check ${path}\n`,
			);
		});
}

async function writing(file: string, text: string, replaces: boolean): Promise<void> {
	try {
		await writeFile(file, text, { flag: replaces ? 'w' : 'wx' });
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === 'EEXIST') throw new CommandFailed(`${file} exists already; --force replaces it`);
		throw new CommandFailed(`${file} cannot be written (${code})`);
	}
}
