/** What people see of the processes that share a database, and what they may ask of them. */

export interface WorkerState {
	readonly id: string;
	readonly host: string;
	readonly version: string;
	/** The newest version of the schema that it knows. */
	readonly schema: number;
	/** Hash of its configuration. */
	readonly config: string;
	/** Since it began. */
	readonly upMs: number;
	/** Since its last beat, by the clock of the database. */
	readonly beatAgeMs: number;
	/** That it holds. */
	readonly shards: number;
	/** Bytes of events that wait in them. */
	readonly outbox: number;
	readonly leaving: boolean;
	readonly drained: boolean;
	readonly command: boolean;
}

export interface ShardState {
	readonly shard: number;
	readonly epoch: number;
	/** Of the last commit. */
	readonly seq: number;
	readonly owner: string | null;
	/** Since that one took it. */
	readonly heldMs?: number;
	/** Who asks for it. */
	readonly wantedBy: string | null;
	/** How often in the last ten minutes its owner ended without giving it back. */
	readonly falls: number;
	/** Whose state it keeps. */
	readonly sources: readonly string[];
}

export interface ClusterState {
	readonly workers: readonly WorkerState[];
	readonly shards: readonly ShardState[];
}

/** Why a cluster needs somebody. */
export interface ClusterFindings {
	/** Nobody alive holds them. */
	readonly unowned: readonly number[];
	/** Their owners keep ending: they are left alone for a while. */
	readonly poisoned: readonly number[];
	/** Hashes, when workers have more than one configuration. */
	readonly configs: readonly string[];
}

export const isAlive = ({ beatAgeMs }: WorkerState, ttlMs: number): boolean => beatAgeMs < ttlMs;

/** Owners that ended with a shard after which it is left alone. */
export const POISON = 3;

export function findingsIn({ workers, shards }: ClusterState, ttlMs: number): ClusterFindings {
	const alive = workers.filter((worker) => isAlive(worker, ttlMs));
	const ids = new Set(alive.map(({ id }) => id));
	const configs = new Set(alive.filter(({ command }) => !command).map(({ config }) => config));
	const unowned = shards.filter(({ owner }) => owner === null || !ids.has(owner));
	return {
		unowned: unowned.map(({ shard }) => shard),
		poisoned: unowned.filter(({ falls }) => falls >= POISON).map(({ shard }) => shard),
		configs: configs.size > 1 ? [...configs].sort() : [],
	};
}
