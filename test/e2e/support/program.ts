/** A server of others, started for a test and ended by its process id only. */
import { spawn } from 'node:child_process';
import { until } from './wait';

export interface Program {
	/** Everything it has said. */
	output(): string;
	/** SIGKILL, as a crash or a power cut: it has no chance to put anything in order. */
	kill(): Promise<void>;
	/** SIGTERM. */
	stop(): Promise<void>;
	end(signal: NodeJS.Signals): Promise<void>;
	/** Resolves when it has ended, whoever did it. */
	ended: Promise<void>;
}

/** Resolves when the program is ready; an end before that is an error with its last words. */
export async function startProgram(
	path: string,
	args: readonly string[],
	env: Record<string, string>,
	ready: (output: string) => boolean | Promise<boolean>,
): Promise<Program> {
	const child = spawn(path, args, { env: { PATH: process.env['PATH'] ?? '', ...env } });
	let output = '';
	for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
	const ended = new Promise<void>((done) => child.on('close', () => done()));
	const end = async (signal: NodeJS.Signals) => {
		child.kill(signal);
		await ended;
	};
	const gone = () => child.exitCode !== null || child.signalCode !== null;
	const last = () => output.slice(-4000);
	try {
		await until(`${path} is ready`, () => gone() || ready(output), 120_000, last);
		if (gone()) throw new Error(`${path} ended at once\n${last()}`);
	} catch (error) {
		await end('SIGKILL');
		throw error;
	}
	return { output: () => output, kill: () => end('SIGKILL'), stop: () => end('SIGTERM'), end, ended };
}
