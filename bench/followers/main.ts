/**
 * What people who look cost the process, with very many sources: the CPU that the real command takes by itself, and with so many who follow
 * the overview and the first sources, as open consoles do. They live in this process, so what they need themselves does not count.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startFleet } from '../scale/tenants';

const COMMAND = resolve('forwarder/dist/audit-relay.js');
const PATHS = ['/api/v1/overview', '/api/v1/sources?limit=50'];
/** In each second, of `/proc/<pid>/stat`. */
const TICKS = 100;

export async function main(args: string[]): Promise<number> {
	const { values } = parseArgs({
		args,
		options: {
			sources: { type: 'string', default: '10000' },
			followers: { type: 'string', default: '20' },
			seconds: { type: 'string', default: '60' },
			rounds: { type: 'string', default: '3' },
			// rare: then what is measured is what looking costs
			poll: { type: 'string', default: '60s' },
		},
	});
	const [sources, followers, seconds] = [Number(values.sources), Number(values.followers), Number(values.seconds)];
	const folder = mkdtempSync(join(tmpdir(), 'audit-relay-followers-'));
	const asked = new Set<string>();
	const answer: RequestListener = (incoming, response) => {
		asked.add(incoming.headers['x-api-key'] as string);
		response.setHeader('content-type', 'application/json').end('{"auditEvents":[]}');
	};
	const fleet = await startFleet('{ path: ./audit-relay.db }', sources, answer, values.poll);
	const config = join(folder, 'audit-relay.yaml');
	writeFileSync(config, fleet.text);
	const { env } = fleet;
	const child = spawn(resolve('node_modules/.bin/node'), [COMMAND, 'run', '--config', config], {
		env,
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	try {
		while (asked.size < sources) await sleep(500);
		const socket = join(folder, 'audit-relay.db.sock');
		await sleep(5000);
		for (let round = 0; round < Number(values.rounds); round++) {
			const alone = await cpuOver(child.pid!, seconds);
			const counted = { bytes: 0, events: 0 };
			const begun = performance.now();
			const open = await Promise.all(Array.from({ length: followers }, () => follow(socket, counted)));
			const firstMs = performance.now() - begun;
			const looked = await cpuOver(child.pid!, seconds);
			open.forEach((end) => end());
			const percent = (cores: number) => `${(cores * 100).toFixed(1)} %`;
			console.log(
				`alone ${percent(alone)}, with ${followers} followers ${percent(looked)} of a processor (${percent(looked - alone)} more); ` +
					`first answers after ${firstMs.toFixed(0)} ms, ${(counted.events / followers / seconds).toFixed(2)} events a second each, ` +
					`${(counted.bytes / seconds / 1024).toFixed(0)} kB/s in all, resident ${residentMb(child.pid!)} MB`,
			);
			await sleep(3000);
		}
		return 0;
	} finally {
		const end = new Promise((done) => child.once('exit', done));
		child.kill('SIGTERM');
		await end;
		fleet.close();
		rmSync(folder, { recursive: true });
	}
}

/** Resolves with the first event. */
function follow(socketPath: string, counted: { bytes: number; events: number }): Promise<() => void> {
	const path = `/api/v1/live?${PATHS.map((one) => `path=${encodeURIComponent(one)}`).join('&')}`;
	return new Promise((resolve, reject) => {
		const asked = request({ socketPath, path, agent: false }, (response) => {
			response.on('data', (chunk: Buffer) => {
				counted.bytes += chunk.length;
				for (let at = chunk.indexOf('\n\n'); at >= 0; at = chunk.indexOf('\n\n', at + 2)) counted.events++;
				resolve(() => asked.destroy());
			});
			response.on('error', () => undefined);
		});
		asked.on('error', reject);
		asked.end();
	});
}

/** Cores. */
async function cpuOver(pid: number, seconds: number): Promise<number> {
	const [from, begun] = [ticksOf(pid), performance.now()];
	await sleep(seconds * 1000);
	return (ticksOf(pid) - from) / TICKS / ((performance.now() - begun) / 1000);
}

function ticksOf(pid: number): number {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
		.replace(/^.*\) /s, '')
		.split(' ');
	return Number(fields[11]) + Number(fields[12]);
}

function residentMb(pid: number): string {
	const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]!;
	return (Number(kb) / 1024).toFixed(0);
}
