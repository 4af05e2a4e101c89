/** Who may write what, when several processes share a database. The statements are in `postgres/leases.ts`, who tries which when in `run/cluster`. */

/** The right to write one shard. It ends with the first write that is refused, or whose outcome is unknown. */
export interface Lease {
	readonly shard: number;
	/** Raised whenever it is taken. */
	readonly epoch: number;
	readonly owner: string;
	/** Of the last commit. */
	readonly seq: number;
}

/** What a worker says of itself with every beat. */
export interface Beat {
	readonly id: string;
	/** Higher than the last one. */
	readonly beat: number;
	readonly shards: number;
	/** Bytes of events that wait in its shards. */
	readonly outbox: number;
	/** It takes nothing any more, and does not count. */
	readonly leaving: boolean;
	/** It holds a shard for a moment only. */
	readonly command: boolean;
	readonly about: About;
}

/** For people who look at a cluster. */
export interface About {
	readonly version: string;
	readonly schema: number;
	/** Hash of its configuration. */
	readonly config: string;
	readonly host: string;
}

export interface WorkerRow {
	readonly id: string;
	readonly beat: number;
	readonly outbox: number;
	readonly leaving: boolean;
	/** Somebody wants it to give up its shards and to take none. */
	readonly drained: boolean;
	readonly command: boolean;
	/** Hash of its configuration. */
	readonly config: string;
}

export interface ShardRow {
	readonly shard: number;
	readonly epoch: number;
	readonly owner: string | null;
	/** Who asks the owner to give it back. */
	readonly wantedBy: string | null;
	/** How often in the last ten minutes its owner ended without giving it back. */
	readonly falls: number;
}

/** All there is, at one moment. */
export interface View {
	/** Which database this is, and how often it was failed over: with another one, nothing in memory holds. */
	readonly server: string;
	readonly workers: readonly WorkerRow[];
	readonly shards: readonly ShardRow[];
}

/** A shard as it was seen: taken only if that is still so. */
export interface Seen {
	readonly shard: number;
	readonly epoch: number;
	readonly owner: string | null;
	/** The owner's last beat. Absent: it is not in the table. */
	readonly beat?: number;
}

export interface LeaseTable {
	beat(beat: Beat): Promise<View>;
	/** Those that were still as seen. */
	take(owner: string, shards: readonly Seen[]): Promise<Lease[]>;
	/** Gives them back: whoever wants them may take them at once. */
	release(leases: readonly Pick<Lease, 'shard' | 'epoch' | 'owner'>[]): Promise<void>;
	/** Removes the rows of dead workers that own nothing and are still as seen. */
	bury(workers: readonly Pick<WorkerRow, 'id' | 'beat'>[]): Promise<void>;
	leave(id: string): Promise<void>;
	/** Asks the owner to give it back, for this one. */
	want(shard: number, by: string): Promise<void>;
}
