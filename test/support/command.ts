/** Runs the built command as a user would: as a process of its own, under the Node that the project pins. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const COMMAND = resolve('forwarder/dist/audit-relay.js');

export interface Finished {
	code: number | null;
	signal: NodeJS.Signals | null;
	stdout: string;
	stderr: string;
}

export interface Running {
	process: ChildProcess;
	/** Resolves when the text has appeared on stderr. */
	says(text: string): Promise<void>;
	finished: Promise<Finished>;
}

export interface CommandOptions {
	cwd: string;
	env?: Record<string, string>;
}

/** The environment holds what is given and nothing of the machine's, so that no key or proxy of it leaks in. */
export function start(args: readonly string[], { cwd, env = {} }: CommandOptions): Running {
	if (!existsSync(COMMAND)) throw new Error('the command is not built: npx gulp forwarder');
	const child = spawn(join(resolve('node_modules/.bin'), 'node'), [COMMAND, ...args], { cwd, env });
	let stdout = '';
	let stderr = '';
	const waiting = new Set<() => void>();
	child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		stderr += text;
		waiting.forEach((look) => look());
	});
	const finished = new Promise<Finished>((done) =>
		child.on('close', (code, signal) => done({ code, signal, stdout, stderr })),
	);
	return {
		process: child,
		finished,
		says: (text) =>
			new Promise((done, fail) => {
				const look = () => stderr.includes(text) && done();
				waiting.add(look);
				look();
				void finished.then(() => fail(new Error(`ended without saying "${text}":\n${stderr}`)));
			}),
	};
}

export function run(args: readonly string[], options: CommandOptions): Promise<Finished> {
	return start(args, options).finished;
}
