/** The built command as a child process: a copy of it, so that a build in between does not change a trial. */
import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Returns the script to run. */
export function copyCommand(folder: string, from: string): string {
	const dist = resolve(from);
	if (!existsSync(join(dist, 'audit-relay.js'))) throw new Error('the command is not built: npx gulp forwarder');
	const app = join(folder, 'app');
	mkdirSync(join(app, 'forwarder'), { recursive: true });
	cpSync(dist, join(app, 'forwarder/dist'), { recursive: true, filter: (file) => !file.endsWith('.map') });
	cpSync('forwarder/package.json', join(app, 'forwarder/package.json'));
	for (const modules of ['node_modules', 'forwarder/node_modules'])
		if (existsSync(modules)) symlinkSync(resolve(modules), join(app, modules));
	return join(app, 'forwarder/dist/audit-relay.js');
}

export interface StartOptions {
	script: string;
	folder: string;
	/** Counts starts; names the log file and travels as a header. */
	life: number;
	env: Readonly<Record<string, string>>;
	/** Loaded before the command. */
	preloads?: readonly string[];
	/** Of its log. Default: everything. */
	logLevel?: string;
}

export interface Run {
	readonly pid: number;
	/** Undefined while it runs. */
	readonly ended: End | undefined;
	readonly end: Promise<End>;
	/** What it has written to both streams. */
	readonly output: string;
	kill(signal: NodeJS.Signals): void;
}

export interface End {
	code: number | null;
	signal: NodeJS.Signals | null;
}

/** The environment holds what is given and nothing of the machine's, so that no key or proxy of it leaks in. */
export function start(
	args: readonly string[],
	{ script, folder, life, env, preloads = [], logLevel = 'debug' }: StartOptions,
): Run {
	const node = join(resolve('node_modules/.bin'), 'node');
	const child: ChildProcess = spawn(node, [...preloads.flatMap((file) => ['--require', file]), script, ...args], {
		cwd: folder,
		env: { ...env, CHAOS_LIFE: String(life), AUDIT_RELAY_LOG_LEVEL: logLevel, AUDIT_RELAY_DEBUG: '1' },
	});
	let output = '';
	let ended: End | undefined;
	for (const [name, stream] of Object.entries({ stdout: child.stdout!, stderr: child.stderr! })) {
		stream.setEncoding('utf8').on('data', (text: string) => {
			output += text;
			appendFileSync(join(folder, 'logs', `${String(life).padStart(3, '0')}-${name}.log`), text);
		});
	}
	const end = new Promise<End>((done) =>
		child.on('close', (code, signal) => {
			ended = { code, signal };
			done(ended);
		}),
	);
	return {
		pid: child.pid!,
		get ended() {
			return ended;
		},
		end,
		get output() {
			return output;
		},
		kill: (signal) => child.kill(signal),
	};
}
