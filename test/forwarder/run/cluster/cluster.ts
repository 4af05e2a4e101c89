/** Several workers on one table of leases, in a time that nobody waits for. Each may be killed, stopped and woken, or frozen with its machine. */
import { createLeases, type LeaseReport, type Leases } from '../../../../forwarder/run/cluster/leases';
import type { Lease, LeaseTable } from '../../../../forwarder/store/lease';
import { memoryTable, type MemoryTable } from '../../../support/leaseTable';

export const TTL = 5000;
export const BEAT = 1000;
/** After which a statement is given up. */
const LIMIT = 2 * BEAT;

export interface Worker {
	readonly id: string;
	readonly leases: Leases;
	/** For which it runs a relay. */
	readonly held: Map<number, Lease>;
	readonly said: string[];
	/** kill -9 */
	kill(): void;
	/** SIGSTOP */
	stop(): void;
	/** Its machine stands still, and its clock with it. */
	freeze(): void;
	wake(): void;
	/** SIGTERM. Resolves when it has ended. */
	leave(): Promise<void>;
	hasEnded(): boolean;
	/** The relay of one of its shards ends by itself. */
	renew(): void;
	/** The next answer of the database to it is lost. */
	loseAnswer(): void;
	/** The database cannot be reached from it. */
	isCutOff: boolean;
}

export interface Cluster {
	readonly table: MemoryTable;
	readonly workers: Worker[];
	now(): number;
	/** Of somebody outside, in the same time. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
	add(options?: { graceMs?: number }): Worker;
	/** Throws when two could act on one shard at the same time. */
	run(ms: number): Promise<void>;
	/** The database is away. */
	isDown: boolean;
	owners(): (string | null)[];
}

interface Timer {
	at: number;
	work: () => void;
	worker: { isStopped: boolean; isDead: boolean };
}

const flush = () => new Promise<void>((done) => setImmediate(done));

/** @param latencyMs one way to the database */
export function cluster(shards = 64, random: () => number = mulberry(1), latencyMs = 5): Cluster {
	const table = memoryTable(shards);
	const workers: Worker[] = [];
	const states: { isStopped: boolean; isDead: boolean }[] = [];
	let time = 1_000_000;
	let timers: Timer[] = [];
	const epochs = new Set<string>();

	const sleepOf = (worker: Timer['worker'], ms: number, signal?: AbortSignal) =>
		new Promise<void>((done) => {
			if (signal?.aborted) return done();
			timers.push({ at: time + ms, work: done, worker });
			signal?.addEventListener('abort', () => done(), { once: true });
		});

	function add({ graceMs = 50 } = {}): Worker {
		const id = `w${workers.length}`;
		const state = { isStopped: false, isDead: false };
		const held = new Map<number, Lease>();
		const said: string[] = [];
		const stop = new AbortController();
		let frozenSince: number | undefined;
		let frozenMs = 0;
		let isLost = false;
		let hasEnded = false;

		const sleep = (ms: number, signal?: AbortSignal) => sleepOf(state, ms, signal);
		/** What is on its way arrives, also when the worker does not live to hear of it. */
		const overNetwork = async <T>(work: () => Promise<T>): Promise<T> => {
			const isAway = () => result.isDown || worker.isCutOff;
			const arrived = new Promise<T>((done, failed) => {
				timers.push({
					at: time + latencyMs,
					work: () => (isAway() ? failed(new Error('away')) : void work().then(done, failed)),
					worker: { isStopped: false, isDead: false },
				});
			});
			const answer = await arrived.catch(async (error: unknown) => {
				await sleep(LIMIT);
				throw error;
			});
			if (isLost) {
				isLost = false;
				await sleep(LIMIT);
				throw new Error('the answer was lost');
			}
			await sleep(latencyMs);
			if (isAway()) throw new Error('away');
			return answer;
		};
		const through: LeaseTable = {
			beat: (beat) => overNetwork(() => table.beat(beat)),
			take: (owner, seen) =>
				overNetwork(async () => {
					const leases = await table.take(owner, seen);
					for (const { shard, epoch } of leases) {
						if (epochs.has(`${shard}/${epoch}`)) throw new Error(`shard ${shard} was given twice with epoch ${epoch}`);
						epochs.add(`${shard}/${epoch}`);
					}
					return leases;
				}),
			release: (leases) => overNetwork(() => table.release(leases)),
			bury: (dead) => overNetwork(() => table.bury(dead)),
			leave: (leaver) => overNetwork(() => table.leave(leaver)),
			want: (shard, by) => overNetwork(() => table.want(shard, by)),
		};
		const report: LeaseReport = {
			taken: (leases, from) => said.push(`took ${leases.length} ${from}`),
			lost: (some) => said.push(`lost ${some.length}`),
			poisoned: (some) => said.push(`leaves ${some.join()} alone`),
			failed: (error) => said.push((error as Error).message),
		};
		const leases = createLeases({
			...{ id, table: through, ttlMs: TTL, random, sleep, report, outbox: () => 0 },
			about: { version: '1', schema: 1, config: 'c', host: 'h' },
			now: () => (frozenSince ?? time) - frozenMs,
			wall: () => time,
		});
		const ended = leases
			.run(stop.signal, {
				taken: (lease) => void held.set(lease.shard, lease),
				lost: (shard) => void held.delete(shard),
				release: async (shard) => {
					await sleep(graceMs);
					held.delete(shard);
				},
			})
			.then(() => void (hasEnded = true));
		const worker: Worker = {
			...{ id, leases, held, said, isCutOff: false },
			kill: () => void (state.isDead = true),
			stop: () => void (state.isStopped = true),
			freeze() {
				if (state.isStopped) return;
				state.isStopped = true;
				frozenSince = time;
			},
			wake() {
				if (!state.isStopped) return;
				state.isStopped = false;
				if (frozenSince !== undefined) frozenMs += time - frozenSince;
				frozenSince = undefined;
			},
			leave() {
				stop.abort();
				return ended;
			},
			hasEnded: () => hasEnded,
			renew() {
				const [shard] = held.keys();
				if (shard === undefined) return;
				held.delete(shard);
				leases.renew(shard);
			},
			loseAnswer: () => void (isLost = true),
		};
		workers.push(worker);
		states.push(state);
		return worker;
	}

	function check(): void {
		const actors = workers.filter((worker, n) => !states[n]!.isDead && !states[n]!.isStopped && worker.leases.mayAct());
		const acting = new Map<number, string>();
		for (const { id, held } of actors) {
			for (const shard of held.keys()) {
				const other = acting.get(shard);
				if (other !== undefined) throw new Error(`${other} and ${id} both act on shard ${shard} at ${time}`);
				acting.set(shard, id);
			}
		}
	}

	const result: Cluster = {
		...{ table, workers, add, isDown: false },
		now: () => time,
		sleep: (ms, signal) => sleepOf({ isStopped: false, isDead: false }, ms, signal),
		async run(ms) {
			const end = time + ms;
			for (;;) {
				await flush();
				check();
				timers = timers.filter(({ worker }) => !worker.isDead);
				const next = timers.filter(({ worker }) => !worker.isStopped).sort((a, b) => a.at - b.at)[0];
				if (!next || next.at > end) break;
				timers.splice(timers.indexOf(next), 1);
				time = Math.max(time, next.at);
				next.work();
			}
			time = end;
			check();
		},
		owners: () => [...table.shards.values()].map(({ owner }) => owner),
	};
	return result;
}

/** The same sequence for the same seed. */
export function mulberry(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
