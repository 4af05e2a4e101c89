/** `audit-relay state check`: whether the disk has altered what is stored. */
import type { Command } from 'commander';
import { checkState, type Checked } from '../store/check';
import { readState } from '../store/open';
import { contextOf, examples } from './context';
import { ExitCode } from './exit';
import type { Io } from './io';
import { using } from './stateFile';
import { plain, type Ui } from './ui';

const HELP = `
Exit code 0: all of it is as it was written. 1: rows are damaged; they are named. 2: there is no state, or it is not readable.
\`audit-relay run\` ships nothing that is damaged: it puts such batches aside and reads their spans again, and positions go back.
`;

export function addCheck(group: Command, io: Io): void {
	group
		.command('check')
		.description('look for rows that the disk has altered')
		.addHelpText('after', HELP + examples(['audit-relay state check', 'also while `run` is running; changes nothing']))
		.action(async (_options: unknown, command: Command) => {
			const { statePath, json, ui } = contextOf(command, io);
			const path = await statePath();
			const found = using(readState(path), checkState);
			const whole = found.damage.length === 0;
			io.stdout.write(json ? `${JSON.stringify({ path, whole, ...found })}\n` : asText(path, found, ui));
			io.exit(whole ? ExitCode.good : ExitCode.failed);
		});
}

function asText(path: string, { rows, damage, aside }: Checked, ui: Ui): string {
	const looked = Object.values(rows).reduce((sum, count) => sum + count, 0);
	const kept = aside > 0 ? `damaged batches put aside earlier and kept in the file: ${aside}\n` : '';
	if (damage.length === 0) return `${path}: ${looked} rows looked at, all as they were written\n${kept}`;
	const lines = damage.map(({ table: name, row = '-', stream = '-', what }) => [name, row, stream, what].map(plain));
	return `${ui.table(lines, ['TABLE', 'ROW', 'SOURCE', 'DAMAGED'])}\n${path}: ${damage.length} of ${looked} rows are damaged\n${kept}`;
}
