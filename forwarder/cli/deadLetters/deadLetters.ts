/** `audit-relay dead-letters`: what a receiver refused, or what was not an event: looked at, and sent again. */
import type { Command } from 'commander';
import { contextOf, examples } from '../context';
import { letterJson } from '../../store/letterJson';
import { letterPage, letterRow } from './text';
import { listId, listLength } from '../choice';
import { filtered, filterOf, type FilterOptions } from './options';
import { addDiscard } from './discard';
import { addExport } from './export';
import { addRetry } from './retry';
import { CommandFailed } from '../exit';
import type { Io } from '../io';
import { reading } from '../state/file';

export function addDeadLetters(program: Command, io: Io): void {
	const group = program
		.command('dead-letters')
		.description('list, show, retry, export and discard what was not delivered')
		.addHelpText(
			'after',
			examples(
				['audit-relay dead-letters list', 'what there is'],
				['audit-relay dead-letters show 7', 'one of them, with its text'],
				['audit-relay dead-letters retry --all', 'when the receiver accepts them now'],
				['audit-relay dead-letters export --output letters.ndjson', 'a copy with their texts'],
				['audit-relay dead-letters discard --all --reason too_old', 'when they are not needed'],
			),
		);
	addList(group, io);
	addShow(group, io);
	addRetry(group, io);
	addExport(group, io);
	addDiscard(group, io);
}

function addList(group: Command, io: Io): void {
	filtered(group.command('list'))
		.description('list dead letters, newest first')
		.option('-n, --limit <number>', 'list this many', listLength, 50)
		.addHelpText(
			'after',
			examples(
				['audit-relay dead-letters list', 'the newest 50'],
				['audit-relay dead-letters list --reason too_large', 'only those'],
				['audit-relay dead-letters list --json --limit 9999', 'for scripts'],
			),
		)
		.action(async (options: FilterOptions & { limit: number }, command: Command) => {
			const { statePlace, json, ui } = contextOf(command, io);
			const { total, records, letters } = await reading(await statePlace(), io, (state) =>
				state.listLetters(filterOf(options), options.limit),
			);
			if (json) {
				io.stdout.write(`${JSON.stringify({ total, records, deadLetters: letters.map(letterJson) })}\n`);
				return;
			}
			if (total === 0) return void io.stdout.write('no dead letters\n');
			const head = ['ID', 'WHEN', 'SOURCE', 'DESTINATION', 'EVENT', 'REASON', 'DETAIL'];
			const rows = letters.map((letter) => letterRow(letter, ui));
			const rest = letters.length < total ? `, the newest ${letters.length} of them here; --limit shows more` : '';
			const many = records > total ? ` of ${records} records` : '';
			io.stdout.write(`${ui.table(rows, head)}\n${total} dead letter${total === 1 ? '' : 's'}${many}${rest}\n`);
		});
}

function addShow(group: Command, io: Io): void {
	group
		.command('show')
		.description('show one dead letter with its text')
		.argument('<id>', 'number in the list', listId)
		.option('--raw', 'print the text alone, byte for byte')
		.addHelpText(
			'after',
			examples(
				['audit-relay dead-letters show 7', 'all that is known'],
				['audit-relay dead-letters show 7 --raw > event.json', 'the text as received'],
			),
		)
		.action(async (id: number, options: { raw?: boolean }, command: Command) => {
			const { statePlace, json, ui } = contextOf(command, io);
			const [letter, together] = await reading(
				await statePlace(),
				io,
				async (state) => [await state.letter(id), await state.findLetters([id])] as const,
			);
			if (!letter) throw new CommandFailed(`there is no dead letter ${id}; \`audit-relay dead-letters list\` has them`);
			const { stdout } = io;
			if (options.raw) return void (stdout.writeAsReceived?.(letter.raw) ?? stdout.write(letter.raw));
			io.stdout.write(json ? `${JSON.stringify(letterJson(letter))}\n` : letterPage(letter, together, ui));
		});
}
