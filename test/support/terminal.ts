/** The built command on a pseudo-terminal (util-linux's `script`), and what somebody would see there. */
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { CommandOptions, Finished } from './command';

export interface OnTerminal {
	/** All lines, those that have scrolled away too. */
	seen(): string[];
	/** What is typed. */
	type(keys: string): void;
	/** Everything that was written, as it was written. */
	raw(): string;
	finished: Promise<Pick<Finished, 'code'>>;
	/** As by Ctrl-C, twice: the second one ends it at once. */
	end(): Promise<void>;
}

export interface TerminalOptions extends CommandOptions {
	columns?: number;
	rows?: number;
}

/** @param line for a shell; `audit-relay` is the built command */
export function onTerminal(line: string, { cwd, env = {}, columns = 80, rows = 24 }: TerminalOptions): OnTerminal {
	const command = `${join(resolve('node_modules/.bin'), 'node')} ${resolve('forwarder/dist/audit-relay.js')}`;
	const shell = `audit-relay() { ${command} "$@"; }; stty cols ${columns} rows ${rows}; ${line}`;
	const child = spawn('script', ['--quiet', '--flush', '--return', '--command', shell, '/dev/null'], {
		cwd,
		env: { PATH: process.env['PATH'] ?? '', SHELL: '/bin/bash', TERM: 'xterm', NO_COLOR: '1', ...env },
	});
	let raw = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => (raw += text));
	const finished = new Promise<{ code: number | null }>((done) => child.on('close', (code) => done({ code })));
	return {
		seen: () => linesOf(raw),
		type: (keys) => child.stdin.write(keys),
		raw: () => raw,
		finished,
		async end() {
			if (child.exitCode === null) child.stdin.write('\u0003\u0003');
			await finished;
		},
	};
}

/** What stands on the screen after all this was written: as much of a terminal as the command makes use of. */
export function linesOf(written: string): string[] {
	let main: string[] = [];
	let lines = main;
	let [row, column] = [0, 0];
	let saved = [0, 0];
	const put = (char: string) => {
		while (lines.length <= row) lines.push('');
		lines[row] = lines[row]!.padEnd(column).slice(0, column) + char + lines[row]!.slice(column + 1);
		column++;
	};
	// eslint-disable-next-line no-control-regex
	for (const [token] of written.matchAll(/\u001b\[[?\d;]*[A-Za-z]|[^]/gu)) {
		// as a terminal outside raw mode does
		if (token === '\n') [row, column] = [row + 1, 0];
		else if (token === '\r') column = 0;
		else if (token === '\u001b[K') lines[row] = (lines[row] ?? '').slice(0, column);
		else if (token === '\u001b[H') [row, column] = [0, 0];
		else if (token === '\u001b[J') {
			lines[row] = (lines[row] ?? '').slice(0, column);
			lines.length = row + 1;
		} else if (token === '\u001b[?1049h') {
			[main, lines, saved] = [lines, [], [row, column]];
			[row, column] = [0, 0];
		} else if (token === '\u001b[?1049l') {
			lines = main;
			[row, column] = saved as [number, number];
		} else if (!token.startsWith('\u001b')) put(token);
	}
	return lines.map((line) => line.trimEnd());
}
