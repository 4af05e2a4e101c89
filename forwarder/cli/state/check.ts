/** `audit-relay state check`: whether the disk has altered what is stored. */
import type { Command } from 'commander';
import type { Checked } from '../../store/admin';
import { contextOf, examples } from '../context';
import { ExitCode } from '../exit';
import type { Io } from '../io';
import { readingFile } from './file';
import { plain, type Ui } from '../ui';

const HELP = `
Exit codes: 0 all rows are intact, 1 some are damaged and listed, 2 there is no state or it cannot be read.
\`audit-relay run\` ships nothing that is damaged: it sets such batches aside, reads their spans again and moves positions back.
`;

const WHY =
	'state check looks for what a disk has altered in a state file. A database looks after its own disk: initdb --data-checksums, ' +
	'pg_amcheck. A batch that is damaged all the same is set aside by `audit-relay run`, and its span is read again';

export function addCheck(group: Command, io: Io): void {
	group
		.command('check')
		.description('find rows that the disk has damaged')
		.addHelpText('after', HELP + examples(['audit-relay state check', 'also while `run` is running; changes nothing']))
		.action(async (_options: unknown, command: Command) => {
			const { statePlace, json, ui } = contextOf(command, io);
			const place = await statePlace();
			const found = await readingFile(place, WHY, (state) => state.check());
			const { path } = place.state;
			const whole = found.damage.length === 0;
			io.stdout.write(json ? `${JSON.stringify({ path, whole, ...found })}\n` : asText(path, found, ui));
			io.exit(whole ? ExitCode.good : ExitCode.failed);
		});
}

function asText(path: string, { rows, damage, aside }: Checked, ui: Ui): string {
	const looked = Object.values(rows).reduce((sum, count) => sum + count, 0);
	const kept = aside > 0 ? `damaged batches set aside earlier and kept in the file: ${aside}\n` : '';
	if (damage.length === 0) return `${path}: ${looked} rows checked, all intact\n${kept}`;
	const lines = damage.map(({ table: name, row = '-', stream = '-', what }) => [name, row, stream, what].map(plain));
	return `${ui.table(lines, ['TABLE', 'ROW', 'SOURCE', 'DAMAGED'])}\n${path}: ${damage.length} of ${looked} rows are damaged\n${kept}`;
}
