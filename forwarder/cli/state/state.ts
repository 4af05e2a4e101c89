/** `audit-relay state`: what the state file holds, moved elsewhere, and changed on purpose. */
import type { Command } from 'commander';
import { examples } from '../context';
import type { Io } from '../io';
import { addCheck } from './check';
import { addExport } from './export';
import { addForget } from './forget';
import { addImport } from './import';
import { addAdopt, addReset } from './position';
import { addShow } from './show';

export function addState(program: Command, io: Io): void {
	const group = program
		.command('state')
		.description('show, check, export, import, reset and adopt stored positions; forget a destination')
		.addHelpText(
			'after',
			examples(
				['audit-relay state show', 'position of every source, what waits, who owns the file'],
				['audit-relay state check', 'whether the disk has damaged anything'],
				['audit-relay state export --output state.json', 'a copy for another machine'],
				['audit-relay state import state.json', 'continue from it there'],
				['audit-relay state reset dr', 'begin again at the configured start'],
				['audit-relay state adopt dr', 'continue with changed settings'],
				['audit-relay state forget old-siem', 'give up what waits for a destination that is gone'],
			),
		);
	for (const add of [addShow, addCheck, addExport, addImport, addReset, addAdopt, addForget]) add(group, io);
}
