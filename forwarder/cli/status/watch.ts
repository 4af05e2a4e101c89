/** `status --watch`: drawn again in place on a terminal, printed again elsewhere. */
import { formatInstant, fromMillis } from '../../../core/time';
import type { Io } from '../io';
import { openScreen } from '../screen';

export interface Watch {
	everyMs: number;
	/** What is to be seen now. */
	picture: () => Promise<string>;
	/** What an error says; throws those that are not of the state. */
	told: (error: unknown) => string;
}

/** Until Ctrl-C. The first picture has to succeed; a database that is away later is told and asked again. */
export async function watch(
	{ everyMs, picture, told }: Watch,
	io: Pick<Io, 'stdout' | 'clock' | 'stop'>,
	json: boolean,
): Promise<void> {
	const { stdout, clock, stop } = io;
	let shown = await picture();
	const now = () => formatInstant(fromMillis(clock.now()), 0);
	const screen = stdout.isTTY && !json ? openScreen(stdout) : undefined;
	try {
		while (!stop.aborted) {
			if (screen) screen.draw([`${now()}, again every ${everyMs / 1000}s; Ctrl-C ends`, '', ...shown.split('\n')]);
			else stdout.write(json ? shown : `${now()}\n${shown}\n`);
			await clock.sleep(everyMs, stop);
			if (!stop.aborted) shown = await picture().catch(told);
		}
	} finally {
		screen?.close();
	}
	// stays readable when the screen is gone
	if (screen) stdout.write(shown);
}
