/** One run of one subject: started, watched from its first request to the last record, ended. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProviderName } from '../../providers/registry';
import type { Compression } from '../../forwarder/config/types';
import { GLIBC, V8_FLAGS } from '../../forwarder/cli/run/lean';
import { FLOOR_RECORDS, type Task } from '../subjects/task';
import { configFile } from './configFile';
import type { Servers } from './servers';
import { cpuMs, peakRssMb, watchRss } from './usage';

/**
 * `forwarder` is the built command with its state file, `declared` the same with that provider as data; the others are processes of the
 * benchmark.
 */
export type Subject = Task['subject'] | 'forwarder' | 'declared';

export interface Case {
	subject: Subject;
	shape: ProviderName;
	events: number;
	compression: Compression;
	/** How long the receiver takes to answer. */
	answerMs: number;
	/** How long the provider takes to answer. */
	pageMs: number;
}

export interface Result {
	/** From the first request to the provider until the last record has arrived. */
	ms: number;
	/** In that time, of all threads. */
	cpuMs: number;
	peakMb: number;
	settledMb: number;
	/** From the start of the process to the arrival of the first record. */
	startMs: number;
	provider: { requests: number; bytes: number };
	receiver: { requests: number; bytes: number };
}

export interface Bench {
	servers: Servers;
	/** Of the bundled programs. */
	dist: string;
	/** Where folders for state files are made. */
	scratch: string;
	/** Where the stock exporter is installed. */
	stock: string;
	/** For the processes under measurement. */
	nodeArgs: readonly string[];
}

const NODE = resolve('node_modules/.bin/node');

/** The command starts itself with these; what is ours and not the command is started with them. */
const lean = (subject: Subject) => (subject === 'without state' ? { flags: V8_FLAGS, env: GLIBC } : { flags: [] });

export async function run(one: Case, { servers, dist, scratch, stock, nodeArgs }: Bench): Promise<Result> {
	const { subject, shape, events, compression, answerMs, pageMs } = one;
	const { first, done } = await servers.prepare(
		{ shape, events, delayMs: pageMs },
		{ records: recordsOf(one), delayMs: answerMs },
	);
	const folder = mkdtempSync(join(scratch, 'audit-relay-bench-'));
	const given = { shape, compression, folder, stock, provider: servers.provider, receiver: servers.receiver };
	const args =
		subject === 'forwarder' || subject === 'declared'
			? [
					...[join(dist, 'command/dist/audit-relay.js'), 'run', '--once'],
					...['--config', configFile({ ...given, isDeclared: subject === 'declared' })],
				]
			: [join(dist, 'subjects/subject.mjs'), JSON.stringify({ ...given, subject } satisfies Task)];
	const started = Date.now();
	const child = spawn(NODE, [...lean(subject).flags, ...nodeArgs, ...args], {
		cwd: folder,
		env: { BENCH_KEY: 'id:secret', AUDIT_RELAY_LOG_LEVEL: 'warn', ...lean(subject).env },
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	const pid = child.pid!;
	const ended = new Promise<number | null>((end) => child.once('exit', end));
	const failed = ended.then((code) => {
		if (code !== 0) throw new Error(`${subject}, ${shape}: ended with ${code}`);
	});
	try {
		await Promise.race([first, failed]);
		const [begun, cpuBefore] = [Date.now(), cpuMs(pid)];
		const rss = watchRss(pid);
		let last: Look | undefined;
		let arrived = false;
		void done.then(() => (arrived = true));
		// a mere download sends nothing: the last look before it ends counts
		while (!arrived && child.exitCode === null) {
			last = look(pid) ?? last;
			await sleep(5);
		}
		last = look(pid) ?? last;
		rss.stop();
		await failed;
		const received = await servers.received();
		return {
			ms: last!.at - begun,
			cpuMs: last!.cpu - cpuBefore,
			peakMb: last!.peak,
			settledMb: rss.settled(),
			startMs: received.first - started,
			provider: await servers.served(),
			receiver: received,
		};
	} finally {
		child.kill('SIGKILL');
		await ended;
		rmSync(folder, { recursive: true, force: true });
	}
}

function recordsOf({ subject, events }: Case): number {
	if (subject === 'floor') return Math.floor(events / FLOOR_RECORDS) * FLOOR_RECORDS;
	// a gap record says where the collection starts
	return subject === 'stock' ? events : events + 1;
}

type Look = NonNullable<ReturnType<typeof look>>;

/** Undefined when it has ended. */
function look(pid: number): { at: number; cpu: number; peak: number } | undefined {
	try {
		return { at: Date.now(), cpu: cpuMs(pid), peak: peakRssMb(pid) };
	} catch {
		return undefined;
	}
}
