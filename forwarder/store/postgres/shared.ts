/** What the parts of a shard's store have in common. */
import type { Clock, Nanos } from '../../../core/contract';
import type { Interval } from '../../../core/walk/intervals';
import type { Batch } from '../contract';
import type { Recent } from '../recent';
import { resumeIfRoom, type Backlog } from '../room';
import { insert, type NewBatch } from './batches';
import { makeDays } from './days';
import type { Fence } from './fence';
import type { JobRow } from './jobs';
import type { KnownIds } from './knownIds';
import type { Queues } from './queues';
import type { StreamRow, StreamRows } from './rows';
import { sql, type Sql } from './sql';

export interface Shared {
	readonly fence: Fence;
	readonly clock: Pick<Clock, 'sleep'>;
	/** When the shard is given back. */
	readonly closed: AbortSignal;
	now(): Nanos;
	readonly rows: StreamRows;
	readonly queues: Queues;
	/** Unfinished ones, by stream. */
	readonly jobs: Map<string, JobRow>;
	/** Spans that a damaged batch has left open. */
	readonly rereads: Map<string, readonly Interval[]>;
	readonly backlog: Backlog;
	/** What need not be read from the database. */
	readonly recent: Recent;
	/** Of a stream: its live walk and its back-fill share them. */
	ids(stream: string): KnownIds;
	/** Streams whose position a damaged batch has moved back: what was loaded before is not written any more. */
	readonly rewound: Set<string>;
	readonly listeners: Set<() => void>;
}

/** One commit of the shard: all of it or nothing. */
export interface Commit {
	/** Each reads `FROM fence`. */
	effects?: readonly Sql[];
	stream?: string;
	/** Of the stream. */
	patch?: Partial<StreamRow>;
	batch?: NewBatch;
	/** It changes rows of streams by itself: a statement may change a row once only, and what is not urgent waits for the next. */
	alone?: boolean;
	done?(seq: number): void;
}

/** As `Fence.write`. */
export async function commit(
	shared: Shared,
	prepare: () => Commit | undefined | Promise<Commit | undefined>,
): Promise<void> {
	try {
		await write(shared, prepare);
	} catch (error) {
		if (!isWithoutDay(error)) throw error;
		await makeDays(shared.fence);
		await write(shared, prepare);
	}
}

function write(shared: Shared, prepare: () => Commit | undefined | Promise<Commit | undefined>): Promise<void> {
	const { fence, rows } = shared;
	return fence.write(async () => {
		const prepared = await prepare();
		if (!prepared) return undefined;
		const { effects = [], stream, patch, batch, alone = false, done } = prepared;
		const { shard } = fence.lease;
		const streams = alone ? NOTHING : rows.written(shard, stream, patch);
		const inserted = batch && batch.destinations.length > 0 ? insert(shard, batch) : undefined;
		return {
			effects: [...(inserted ? [inserted.effect] : []), ...effects, ...streams.effects],
			returning: inserted ? [sql`(SELECT slot FROM e0) AS slot`] : [],
			done(seq, { slot }) {
				streams.done();
				done?.(seq);
				if (inserted) added(shared, { ...batch!, id: seq }, { ...inserted, slot: Number(slot) });
			},
		};
	});
}

const NOTHING = { effects: [], done: () => undefined };

function added(
	{ queues, recent, listeners }: Shared,
	{ id, stream, observed, destinations, events, gaps, verified }: NewBatch & { id: number },
	{ slot, size, records }: { slot: number; size: number; records: number },
): void {
	const batch: Batch = { id, stream, observed, events: [...events], gaps: [...gaps], ...(verified && { verified }) };
	queues.add({ id, slot, stream, observed, size, records, destinations });
	recent.add({ batch, size });
	for (const listener of listeners) listener();
}

/** What is not urgent may wait for this long. Later is safe: what is not written is read again. */
const DEFER_MS = 5_000;

/** Writes what is not urgent, if nothing else takes it along. Failures show at the next call, and it is tried again. */
export function flusher(shared: Shared): { soon(): void; now(): Promise<void> } {
	let waits = false;
	const now = () => commit(shared, () => (shared.rows.isChanged ? {} : undefined));
	return {
		now,
		soon() {
			if (waits) return;
			waits = true;
			void shared.clock
				.sleep(DEFER_MS, shared.closed)
				.then(now)
				.catch(() => undefined)
				.finally(() => {
					waits = false;
				});
		},
	};
}

export function freed({ queues, recent, backlog }: Shared, destination: string, upTo: number): void {
	for (const { id } of queues.acknowledge(destination, upTo)) recent.delete(id);
	resumeIfRoom(backlog);
}

function isWithoutDay(error: unknown): boolean {
	const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
	return code === '23514' && /no partition/.test(String(message));
}
