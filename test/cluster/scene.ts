/** Workers, keys, a receiver and a database of their own in the one server: what every scenario begins with. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../e2e/support/wait';
import { copyCommand } from '../trial/command';
import { dice, Tally, type Dice } from '../trial/dice';
import { startChaosReceiver, type ChaosReceiver } from '../trial/receiver';
import { isOf } from './ownership';
import { owners, readLetters, shardsOf, watchTables } from './audit';
import { configOf, envOf } from './config';
import type { Database } from './database';
import { Disturbances } from './disturbances';
import { createEvents, type Events } from './events';
import { LABELS, startKey, type Key, type Stream } from './sources';
import { openWay, type Way } from './way';
import { openWorker, type Life, type Worker } from './worker';

export interface SceneOptions {
	database: Database;
	/** Of the database in the server: lower-case letters. */
	name: string;
	dist: string;
	seed: number;
	workers?: number;
	keys?: number;
	ttlMs?: number;
	pollMs?: number;
	pageSize?: number;
	timeoutMs?: number;
	requestsPerMinute?: number;
	backlog?: number;
	/** What is not shown late needs little of it. */
	lateness?: string;
	labels?: readonly Key['label'][];
	poisonRate?: number;
	grace?: string;
}

export interface Scene {
	readonly name: string;
	readonly database: Database;
	readonly ttlMs: number;
	readonly beatMs: number;
	readonly workers: readonly Worker[];
	readonly keys: readonly Key[];
	readonly streams: readonly Stream[];
	readonly events: Events;
	readonly receiver: ChaosReceiver;
	/** From all workers to the receiver. */
	readonly receiverWay: Way;
	readonly faults: Tally;
	readonly disturbances: Disturbances;
	readonly lives: readonly Life[];
	readonly draw: Dice;
	readonly folder: string;
	/** Of the worker that had this port at the database. */
	lifeAt(port: number, at: number): Life | undefined;
	/** Shards by the worker that owns them; those of nobody are left out. */
	held(): Promise<Map<Worker, number[]>>;
	/** Who has the shard of a stream now. */
	ownerOf(stream: string): Promise<Worker | undefined>;
	shard(stream: string): Promise<number>;
	/** All ways lead to whoever is the primary now. */
	leadOn(): void;
	/** Every shard has an owner that lives, and each of these has about its share. */
	balanced(among?: readonly Worker[]): Promise<void>;
	/** Everything that happened has arrived, or is a dead letter. Gives up after a while: the verdict tells then. */
	arrived(withinMs?: number): Promise<boolean>;
	close(keep?: boolean): Promise<void>;
}

/** Who has too many gives back one with each beat, and beats may be seconds apart. */
const BALANCED_MS = 90_000;

export async function openScene(options: SceneOptions): Promise<Scene> {
	const { database, name, seed, workers: places = 3, keys: keyCount = 10, ttlMs = 3_000 } = options;
	const { pollMs = 1_000, pageSize = 20, timeoutMs = 2_000, requestsPerMinute = 600 } = options;
	const { labels = LABELS, lateness = '12s', grace = '3s' } = options;
	const folder = mkdtempSync(join(tmpdir(), 'audit-relay-cluster-'));
	mkdirSync(join(folder, 'logs'));
	const faults = new Tally();
	const draw = dice(seed, `scene ${name}`);
	const keys: Key[] = [];
	for (let number = 0; number < keyCount; number++) {
		const label = labels[number % labels.length]!;
		keys.push(await startKey({ number, label, draw: dice(seed, `key ${number}`), faults, requestsPerMinute }));
	}
	const streams = keys.flatMap((key) => key.streams);
	const events = createEvents(streams, dice(seed, 'events'), options.poisonRate);
	const nothing = () => undefined;
	const receiver = await startChaosReceiver(seed, events.poisoned, {
		...{ onRequest: nothing, onStored: nothing, onAnswered: nothing },
	});
	const receiverWay = await openWay(Number(new URL(receiver.url).port), nothing);
	writeFileSync(
		join(folder, 'audit-relay.yaml'),
		configOf({ keys, receiver: `http://127.0.0.1:${receiverWay.port}`, ttlMs, pollMs, pageSize, timeoutMs, lateness }),
	);
	await database.create(name);
	const lives: Life[] = [];
	let count = 0;
	const connections: { port: number; at: number; life: Life }[] = [];
	const env = Object.fromEntries(keys.map((key) => [envOf(key), key.secret]));
	const script = copyCommand(folder, options.dist);
	const workers: Worker[] = [];
	for (let number = 0; number < places; number++) {
		const worker = await openWorker(number, {
			...{ folder, script, env, grace },
			port: () => database.port,
			url: (port) => database.url(name, port),
			nextLife: () => count++,
			onStart: (life) => lives.push(life),
			onConnection: (port, life) => connections.push({ port, at: Date.now(), life }),
		});
		workers.push(worker);
	}
	events.backlog(options.backlog ?? 30);

	const scene: Scene = {
		...{
			name,
			database,
			ttlMs,
			beatMs: ttlMs / 5,
			workers,
			keys,
			streams,
			events,
			receiver,
			receiverWay,
			faults,
			draw,
			lives,
			folder,
		},
		disturbances: new Disturbances(),
		lifeAt: (port, at) => connections.findLast((one) => one.port === port && one.at <= at)?.life,
		async held() {
			const found = new Map<Worker, number[]>();
			for (const [shard, owner] of await owners(database, name)) {
				const worker = workers.find(({ isUp, life }) => isUp && isOf(owner, life.run.pid));
				if (worker) found.set(worker, [...(found.get(worker) ?? []), shard]);
			}
			return found;
		},
		async shard(stream) {
			let shard: number | undefined;
			await until(
				`${stream} has a shard`,
				async () => (shard = (await shardsOf(database, name)).get(stream)) !== undefined,
			);
			return shard!;
		},
		async ownerOf(stream) {
			const shard = await scene.shard(stream);
			return [...(await scene.held())].find(([, shards]) => shards.includes(shard))?.[0];
		},
		leadOn: () => workers.forEach(({ way }) => way.leadTo(database.port)),
		async balanced(among = workers.filter(({ isUp }) => isUp)) {
			await until(
				'every shard has an owner, and every worker its share',
				async () => {
					const held = await scene.held();
					const counts = among.map((worker) => held.get(worker)?.length ?? 0);
					const all = (await owners(database, name)).size;
					const sum = counts.reduce((total, some) => total + some, 0);
					return sum === all && Math.max(...counts) - Math.min(...counts) <= Math.ceil(all / among.length / 4);
				},
				BALANCED_MS,
			);
		},
		async arrived(withinMs = 45_000) {
			const began = Date.now();
			const truth = events.truth();
			for (;;) {
				const there = new Set(receiver.copies.map(({ uid }) => uid));
				const missing = [...truth.keys()].filter((uid) => !there.has(uid));
				if (missing.length === 0) return true;
				const letters = await readLetters(database, name);
				if (missing.every((uid) => letters.has(uid))) return true;
				if (Date.now() - began > withinMs) return false;
				await new Promise((done) => setTimeout(done, 200));
			}
		},
		async close(keep = false) {
			events.stop();
			await Promise.all(workers.map((worker) => worker.close()));
			await Promise.all([...keys.map((key) => key.close()), receiverWay.close(), receiver.close()]);
			if (!keep) rmSync(folder, { recursive: true, force: true });
		},
	};
	await Promise.all([...workers.map((worker) => worker.start()), watchTables(database, name)]);
	return scene;
}
