/** Snapshots in which all is well, to change one thing in. */
import type { WorkerSnapshot } from '../../../forwarder/run/cluster/watch';
import type { StreamCounts } from '../../../forwarder/run/monitor';
import type { DestinationSnapshot, Snapshot, StreamSnapshot } from '../../../forwarder/run/snapshot';

export const MINUTE = 60_000;
export const NOW = Date.parse('2026-11-20T12:00:00Z');
/** An hour ago. */
export const SINCE = NOW - 60 * MINUTE;

export function counts(change: Partial<StreamCounts> = {}): StreamCounts {
	const polls = { succeeded: 3, transient: 0, refused: 0, fatal: 0 };
	const older = { late: 4, forgotten: 0, forgottenLately: 0 };
	return {
		read: 20,
		fresh: 17,
		dropped: 2,
		invalid: 1,
		replaced: 0,
		rejected: 0,
		...older,
		polls,
		background: {},
		...change,
	};
}

export function stream(change: Partial<StreamSnapshot> = {}): StreamSnapshot {
	return {
		name: 'dr',
		provider: 'arpio',
		latenessMs: 10 * MINUTE,
		pollIntervalMs: MINUTE,
		counts: counts(),
		openGaps: 0,
		watermarkLagMs: 10 * MINUTE,
		lagMs: 0,
		oldestUnacknowledgedMs: 0,
		inFlight: 1,
		requests: 4,
		rateLimitedMs: 0,
		pausedMs: 0,
		...change,
	};
}

export function destination(change: Partial<DestinationSnapshot> = {}): DestinationSnapshot {
	return {
		name: 'siem',
		state: 'ok',
		since: SINCE,
		inFlight: 0,
		consecutiveFailures: 0,
		shipped: 18,
		waiting: 0,
		oldestUnacknowledgedMs: 0,
		deadLetters: 0,
		doubtful: 0,
		...change,
	};
}

export function snapshot(change: Partial<Snapshot> = {}): Snapshot {
	return {
		at: NOW,
		streams: [stream()],
		destinations: [destination()],
		past: [],
		unseen: [],
		mistakes: [],
		orphans: [],
		outboxFull: false,
		diskLow: false,
		stopping: false,
		...change,
	};
}

export function worker(change: Partial<WorkerSnapshot> = {}): WorkerSnapshot {
	const takeovers = { free: 21, dead: 1, again: 0 };
	return {
		...{
			shards: 64,
			held: 22,
			living: 3,
			beatAgeMs: 400,
			ttlMs: 5_000,
			unowned: 0,
			takeovers,
			refused: 2,
			connections: 3,
		},
		partitions: { slotsInUse: 2, daysAhead: 7 },
		...change,
	};
}

/** Tries until it is so, for at most 40 seconds. Returns what made it true. */
export async function eventually<T>(look: () => T | Promise<T>, isSo: (seen: T) => boolean): Promise<T> {
	const deadline = Date.now() + 40_000;
	for (;;) {
		const seen = await look();
		if (isSo(seen)) return seen;
		if (Date.now() > deadline) throw new Error(`never came true; last seen: ${JSON.stringify(seen).slice(0, 2000)}`);
		await new Promise((next) => setTimeout(next, 10));
	}
}
