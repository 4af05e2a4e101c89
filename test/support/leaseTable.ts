/** Leases in memory, as the statements of the store behave (which are held against the same tests). */
import type { Beat, Lease, LeaseTable, ShardRow } from '../../forwarder/store/lease';

export interface MemoryTable extends LeaseTable {
	/** Each failover is another one. */
	server: string;
	readonly shards: ReadonlyMap<number, Readonly<ShardRow & { seq: number }>>;
	drain(id: string): void;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function memoryTable(count: number): MemoryTable {
	const workers = new Map<string, Beat & { drained: boolean }>();
	const shards = new Map<number, Mutable<ShardRow> & { seq: number }>();
	for (let shard = 0; shard < count; shard++)
		shards.set(shard, { shard, epoch: 0, owner: null, wantedBy: null, falls: 0, seq: 0 });
	const owns = (id: string) => [...shards.values()].some(({ owner }) => owner === id);
	const remove = (id: string) => void (owns(id) || workers.delete(id));

	return {
		server: 'first',
		shards,
		drain: (id) => void workers.set(id, { ...workers.get(id)!, drained: true }),
		async beat(beat) {
			workers.set(beat.id, { ...beat, drained: workers.get(beat.id)?.drained ?? false });
			return {
				server: this.server,
				workers: [...workers.values()].map((row) => {
					const { id, beat, outbox, leaving, drained, command, about } = row;
					return { id, beat, outbox, leaving, drained, command, config: about.config };
				}),
				shards: [...shards.values()].map(({ shard, epoch, owner, wantedBy, falls }) => ({
					...{ shard, epoch, owner, wantedBy, falls },
				})),
			};
		},
		async take(owner, seen) {
			return seen.flatMap((one): Lease[] => {
				const row = shards.get(one.shard)!;
				const worker = one.owner === null ? undefined : workers.get(one.owner);
				if (row.epoch !== one.epoch || row.owner !== one.owner) return [];
				if (worker && worker.beat !== one.beat) return [];
				if (row.owner !== null && row.owner !== owner) row.falls++;
				Object.assign(row, { epoch: row.epoch + 1, owner, wantedBy: null });
				return [{ shard: row.shard, epoch: row.epoch, owner, seq: row.seq }];
			});
		},
		async release(leases) {
			for (const { shard, epoch, owner } of leases) {
				const row = shards.get(shard)!;
				if (row.epoch === epoch && row.owner === owner) Object.assign(row, { owner: null, falls: 0 });
			}
		},
		async bury(dead) {
			for (const { id, beat } of dead) if (workers.get(id)?.beat === beat) remove(id);
		},
		leave: async (id) => remove(id),
		want: async (shard, by) => void (shards.get(shard)!.wantedBy = by),
	};
}
