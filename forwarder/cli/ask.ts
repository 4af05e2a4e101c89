/** Questions to a person at a terminal. */
import { createInterface } from 'node:readline';
import { UsageError } from './exit';
import type { Io } from './io';

export type AskIo = Pick<Io, 'stdin' | 'stderr' | 'stop'>;

interface Raw {
	setRawMode?(raw: boolean): unknown;
}

/** The line that is typed, without its end. Throws when nobody answers any more. */
export async function ask(io: AskIo, question: string, usual?: string): Promise<string> {
	const { stdin, stderr, stop } = io;
	if (!stdin) throw new UsageError(`${question}: there is nobody to ask`);
	const lines = createInterface({ input: stdin, signal: stop });
	stderr.write(`${question}${usual === undefined ? '' : ` [${usual}]`}: `);
	const answer = await new Promise<string | undefined>((done) => {
		lines.once('line', done);
		// the end of the input, or Ctrl-C
		lines.once('close', () => done(undefined));
	});
	lines.close();
	if (answer === undefined) throw interrupted(io);
	return answer.trim() || (usual ?? '');
}

/** Until it is none of `wrong`: that says what to do instead. */
export async function askUntil(
	io: AskIo,
	question: string,
	usual: string | undefined,
	wrong: (answer: string) => string | undefined,
): Promise<string> {
	for (;;) {
		const answer = await ask(io, question, usual);
		const mistake = wrong(answer);
		if (mistake === undefined) return answer;
		io.stderr.write(`  ${mistake}\n`);
	}
}

/** One of several, by its number or its name. */
export async function choose<T extends string>(
	io: AskIo,
	question: string,
	choices: readonly { name: T; about?: string }[],
	usual: T,
): Promise<T> {
	const width = Math.max(...choices.map(({ name }) => name.length));
	const rows = choices.map(
		({ name, about }, index) => `  ${`${index + 1})`.padEnd(3)} ${about ? `${name.padEnd(width)}  ${about}` : name}`,
	);
	io.stderr.write(`${question}\n${rows.join('\n')}\n`);
	const find = (answer: string) => choices.find(({ name }, index) => name === answer || String(index + 1) === answer);
	const answer = await askUntil(io, 'Which one', usual, (text) =>
		find(text) ? undefined : `Give a number from 1 to ${choices.length}, or a name`,
	);
	return find(answer)!.name;
}

/** Typed at a terminal without being shown; else the first line of the input. */
export async function askSecret(io: AskIo, question: string): Promise<string> {
	const { stdin, stderr, stop } = io;
	if (!stdin) throw new UsageError(`${question}: there is nobody to ask`);
	const raw = stdin as Raw;
	if (!stdin.isTTY || !raw.setRawMode) return firstLine(io, question);
	stderr.write(`${question}: `);
	raw.setRawMode(true);
	try {
		return await new Promise<string>((done, fail) => {
			let text = '';
			const end = (settle: () => void) => {
				stdin.off('data', take);
				stop.removeEventListener('abort', cancel);
				settle();
			};
			const cancel = () => end(() => fail(interrupted(io)));
			const take = (chunk: Buffer | string) => {
				for (const char of String(chunk)) {
					if (char === '\r' || char === '\n') return end(() => done(text));
					// Ctrl-C and Ctrl-D arrive as characters
					if (char === '\u0003' || char === '\u0004') return cancel();
					if (char === '\u007f' || char === '\b') text = [...text].slice(0, -1).join('');
					else if (char >= ' ') text += char;
				}
			};
			stdin.on('data', take);
			stop.addEventListener('abort', cancel);
			stdin.resume();
		});
	} finally {
		raw.setRawMode(false);
		stdin.pause();
		stderr.write('\n');
	}
}

async function firstLine({ stdin, stop }: AskIo, question: string): Promise<string> {
	const lines = createInterface({ input: stdin!, signal: stop });
	const line = await new Promise<string | undefined>((done) => {
		lines.once('line', done);
		lines.once('close', () => done(undefined));
	});
	lines.close();
	if (line) return line;
	throw new UsageError(`${question}: nothing came from stdin; give it there as one line`);
}

/** As a signal would end it. */
function interrupted({ stop }: AskIo): Error {
	return stop.aborted
		? Object.assign(new Error('interrupted'), { name: 'AbortError' })
		: new UsageError('nobody answers');
}
