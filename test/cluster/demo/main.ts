/** The main job on three workers that share a PostgreSQL, all on this machine: one of them is killed while events flow. */
import { patience, until } from '../../e2e/support/wait';
import { postgresBinaries, WHAT_IS_MISSING } from '../../support/postgres';
import { startDatabase, type Database } from '../database';
import { wait } from '../directed/scenario';
import { openScene, type Scene } from '../scene';
import { conclude } from '../verdict';
import type { Worker } from '../worker';

const EVENTS_PER_SECOND = 10;
const TTL_MS = 3_000;

const paint = (code: number, text: string) => (process.stdout.isTTY ? `\x1b[${code}m${text}\x1b[0m` : text);
const bold = (text: string) => paint(1, text);
const green = (text: string) => paint(32, text);
const red = (text: string) => paint(31, text);
const happens = (text: string) => console.log(paint(35, `  ! ${text}`));

/** Returns the exit code. */
export async function main(): Promise<number> {
	if (!postgresBinaries()) {
		console.error(WHAT_IS_MISSING);
		return 2;
	}
	console.log(bold('Audit Relay demo: simulated providers → three workers on one PostgreSQL → OTLP receiver'));
	const database = await startDatabase();
	try {
		return await show(database);
	} finally {
		await database.end();
	}
}

async function show(database: Database): Promise<number> {
	const dist = 'forwarder/dist';
	const scene = await openScene({ database, name: 'demo', dist, seed: 7, keys: 5, ttlMs: TTL_MS, poisonRate: 0 });
	try {
		const { workers, receiver, events, streams, disturbances } = scene;
		console.log(`  database   127.0.0.1:${database.port}`);
		console.log(`  workers    ${workers.map(({ life }) => `process ${life.run.pid}`).join(', ')}`);
		console.log(`  sources    ${streams.length}, with ${scene.keys.length} keys`);
		console.log(`  receiver   ${receiver.url}/v1/logs\n`);
		await scene.balanced();
		await say(scene, 'They share the work by leases:');
		events.start(EVENTS_PER_SECOND);
		await wait(4_000);

		const victim = (await scene.ownerOf(streams[0]!.name))!;
		const held = (await scene.held()).get(victim)!;
		happens(`worker ${victim.number + 1} is killed (SIGKILL), with ${held.length} leases, while events flow`);
		disturbances.at('kill -9', { lives: [victim.life.number] });
		const from = Date.now();
		await victim.signal('SIGKILL');
		await takenOver(scene, victim, held);
		happens(
			`the others have taken over what it read and shipped: after ${seconds(from)}, of ${TTL_MS / 1000} s allowed silence`,
		);
		await wait(1_000);
		await victim.start();
		happens(`worker ${victim.number + 1} is started again, and gets its share back, a lease at a time`);
		await wait(5_000);
		await say(scene, 'Leases now:');
		return await tell(scene);
	} finally {
		await scene.close();
	}
}

async function takenOver(scene: Scene, victim: Worker, held: readonly number[]): Promise<void> {
	await until(
		'others have its leases',
		async () => {
			const others = [...(await scene.held())].flatMap(([worker, shards]) => (worker === victim ? [] : shards));
			return held.every((shard) => others.includes(shard));
		},
		patience(30_000),
	);
}

async function say(scene: Scene, what: string): Promise<void> {
	const held = await scene.held();
	const each = scene.workers.map((worker) => `worker ${worker.number + 1}: ${held.get(worker)?.length ?? 0}`);
	console.log(`${bold(what)}  ${each.join('   ')}`);
}

const seconds = (from: number) => `${((Date.now() - from) / 1000).toFixed(1)} s`;

/** Compares what the providers hold with what the receiver holds, by event id. */
async function tell(scene: Scene): Promise<number> {
	const { streams, receiver } = scene;
	const { wrong, verdict } = await conclude(scene);
	const rows = streams.map(({ name, label, log }) => {
		const uids = new Set(log.all().map(({ id }) => `${label}:${id}`));
		const copies = receiver.copies.filter(({ uid }) => uids.has(uid));
		const arrived = new Set(copies.map(({ uid }) => uid)).size;
		return [name, uids.size, arrived, uids.size - arrived, copies.length - arrived].map(String);
	});
	const all = [['SOURCE', 'HAPPENED', 'ARRIVED', 'LOST', 'REPEATS'], ...rows];
	const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
	console.log(
		`\n${all
			.map((row) =>
				row
					.map((cell, column) => cell.padEnd(widths[column]!))
					.join('  ')
					.trimEnd(),
			)
			.join('\n')}\n`,
	);
	const lost = verdict.lost.length;
	console.log(
		lost === 0 ? green(`✓ LOST 0 of ${verdict.events} events`) : red(`✗ LOST ${lost} of ${verdict.events} events`),
	);
	for (const what of wrong) console.log(red(`✗ ${what}`));
	console.log('\nNext, with a database of your own: docs/cluster.md');
	return wrong.length === 0 ? 0 : 1;
}
