/** What a worker knows of itself and of the others, for health and metrics. */
import type { Lease } from '../../store/lease';
import { StaleLeaseError } from '../../store/contract';
import type { RelayReport } from '../report';
import type { LeaseReport, Leases } from './leases';

export type Origin = 'free' | 'dead' | 'again';

export interface WorkerSnapshot {
	/** Of all shards. */
	shards: number;
	held: number;
	/** Workers that share the work, this one included. */
	living: number;
	/** Since the last beat that succeeded began. Absent: none did yet. */
	beatAgeMs?: number;
	/** After so long others take over. */
	ttlMs: number;
	/** Shards that nobody alive holds, and since when there are some. */
	unowned: number;
	unownedSinceMs?: number;
	/** Since when workers have more than one configuration. */
	differSinceMs?: number;
	/** Shards that were taken, by what they were before. */
	takeovers: Readonly<Record<Origin, number>>;
	/** Writes that were refused, or whose outcome was unknown. */
	refused: number;
	connections: number;
	/** What only the database knows; absent when it does not answer. */
	partitions?: { slotsInUse: number; daysAhead: number };
}

/** All but what the database has to be asked for. */
export type WatchedWorker = Omit<WorkerSnapshot, 'connections' | 'partitions'>;

export interface LeaseWatch {
	/** Beside the log. */
	leases: LeaseReport;
	shards: RelayReport;
	look(status: Pick<Leases, 'status'>): WatchedWorker;
}

export function watchLeases(now: () => number, ttlMs: number): LeaseWatch {
	const takeovers: Record<Origin, number> = { free: 0, dead: 0, again: 0 };
	let refused = 0;
	let unownedSinceMs: number | undefined;
	let differSinceMs: number | undefined;
	return {
		leases: {
			taken(leases: readonly Lease[], from) {
				takeovers[from] += leases.length;
			},
			looked(_view, decision) {
				unownedSinceMs = decision.unowned > 0 ? (unownedSinceMs ?? now()) : undefined;
				const configs = new Set(decision.living.map(({ config }) => config));
				differSinceMs = configs.size > 1 ? (differSinceMs ?? now()) : undefined;
			},
		},
		shards: {
			shardFailed(_shard, error) {
				if (error instanceof StaleLeaseError) refused++;
			},
		},
		look(leases) {
			const { held, beatAgeMs, view, decision } = leases.status();
			return {
				...{ shards: view?.shards.length ?? 0, held: held.length, ttlMs, refused, takeovers: { ...takeovers } },
				...{ living: decision?.living.length ?? 0, unowned: decision?.unowned ?? 0 },
				...(Number.isFinite(beatAgeMs) && { beatAgeMs }),
				...(unownedSinceMs !== undefined && { unownedSinceMs }),
				...(differSinceMs !== undefined && { differSinceMs }),
			};
		},
	};
}
