/** One place for a worker: the command, its way to the database, and everything that can be done to them. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { until } from '../e2e/support/wait';
import { start, type Run } from '../trial/command';
import { openWay, type Way } from './way';

/** One start of the command. */
export interface Life {
	readonly number: number;
	readonly worker: number;
	readonly run: Run;
	readonly began: number;
	/** Why it may end. Undefined: it must not. */
	ending?: NodeJS.Signals;
	/** Of processor time, as far as it was looked at. */
	cpuMs: number;
}

export interface Worker {
	readonly number: number;
	readonly way: Way;
	/** The last one. */
	readonly life: Life;
	readonly isUp: boolean;
	/** Resolves when it has said that it has started, or has ended. */
	start(): Promise<Life>;
	/** `SIGSTOP` and `SIGCONT` too. Resolves when it has ended, if that is what the signal does. */
	signal(signal: NodeJS.Signals): Promise<void>;
	/** It stops itself before or after its next statement with these words. Resolves when it has. */
	stopsItself(when: 'before' | 'after', words: readonly string[]): Promise<void>;
	/** Its clock is off by so much from now on. */
	setClock(ms: number): void;
	/** As the system counts it now. */
	look(): void;
	close(): Promise<void>;
}

export interface WorkerOptions {
	folder: string;
	script: string;
	env: Readonly<Record<string, string>>;
	/** Of the database. */
	port: () => number;
	url: (wayPort: number) => string;
	/** Each gets the next number. */
	nextLife: () => number;
	onStart: (life: Life) => void;
	onConnection: (port: number, life: Life) => void;
	grace: string;
}

export async function openWorker(number: number, options: WorkerOptions): Promise<Worker> {
	const { folder, script, env, port, url, nextLife, onStart, onConnection, grace } = options;
	const clock = join(folder, `clock-${number}`);
	const pause = join(folder, `pause-${number}`);
	let life: Life | undefined;
	const way = await openWay(port(), (seenAs) => life && onConnection(seenAs, life));

	const worker: Worker = {
		number,
		way,
		get life() {
			if (!life) throw new Error(`worker ${number} was not started`);
			return life;
		},
		get isUp() {
			return life !== undefined && !life.run.ended;
		},
		async start() {
			way.leadTo(port());
			const count = nextLife();
			const run = start(['run', '--grace', grace], {
				...{ script, folder, life: count, logLevel: 'info' },
				env: { ...env, STATE_URL: url(way.port), CHAOS_CLOCK: clock, TRIAL_PAUSE: pause },
				preloads: [resolve('test/trial/clock.cjs'), resolve('test/cluster/pause.cjs')],
			});
			const begun: Life = { number: count, worker: number, run, began: Date.now(), cpuMs: 0 };
			life = begun;
			onStart(begun);
			await until('the worker has started', () => run.output.includes('"msg":"started"') || run.ended !== undefined);
			return begun;
		},
		async signal(signal) {
			const { run } = worker.life;
			worker.look();
			const ends = signal !== 'SIGSTOP' && signal !== 'SIGCONT';
			if (ends) worker.life.ending = signal;
			run.kill(signal);
			if (ends) await run.end;
		},
		async stopsItself(when, words) {
			rmSync(`${pause}.done`, { force: true });
			writeFileSync(`${pause}.next`, [when, ...words].join('\n'));
			renameSync(`${pause}.next`, pause);
			await until('the worker stops itself', () => existsSync(`${pause}.done`) || !worker.isUp);
		},
		setClock: (ms) => (ms === 0 ? rmSync(clock, { force: true }) : writeFileSync(clock, String(ms))),
		look() {
			if (life && !life.run.ended) life.cpuMs = cpuMs(life.run.pid) ?? life.cpuMs;
		},
		async close() {
			if (worker.isUp) {
				worker.life.ending = 'SIGKILL';
				worker.life.run.kill('SIGKILL');
				await worker.life.run.end;
			}
			await way.close();
		},
	};
	return worker;
}

/** In ticks of a hundredth of a second, as every Linux counts. */
function cpuMs(pid: number): number | undefined {
	try {
		const [, fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
		const [user, system] = fields!.split(' ').slice(11, 13).map(Number);
		return (user! + system!) * 10;
	} catch {
		return undefined;
	}
}
