/** `audit-relay dead-letters export`: a copy of dead letters with their texts, one JSON object per line. */
import type { Command } from 'commander';
import { logByHand, whoNow } from '../byHand';
import { chosen, idList } from '../choice';
import { contextOf, examples, pathFrom } from '../context';
import { filtered, filterOf, type FilterOptions } from './options';
import { UsageError } from '../exit';
import type { Io } from '../io';
import { letterJson } from '../../store/letterJson';
import { writePrivate } from '../state/export';
import { amending, isOfState } from '../state/file';
import { counted } from '../ui';

interface Options extends FilterOptions {
	output: string;
	force?: boolean;
}

const HELP = `
Each line has all that \`show --json\` prints, the text as received in \`raw\`. The file holds events: keep it as private as the
state itself. An export removes nothing; \`discard\` does. Who exported them and when is stored and logged.
`;

export function addExport(group: Command, io: Io): void {
	filtered(group.command('export'))
		.description('write dead letters with their texts, one JSON object per line')
		.argument('[id...]', 'numbers in the list; default: all that match the options', idList)
		.option('-o, --output <file>', 'file to write, readable by its owner only; - is standard output', '-')
		.option('-f, --force', 'replace the file if it exists')
		.addHelpText(
			'after',
			HELP +
				examples(
					['audit-relay dead-letters export --output letters.ndjson', 'all of them'],
					['audit-relay dead-letters export --reason rejected | jq .raw', 'some, to a program'],
				),
		)
		.action(async (ids: number[] | undefined, options: Options, command: Command) => {
			const context = contextOf(command, io);
			const which = chosen('dead letters', ids ?? [], !ids?.length, filterOf(options));
			const state = await context.statePlace();
			if (options.output === '-' && io.stdout.isTTY) {
				throw new UsageError('error: name a file with --output, or send the output to one');
			}
			const path = pathFrom(io, options.output);
			if (isOfState(state, path, io)) {
				throw new UsageError(`error: ${path} belongs to the state itself`);
			}
			const { letters, action } = await amending(state, io, async (opened) => {
				const fill = (write: (text: string) => void) =>
					opened.exportLetters(which, (letter) => write(`${JSON.stringify(letterJson(letter))}\n`), whoNow(io));
				return options.output === '-'
					? fill((text) => void io.stdout.write(text))
					: writePrivate(path, options.force === true, fill);
			});
			logByHand(action, io, context);
			if (options.output === '-') return;
			const told = `Wrote ${path}: ${counted(letters, 'dead letter')}\n`;
			io.stdout.write(context.json ? `${JSON.stringify({ written: path, deadLetters: letters })}\n` : told);
		});
}
