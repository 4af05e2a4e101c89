/** A shard for a command that needs its owner to stand still: asked for, taken, and given back. */
import type { About, Lease, LeaseTable, ShardRow } from '../../store/lease';
import { BEATS_PER_TTL } from './leases';
import { Observations } from './observations';

export interface BorrowDeps {
	/** Of the command, as of a worker: one for each start. */
	id: string;
	table: LeaseTable;
	ttlMs: number;
	about: About;
	/** Milliseconds that only go forward. */
	now: () => number;
	sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Somebody else has it, or may have by now. */
export class ShardLost extends Error {
	override name = 'ShardLost';
}

/**
 * Waits until the owner has given it back, or is dead; other workers leave it alone meanwhile. `lost` aborts when nothing can be stored any
 * more. Throws what `work` or the table throws.
 */
export function borrow<T>(
	shard: number,
	deps: BorrowDeps,
	signal: AbortSignal,
	work: (lease: Lease, lost: AbortSignal) => Promise<T>,
): Promise<T> {
	return borrowAll([shard], deps, signal, ([lease], lost) => work(lease!, lost));
}

/** Several at once. All owners are asked at the same time; leases are in the order of `shards`. */
export async function borrowAll<T>(
	shards: readonly number[],
	deps: BorrowDeps,
	signal: AbortSignal,
	work: (leases: readonly Lease[], lost: AbortSignal) => Promise<T>,
): Promise<T> {
	const { id, table, ttlMs, about, now, sleep } = deps;
	const beatMs = ttlMs / BEATS_PER_TTL;
	const seen = new Observations(ttlMs);
	const held = new Map<number, Lease>();
	let beat = 0;

	async function look() {
		const began = now();
		const self = { id, beat: ++beat, shards: held.size, outbox: 0, leaving: false, command: true, about };
		const view = await table.beat(self);
		seen.add(view, now());
		return { view, began, rows: new Map(view.shards.map((one) => [one.shard, one])) };
	}

	const isOurs = (row: ShardRow) => row.owner === id && row.epoch === held.get(row.shard)?.epoch;

	/** Only when all before it are taken: of two commands that want the same, none waits for the other while that waits for it. */
	async function taken(): Promise<Lease[]> {
		const asked = new Set<number>();
		for (; ; await sleep(beatMs, signal)) {
			signal.throwIfAborted();
			const { view, began, rows } = await look();
			const missing = [...shards]
				.sort((a, b) => a - b)
				.map((shard) => rows.get(shard)!)
				.filter((row) => !isOurs(row));
			const free = ({ owner }: ShardRow) => owner === null || owner === id || seen.isDead(owner, began);
			const first = missing.findIndex((row) => !free(row));
			const next = first < 0 ? missing : missing.slice(0, first);
			const beatOf = (owner: string | null) => view.workers.find((one) => one.id === owner)?.beat;
			const wanted = next.map((row) => ({
				...row,
				...(beatOf(row.owner) !== undefined && { beat: beatOf(row.owner)! }),
			}));
			for (const lease of wanted.length > 0 ? await table.take(id, wanted) : []) held.set(lease.shard, lease);
			const left = missing.filter(({ shard }) => !next.some((row) => row.shard === shard && held.has(shard)));
			if (left.length === 0) return shards.map((shard) => held.get(shard)!);
			for (const { shard, wantedBy } of left) {
				// another command may have asked before
				if (!asked.has(shard) || wantedBy === null) await table.want(shard, id);
				asked.add(shard);
			}
		}
	}

	try {
		const leases = await taken();
		const done = new AbortController();
		const lost = new AbortController();
		const beating = (async () => {
			for (let good = now(); !done.signal.aborted;) {
				await sleep(beatMs, done.signal);
				const looked = await look().catch(() => undefined);
				if (looked) good = looked.began;
				const gone = shards.find((shard) => looked && !isOurs(looked.rows.get(shard)!));
				if (gone !== undefined || now() - good > 0.8 * ttlMs)
					lost.abort(new ShardLost(`shard ${gone ?? shards[0]} was taken over`));
			}
		})();
		try {
			return await work(leases, lost.signal);
		} finally {
			done.abort();
			await beating;
		}
	} finally {
		// also what was taken before it was interrupted
		if (held.size > 0) await table.release([...held.values()]).catch(() => undefined);
		await table.leave(id).catch(() => undefined);
	}
}
