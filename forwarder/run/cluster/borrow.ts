/** A shard for a command that needs its owner to stand still: asked for, taken, and given back. */
import type { About, Lease, LeaseTable } from '../../store/lease';
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
export async function borrow<T>(
	shard: number,
	deps: BorrowDeps,
	signal: AbortSignal,
	work: (lease: Lease, lost: AbortSignal) => Promise<T>,
): Promise<T> {
	const { id, table, ttlMs, about, now, sleep } = deps;
	const beatMs = ttlMs / 5;
	const seen = new Observations(ttlMs);
	let beat = 0;

	async function look() {
		const began = now();
		const self = { id, beat: ++beat, shards: 0, outbox: 0, leaving: false, command: true, about };
		const view = await table.beat(self);
		seen.add(view, now());
		return { view, began, row: view.shards.find((one) => one.shard === shard)! };
	}

	async function taken(): Promise<Lease> {
		for (let isAsked = false; ; await sleep(beatMs, signal)) {
			signal.throwIfAborted();
			const { view, began, row } = await look();
			if (row.owner === null || row.owner === id || seen.isDead(row.owner, began)) {
				const owner = view.workers.find((one) => one.id === row.owner);
				const [lease] = await table.take(id, [{ ...row, ...(owner && { beat: owner.beat }) }]);
				if (lease) return lease;
			}
			// another command may have asked before
			if (!isAsked || row.wantedBy === null) await table.want(shard, id);
			isAsked = true;
		}
	}

	try {
		const lease = await taken();
		const done = new AbortController();
		const lost = new AbortController();
		const beating = (async () => {
			for (let good = now(); !done.signal.aborted;) {
				await sleep(beatMs, done.signal);
				const row = await look().then(
					(looked) => ((good = looked.began), looked.row),
					() => undefined,
				);
				const isOurs = row === undefined || (row.owner === id && row.epoch === lease.epoch);
				if (!isOurs || now() - good > 0.8 * ttlMs) lost.abort(new ShardLost(`shard ${shard} was taken over`));
			}
		})();
		try {
			return await work(lease, lost.signal);
		} finally {
			done.abort();
			await beating;
			await table.release([lease]);
		}
	} finally {
		await table.leave(id).catch(() => undefined);
	}
}
