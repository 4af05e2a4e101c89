/** `audit-relay top`: the running process, live on a terminal. */
import { emitKeypressEvents } from 'node:readline';
import { Option, type Command } from 'commander';
import type { Overview, SourcePage } from '../../server/api/types';
import { interval } from '../choice';
import { contextOf, examples } from '../context';
import { CommandFailed, UsageError } from '../exit';
import type { Input, Io } from '../io';
import { runningProcess, type RunningProcess } from '../running';
import { openScreen } from '../screen';
import type { Ui } from '../ui';
import { FIRST, press, type Key, type Shown } from './keys';
import { footLine, headLines, topLines, type Seen } from './text';

const HELP = `
Problems come first. Keys: q quits, arrows, PgUp and PgDn scroll, s sorts by something else, / filters by a part of the name, Esc clears that.
Needs a process that runs on this machine, and the right to its socket; \`audit-relay status\` reads the state without one.
`;

export function addTop(program: Command, io: Io): void {
	program
		.command('top')
		.description('watch the running process live: problems first, rates, what waits')
		.addOption(
			new Option('--interval <duration>', 'look again after this long').default(1000, '1s').argParser(interval),
		)
		.addHelpText(
			'after',
			HELP + examples(['audit-relay top', 'until q'], ['audit-relay top --interval 5s', 'over a slow connection']),
		)
		.action(async (options: { interval: number }, command: Command) => {
			const context = contextOf(command, io);
			if (!io.stdout.isTTY || context.json)
				throw new UsageError(
					'top draws on a terminal; elsewhere use audit-relay status --watch, with --json for machines',
				);
			const end = new AbortController();
			const asking = { ...io, stop: AbortSignal.any([io.stop, end.signal]) };
			const running = await runningProcess(context, asking);
			await top(running, { everyMs: options.interval, quit: () => end.abort(), ui: context.ui }, asking);
		});
}

/** Lines of the table that are not sources. */
const TITLE = 1;
const FOOT = 1;

interface Live {
	everyMs: number;
	/** Aborts `stop`. */
	quit: () => void;
	ui: Ui;
}

/** Until it is told to stop. A process that ends meanwhile is told, and asked again. */
export async function top(
	running: RunningProcess,
	{ everyMs, quit, ui }: Live,
	{ stdin, stdout, clock, stop }: Pick<Io, 'stdin' | 'stdout' | 'clock' | 'stop'>,
): Promise<void> {
	let shown: Shown = FIRST;
	let seen = await look(running, shown, ui);
	let error: string | undefined;
	let wake = new AbortController();
	const stopped = () => wake.abort();
	stop.addEventListener('abort', stopped);

	const draw = () => {
		const rows = Number.isFinite(ui.rows) ? ui.rows : 24;
		const lines = topLines(seen, headLines(seen.overview, ui), seen.overview.process.at, shown, ui).slice(
			0,
			rows - FOOT,
		);
		const blank = Array<string>(Math.max(0, rows - FOOT - lines.length)).fill('');
		screen.draw([...lines, ...blank, footLine(shown, seen.page, error, ui)]);
	};
	const onKey = (key: Key) => {
		const next = press(shown, key, { rows: roomFor(seen.overview, ui), total: seen.page.total });
		if (next === 'quit') return quit();
		if (next === shown) return;
		shown = next;
		draw();
		wake.abort();
	};

	const screen = openScreen(stdout);
	const release = stdin?.isTTY ? listen(stdin, onKey) : () => undefined;
	try {
		while (!stop.aborted) {
			draw();
			await clock.sleep(everyMs, wake.signal);
			wake = new AbortController();
			try {
				if (!stop.aborted) seen = await look(running, shown, ui);
				error = undefined;
			} catch (failure) {
				if (!(failure instanceof CommandFailed) && !stop.aborted) throw failure;
				error = (failure as Error).message;
			}
		}
	} finally {
		release();
		screen.close();
		stop.removeEventListener('abort', stopped);
	}
}

async function look(running: RunningProcess, { sort, filter, offset }: Shown, ui: Ui): Promise<Seen> {
	const overview = await running.get<Overview>('/api/v1/overview');
	const query = new URLSearchParams({ sort, offset: String(offset), limit: String(roomFor(overview, ui)) });
	if (filter) query.set('q', filter);
	return { overview, page: await running.get<SourcePage>(`/api/v1/sources?${query.toString()}`) };
}

function roomFor(overview: Overview, ui: Ui): number {
	const rows = Number.isFinite(ui.rows) ? ui.rows : 24;
	return Math.min(500, Math.max(1, rows - headLines(overview, ui).length - TITLE - FOOT));
}

/** Key by key, until the function that it returns is called. */
function listen(stdin: Input, onKey: (key: Key) => void): () => void {
	const told = (_text: string | undefined, key: Key) => onKey(key);
	emitKeypressEvents(stdin);
	stdin.setRawMode?.(true);
	stdin.on('keypress', told);
	stdin.resume();
	return () => {
		stdin.off('keypress', told);
		stdin.setRawMode?.(false);
		stdin.pause();
	};
}
