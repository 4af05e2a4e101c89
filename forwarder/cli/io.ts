/** Everything a command touches outside itself, so that tests run commands in their own process. */
import type { Clock } from '../../providers/contract';
import { systemClock } from '../run/waits';

export interface Output {
	write(text: string): unknown;
	/** True on a terminal: colour, progress that rewrites itself. */
	readonly isTTY?: boolean;
	readonly columns?: number;
}

export type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };

export interface Io {
	/** Results, and nothing but results: what a pipe should get. */
	readonly stdout: Output;
	/** Progress, warnings, errors, logs. */
	readonly stderr: Output;
	/** Answers to questions, and files named `-`. Absent: there is nobody to ask. */
	readonly stdin?: Input;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Relative paths on the command line start here. */
	readonly cwd: string;
	readonly clock: Clock;
	/** At least 0, below 1. */
	readonly random: () => number;
	/** Aborted by the first SIGINT or SIGTERM, with the signal's name as reason. A second one ends the process at once. */
	readonly stop: AbortSignal;
	/** Sets the exit code. The process ends by itself when nothing is left to do. */
	readonly exit: (code: number) => void;
}

/** The real process. Call once. */
export function processIo(): Io {
	const stop = new AbortController();
	const end = (signal: 'SIGINT' | 'SIGTERM', code: number) => () => {
		if (stop.signal.aborted) process.exit(code);
		stop.abort(signal);
	};
	process.on('SIGINT', end('SIGINT', 130));
	process.on('SIGTERM', end('SIGTERM', 143));
	// a reader that went away (`audit-relay preview | head`) is no failure
	process.stdout.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code === 'EPIPE') process.exit(0);
	});
	return {
		stdout: process.stdout,
		stderr: process.stderr,
		// opened only when it is used: an open stdin keeps a process alive
		get stdin() {
			return process.stdin;
		},
		env: process.env,
		cwd: process.cwd(),
		clock: systemClock,
		random: Math.random,
		stop: stop.signal,
		exit: (code) => {
			process.exitCode = code;
		},
	};
}
