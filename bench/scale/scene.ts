/** Workers, a provider and a receiver, on loopback. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startFleet } from './tenants';

export interface Scene {
	/** Process ids. */
	workers(): number[];
	/** Requests to the provider in each second since all sources were polled. */
	requests(): number[];
	whenAllPolled(): Promise<void>;
	/** Kills a worker and starts another one. */
	replace(at: number): void;
	end(): Promise<void>;
}

const COMMAND = resolve('forwarder/dist/audit-relay.js');
/** One poll in so many finds an event. */
const EVENT_EVERY = 50;

export async function startScene(url: string, sources: number, workers: number): Promise<Scene> {
	const folder = mkdtempSync(join(tmpdir(), 'audit-relay-scale-'));
	const asked = new Set<string>();
	const perSecond = new Map<number, number>();
	let since = Infinity;
	let polls = 0;
	const fleet = await startFleet('{ url: "${env:STATE_URL}" }', sources, (request, response) => {
		const second = Math.floor(Date.now() / 1000);
		perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
		asked.add(request.headers['x-api-key'] as string);
		response.setHeader('content-type', 'application/json').end(JSON.stringify({ auditEvents: events(++polls) }));
	});
	const config = join(folder, 'audit-relay.yaml');
	writeFileSync(config, fleet.text);
	const env = { ...fleet.env, STATE_URL: url };
	const start = (): ChildProcess =>
		spawn(resolve('node_modules/.bin/node'), [COMMAND, 'run', '--config', config], {
			env,
			stdio: ['ignore', 'ignore', 'inherit'],
		});
	const running = Array.from({ length: workers }, start);

	return {
		workers: () => running.flatMap(({ pid }) => pid ?? []),
		requests: () => {
			const seconds = [...perSecond.keys()].filter((second) => second > since / 1000);
			return Array.from({ length: seconds.at(-1)! - seconds[0]! }, (_, at) => perSecond.get(seconds[0]! + at) ?? 0);
		},
		async whenAllPolled() {
			while (asked.size < sources) await sleep(500);
			since = Date.now();
		},
		replace(at) {
			running[at]!.kill('SIGKILL');
			running[at] = start();
		},
		async end() {
			const ends = running.map((worker) => new Promise((done) => worker.once('exit', done)));
			running.forEach((worker) => worker.kill('SIGTERM'));
			await Promise.all(ends);
			fleet.close();
			rmSync(folder, { recursive: true });
		},
	};
}

function events(poll: number): object[] {
	if (poll % EVENT_EVERY !== 0) return [];
	return [
		{ auditEventId: `e-${poll}`, timestamp: new Date().toISOString(), eventType: 'startFailover', userId: 'u-1' },
	];
}
