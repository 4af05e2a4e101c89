/** Workers, a provider and a receiver, on loopback. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

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
	const provider = createServer((request, response) => {
		const second = Math.floor(Date.now() / 1000);
		perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
		asked.add(request.headers['x-api-key'] as string);
		response.setHeader('content-type', 'application/json').end(JSON.stringify({ auditEvents: events(++polls) }));
	});
	const receiver = createServer((request, response) => {
		request.resume().on('end', () => response.setHeader('content-type', 'application/x-protobuf').end());
	});
	const config = join(folder, 'audit-relay.yaml');
	const [from, to] = [await listening(provider), await listening(receiver)];
	writeFileSync(config, configText(from, to, sources));
	const keys = Object.fromEntries(Array.from({ length: sources }, (_, at) => [`KEY_${at}`, `key-${at}:secret`]));
	const env = { PATH: process.env['PATH'], STATE_URL: url, AUDIT_RELAY_LOG_LEVEL: 'error', ...keys };
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
			for (const server of [provider, receiver]) server.close().closeAllConnections();
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

/** Their keys differ, so each has a rate limit, and a shard, by itself. */
function configText(provider: string, receiver: string, sources: number): string {
	const lines = Array.from(
		{ length: sources },
		(_, at) =>
			`  - { name: tenant-${at}, provider: arpio, accountId: account-${at}, apiKey: "\${env:KEY_${at}}", baseUrl: "${provider}", pollInterval: 60s }`,
	);
	return `state: { url: "\${env:STATE_URL}" }
server: { enabled: false }
destinations:
  - { name: receiver, endpoint: "${receiver}" }
sources:
${lines.join('\n')}
`;
}

async function listening(server: Server): Promise<string> {
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
