/** Everything a command touches outside itself, so that tests run commands in their own process. */
import type { Clock } from '../../core/contract';
import { systemClock } from '../waits';
import { ExitCode } from './exitCode';
import { outputTo } from './output';
import { osUser } from './user';

export interface Output {
	write(text: string): unknown;
	/** Byte for byte, for who asked for that: to a file or a pipe. */
	writeAsReceived?(text: string): unknown;
	/** True on a terminal: colour, progress that rewrites itself. */
	readonly isTTY?: boolean;
	readonly columns?: number;
	readonly rows?: number;
	/** Moves the cursor, on a terminal: text that is all our own. */
	steer?(text: string): unknown;
}

export type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean; setRawMode?(on: boolean): unknown };

export interface Io {
	/** Results, and nothing but results: what a pipe should get. */
	readonly stdout: Output;
	/** Progress, warnings, errors, logs. */
	readonly stderr: Output;
	/** Answers to questions, and files named `-`. Absent: there is no one to ask. */
	readonly stdin?: Input;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Relative paths on the command line start here. */
	readonly cwd: string;
	readonly clock: Clock;
	/** At least 0, below 1. */
	readonly random: () => number;
	/** Name of the user that runs the command. */
	readonly user: () => string;
	/**
	 * Aborted by the first SIGINT or SIGTERM, with the signal's name as reason; a second one ends the process at once. Also, with
	 * `SIGPIPE`, when nobody reads stdout any more.
	 */
	readonly stop: AbortSignal;
	/** From here on SIGHUP ends the process no longer: `told` is called instead. */
	readonly onHangup: (told: () => void) => void;
	/** Sets the exit code. The process ends by itself when nothing is left to do. */
	readonly exit: (code: number) => void;
}

/** What a stream says when nobody reads it any more: a pipe, a socket, a terminal. */
const GONE = new Set(['EPIPE', 'ECONNRESET', 'EIO']);

/** The real process. Call once. */
export function processIo(): Io {
	const stop = new AbortController();
	const end = (signal: 'SIGINT' | 'SIGTERM', code: number) => () => {
		if (stop.signal.aborted) process.exit(code);
		stop.abort(signal);
	};
	process.on('SIGINT', end('SIGINT', 130));
	process.on('SIGTERM', end('SIGTERM', 143));
	// Without these an error would end the process. Nobody is left to be told of one at stderr, and work goes on without its log.
	process.stderr.on('error', () => undefined);
	let unwritten = false;
	process.stdout.on('error', ({ code = 'unknown reason' }: NodeJS.ErrnoException) => {
		// a reader that has seen enough (`audit-relay preview | head`) is not a failure
		if (GONE.has(code)) return stop.abort('SIGPIPE');
		if (!unwritten) process.stderr.write(`error: the output cannot be written (${code})\n`);
		unwritten = true;
		process.exitCode = ExitCode.failed;
	});
	return {
		stdout: outputTo(process.stdout),
		stderr: outputTo(process.stderr),
		// opened only when it is used: an open stdin keeps a process alive
		get stdin() {
			return process.stdin;
		},
		env: process.env,
		cwd: process.cwd(),
		clock: systemClock,
		random: Math.random,
		user: osUser,
		stop: stop.signal,
		onHangup: (told) => void process.on('SIGHUP', told),
		exit: (code) => {
			process.exitCode = unwritten && code === ExitCode.good ? ExitCode.failed : code;
		},
	};
}
