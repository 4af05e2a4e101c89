/** What must hold of all changes of leases, commits and cursors. Pure, so that the harness itself can be tested. */
import type { Audit, CursorChange, ShardChange } from './audit';

export type ProcessOf = (port: number, at: number) => number | undefined;

/** @param processOf of the worker that had this port at the database at that time; undefined: not a worker's */
export function judgeOwnership({ shards, cursors }: Audit, processOf: ProcessOf): string[] {
	const owned = new Map<string, string | null>();
	const wrong: string[] = [];
	const last = new Map<number, ShardChange>();
	for (const change of shards) {
		const { shard, epoch, owner, seq, before, port, at } = change;
		const say = (what: string) => wrong.push(`shard ${shard}, epoch ${epoch}, commit ${seq}: ${what}`);
		const previous = last.get(shard);
		last.set(shard, change);
		if (epoch < before.epoch || (previous && epoch < previous.epoch)) say(`the epoch went back from ${before.epoch}`);
		if (seq < before.seq || (previous && seq < previous.seq)) say(`the number went back from ${before.seq}`);
		if (epoch !== before.epoch) owned.set(`${shard}/${epoch}`, owner);
		else if (owner !== before.owner && owner !== null) say(`${owner} took it without a new epoch`);
		const by = processOf(port, at);
		if (seq !== before.seq && by !== undefined && !isOf(before.owner, by))
			say(`process ${by} wrote, and it belonged to ${before.owner}`);
		if (seq > before.seq + 1) say(`numbers were left out since ${before.seq}`);
	}
	for (const change of cursors) wrong.push(...judgeCursor(change, owned, processOf));
	return wrong;
}

function judgeCursor(
	{ shard, destination, epoch, acked, before, port, at }: CursorChange,
	owned: ReadonlyMap<string, string | null>,
	processOf: ProcessOf,
): string[] {
	const name = `cursor of ${destination}, shard ${shard}, epoch ${epoch}`;
	const wrong: string[] = [];
	if (acked < before.acked) wrong.push(`${name}: went back from ${before.acked} to ${acked}`);
	const owner = owned.get(`${shard}/${before.epoch}`);
	const by = processOf(port, at);
	if (acked !== before.acked && typeof owner === 'string' && by !== undefined && !isOf(owner, by))
		wrong.push(`${name}: process ${by} acknowledged ${acked}, and it belonged to ${owner}`);
	return wrong;
}

/** The name of a worker holds the number of its process. */
export const isOf = (owner: string | null, pid: number): boolean =>
	owner !== null && owner.split(/[^0-9]+/).includes(String(pid));
