/** Runs a command line in this process and keeps what it printed. */
import type { Io } from '../../../forwarder/cli/io';
import { buildProgram, runProgram, type AddCommand } from '../../../forwarder/cli/main';
import { addCheck } from '../../../forwarder/cli/check/check';
import { addInit } from '../../../forwarder/cli/init/init';
import { addPreview } from '../../../forwarder/cli/preview/preview';
import { systemClock } from '../../../forwarder/waits';
import type { Person } from './terminal';

export interface Ran {
	code: number;
	out: string;
	err: string;
}

interface Surroundings {
	cwd?: string;
	env?: Record<string, string | undefined>;
	/** As on a terminal. */
	tty?: boolean;
	columns?: number;
	rows?: number;
	/** Added to the clock, milliseconds. */
	skew?: number;
	stop?: AbortSignal;
	/** What comes from a pipe. */
	stdin?: Io['stdin'];
	/** Somebody at the terminal, who reads stderr and answers. */
	person?: Person;
}

/** The surroundings of a command that touches nothing real but the clock. */
export function systemIo(given: Partial<Io> = {}): Io {
	const output = { write: () => true };
	return {
		stdout: output,
		stderr: output,
		env: {},
		cwd: process.cwd(),
		clock: systemClock,
		random: () => 0.5,
		user: () => 'ada',
		stop: new AbortController().signal,
		onHangup: () => undefined,
		exit: () => undefined,
		...given,
	};
}

export async function runCli(
	args: readonly string[],
	given: Surroundings = {},
	commands: readonly AddCommand[] = [addInit, addCheck, addPreview],
): Promise<Ran> {
	const ran: Ran = { code: 0, out: '', err: '' };
	const {
		cwd = process.cwd(),
		env = {},
		tty = false,
		columns = 100,
		rows,
		skew = 0,
		stop = new AbortController().signal,
		person,
		stdin = person?.stdin,
	} = given;
	const toStderr = (text: string) => {
		ran.err += text;
		person?.reads(text);
	};
	const io = systemIo({
		stdout: { write: (text) => (ran.out += text), steer: (text) => (ran.out += text), isTTY: tty, columns, rows },
		stderr: { write: toStderr, steer: (text) => (ran.err += text), isTTY: tty, columns, rows },
		...(stdin && { stdin }),
		env,
		cwd,
		clock: { ...systemClock, now: () => Date.now() + skew },
		stop,
		exit: (code) => {
			ran.code = code;
		},
	});
	await runProgram(buildProgram(io, commands), args, io);
	return ran;
}
