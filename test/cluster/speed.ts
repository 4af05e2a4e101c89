/** What a second worker brings where the providers' latency is the limit: twice the streams in the same time, for the same work. */
import type { Database } from './database';
import { wait } from './directed/scenario';
import { openScene } from './scene';

export interface Speed {
	eventsPerSecond: Record<1 | 2, number>;
	/** Of processor time, of all workers. */
	msPerEvent: Record<1 | 2, number>;
	ratio: number;
	cpuRatio: number;
}

const LATENCY_MS = 100;
const PAGE = 50;
/** Each key is one stream, and each stream one request at a time. */
const KEYS_PER_WORKER = 2;
const EVENTS_PER_STREAM = 3_000;

async function measured(database: Database, workers: 1 | 2, dist: string, seed: number): Promise<[number, number]> {
	const scene = await openScene({
		...{ database, name: `t_speed_${'x'.repeat(workers)}`, dist, seed, workers, keys: KEYS_PER_WORKER * workers },
		...{ labels: ['auditapi'], pageSize: PAGE, requestsPerMinute: 6_000, poisonRate: 0, backlog: 0, ttlMs: 5_000 },
	});
	try {
		await scene.balanced();
		// which worker gets how many of so few shards is luck, so nothing is read before each has its part
		for (const key of scene.keys) key.setLatency(LATENCY_MS);
		const { receiver, lives, workers: all, events } = scene;
		for (const worker of all) worker.look();
		const cpuBefore = lives.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
		const began = Date.now();
		events.backlog(EVENTS_PER_STREAM);
		const wanted = EVENTS_PER_STREAM * scene.streams.length;
		while (new Set(receiver.copies.map(({ uid }) => uid)).size < wanted && Date.now() - began < 120_000)
			await wait(100);
		const seconds = (Date.now() - began) / 1000;
		for (const worker of all) worker.look();
		const cpu = lives.reduce((sum, { cpuMs }) => sum + cpuMs, 0) - cpuBefore;
		return [wanted / seconds, cpu / wanted];
	} finally {
		await scene.close();
	}
}

export async function measureSpeed(database: Database, dist: string, seed: number): Promise<Speed> {
	const [one, cpuOne] = await measured(database, 1, dist, seed);
	const [two, cpuTwo] = await measured(database, 2, dist, seed);
	return {
		eventsPerSecond: { 1: one, 2: two },
		msPerEvent: { 1: cpuOne, 2: cpuTwo },
		ratio: two / one,
		cpuRatio: cpuTwo / cpuOne,
	};
}
