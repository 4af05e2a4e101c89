/** `audit-relay dead-letters export`: a copy of dead letters with their texts, one JSON object per line. */
import { resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Command } from 'commander';
import { noteAction } from '../../store/sqlite/actions';
import type { Action } from '../../store/actions';
import { findLetter, findLetters } from '../../store/sqlite/deadLetters';
import type { LetterFilter } from '../../store/deadLetters';
import { amendState } from '../../store/sqlite/open';
import { immediate } from '../../store/sqlite/transaction';
import { logByHand, whoNow } from '../byHand';
import { chosen, idList } from '../choice';
import { contextOf, examples, pathFrom } from '../context';
import { filtered, filterOf, type FilterOptions } from './options';
import { letterJson } from './text';
import { UsageError } from '../exit';
import type { Io } from '../io';
import { writePrivate } from '../state/export';
import { using } from '../state/file';
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
			const state = await context.statePath();
			if (options.output === '-' && io.stdout.isTTY) {
				throw new UsageError('error: name a file with --output, or send the output to one');
			}
			const path = pathFrom(io, options.output);
			if (['', '-wal', '-shm', '-lock'].some((suffix) => resolve(io.cwd, path) === state + suffix)) {
				throw new UsageError(`error: ${path} belongs to the state itself`);
			}
			const { letters, action } = using(amendState(state), (db) => {
				const fill = (write: (text: string) => void) => writeLetters(db, which, write);
				const count =
					options.output === '-'
						? fill((text) => void io.stdout.write(text))
						: writePrivate(path, options.force === true, fill);
				return { letters: count, action: noted(db, count, io) };
			});
			logByHand(action, io, context);
			if (options.output === '-') return;
			const told = `Wrote ${path}: ${counted(letters, 'dead letter')}\n`;
			io.stdout.write(context.json ? `${JSON.stringify({ written: path, deadLetters: letters })}\n` : told);
		});
}

/** One moment of the state, also beside a running process. Returns how many there were. */
function writeLetters(
	db: DatabaseSync,
	which: readonly number[] | LetterFilter,
	write: (text: string) => void,
): number {
	db.exec('BEGIN');
	try {
		const heads = findLetters(db, which);
		for (const { id } of heads) write(`${JSON.stringify(letterJson(findLetter(db, id)!))}\n`);
		return heads.length;
	} finally {
		db.exec('ROLLBACK');
	}
}

function noted(db: DatabaseSync, count: number, io: Io): Action | undefined {
	if (count === 0) return undefined;
	return immediate(db)(() => noteAction(db, whoNow(io), `dead-letters export: ${counted(count, 'dead letter')}`));
}
