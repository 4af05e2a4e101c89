/** `audit-relay status`: how far every source and destination is, read beside a running process. */
import { Option, type Command } from 'commander';
import { isDatabaseError } from '../../store/postgres/errors';
import { StateError } from '../../store/stateError';
import { interval, several } from '../choice';
import { contextOf, examples, type Context } from '../context';
import { problemsJson } from '../exit';
import type { Io } from '../io';
import { reading } from '../state/file';
import { statusJson } from './json';
import { statusText } from './text';
import { NOTHING_TOLD, toldProblems } from './told';
import { EVERYTHING, viewOf, type Selection, type Stored } from './view';
import { watch } from './watch';

const HELP = `
All counts are records. LAG is how far what was read is behind now, DEAD are dead letters, GAPS are unacknowledged gap records, VERDICT is the
result of the last scheduled \`verify\`. Problems come first; a terminal shows what fits on it, a pipe everything.
`;

export function addStatus(program: Command, io: Io): void {
	program
		.command('status')
		.description('show whether it runs, how far every source and destination is, and what needs attention')
		.option('-s, --source <name>', 'only these: a name or a pattern, several times', several, [])
		.option('-p, --problems', 'only what has a problem', false)
		.addOption(new Option('-w, --watch [interval]', 'again and again, until Ctrl-C').preset('2s').argParser(interval))
		.addHelpText(
			'after',
			HELP +
				examples(
					['audit-relay status', 'a table, also while `run` is running'],
					["audit-relay status --source 'eu-*'", 'all sources that are called so'],
					['audit-relay status --problems --watch 10s', 'what is wrong, drawn again every 10 seconds'],
					['audit-relay status --json', 'for scripts'],
				),
		)
		.action(async (options: Selection & { watch?: number }, command: Command) => {
			const context = contextOf(command, io);
			const place = await context.statePlace();
			const picture = async () => {
				const configured = await context.names();
				const stored = await reading(place, io, async (state) => ({
					summary: await state.summary(),
					owner: await state.owner(),
				}));
				const told = stored.owner.running ? await toldProblems(context, io) : NOTHING_TOLD;
				return pictureOf({ ...stored, configured, told }, options, context, io);
			};
			if (options.watch === undefined) io.stdout.write(await picture());
			else await watch({ everyMs: options.watch, picture, told: told(context.json) }, io, context.json);
		});
}

/** A table for people, one JSON object for machines. */
export function showSummary(stored: Stored, context: Pick<Context, 'json' | 'ui'>, io: Io): void {
	io.stdout.write(pictureOf(stored, EVERYTHING, context, io));
}

function pictureOf(
	stored: Stored,
	selection: Selection,
	{ json, ui }: Pick<Context, 'json' | 'ui'>,
	{ clock }: Io,
): string {
	const view = viewOf(stored, selection);
	return json ? statusJson(view) : statusText(view, clock.now(), ui);
}

/** While it watches: the state may be away for a moment. */
function told(json: boolean): (error: unknown) => string {
	return (error) => {
		if (!(error instanceof StateError) && !isDatabaseError(error)) throw error;
		const { message: what } = error as Error;
		return json ? problemsJson([{ key: '', what }]) : `${what}\n`;
	};
}
