import { createInterface } from 'node:readline';
import { UsageError } from './exit';
import type { Io } from './io';

/** Asks before something that cannot be taken back. Without a terminal only `--yes` counts; throws `UsageError` then. */
export async function confirmed(io: Pick<Io, 'stdin' | 'stderr' | 'stop'>, question: string): Promise<boolean> {
	if (!io.stdin?.isTTY) throw new UsageError(`${question}\nerror: there is no terminal to ask at; add --yes`);
	const lines = createInterface({ input: io.stdin, signal: io.stop });
	io.stderr.write(`${question}\nContinue? [y/N] `);
	const answer = await new Promise<string>((done) => {
		lines.once('line', done);
		// the end of the input, or Ctrl-C, is a no
		lines.once('close', () => done('no'));
	});
	lines.close();
	return /^y(es)?$/i.test(answer.trim());
}
