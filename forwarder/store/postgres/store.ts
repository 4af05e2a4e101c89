/** The state of one shard in Postgres, for whoever holds its lease. */
import type { Clock, Nanos } from '../../../core/contract';
import type { Interval } from '../../../core/walk/intervals';
import { fromMillis } from '../../../core/time';
import type { Action } from '../actions';
import type { Store, StreamIdentity } from '../contract';
import { KEEP } from '../ledger';
import type { Lease } from '../lease';
import { Recent } from '../recent';
import { isFull, resumeIfRoom, type Backlog } from '../room';
import { anotherLog, StreamRefused } from '../stateError';
import { headOf, waitingOf } from './batches';
import { keepDays } from './days';
import { expireLetters } from './expire';
import { Fence } from './fence';
import { jobsOf, openJobs, readJob } from './jobs';
import { KnownIds } from './knownIds';
import { openOutbox } from './outbox';
import { notePause, readPauses } from './pauses';
import { Queues } from './queues';
import type { Queries } from './queries';
import { readRow, rowsOf, StreamRows } from './rows';
import { commit, flusher, type Shared } from './shared';
import { sql } from './sql';
import { openStream, pagesOf, pollOf } from './streams';
import { summarize } from './summary';
import { openVerdicts } from './verdicts';

export interface ShardOptions {
	schema: string;
	clock: Clock;
	/** Bytes of waiting event text, of all shards, above which polling pauses (R11). */
	maxOutboxSize: number;
	/** Of how many: each may always have its share of the room. */
	shards: number;
	/** Bytes that wait in other shards, as far as that is known. */
	elsewhere?: () => number;
	/** The longest that any source wants its ids to be kept: whoever holds the first shard drops what is older. */
	keepLedger?: Nanos;
}

export interface ShardStore extends Store {
	/** Bytes of event text that wait in it. */
	size(): number;
}

/** The first one looks after what all have in common. */
const FIRST = 0;

/** Reads what the shard holds, once: after that the memory is right for as long as the lease is held. */
export async function openShard(
	queries: Pick<Queries, 'query'>,
	lease: Lease,
	options: ShardOptions,
): Promise<ShardStore> {
	const { schema, clock } = options;
	const fence = new Fence(queries, schema, lease);
	const closed = new AbortController();
	const shared = await sharedOf(fence, options, closed.signal);
	const { rows, queues, backlog, listeners, now } = shared;
	const flush = flusher(shared);
	if (lease.shard === FIRST) void keepDays(fence, options.keepLedger ?? KEEP, clock, closed.signal);

	async function claim(identities: readonly StreamIdentity[]): Promise<void> {
		const unknown = identities.filter(({ name }) => !rows.find(name));
		for (const { name, fingerprint, settings } of identities) {
			const row = rows.find(name);
			if (row && row.fingerprint !== fingerprint) throw anotherLog(name);
			// the same log, declared in another way
			if (row && settings !== undefined && settings !== row.settings) rows.change(name, { settings });
		}
		const destinations = [...new Set(identities.flatMap((one) => one.destinations))];
		const unopened = destinations.filter((name) => !queues.destinations.includes(name));
		if (unknown.length + unopened.length === 0) return;
		const { shard, epoch } = fence.lease;
		const [elsewhere] = await fence.read<{ name: string; shard: number }>(
			sql`SELECT name, shard FROM @streams WHERE name = ANY(${unknown.map(({ name }) => name)}::text[])`,
		);
		if (elsewhere)
			throw new StreamRefused(
				elsewhere.name,
				`source ${elsewhere.name}: its state is kept in shard ${elsewhere.shard}, not in ${shard}`,
			);
		// ids of a former stream of that name do not count
		await commit(shared, () => ({
			effects: [
				sql`INSERT INTO @streams (name, shard, fingerprint, settings, generation) SELECT v.name, ${shard}::int, v.fingerprint, v.settings,
						coalesce((SELECT max(generation) + 1 FROM @pages p WHERE p.stream = v.name), 0)
					FROM fence, unnest(${unknown.map(({ name }) => name)}::text[], ${unknown.map(({ fingerprint }) => fingerprint)}::text[],
						${unknown.map(({ settings }) => settings ?? null)}::text[]) AS v (name, fingerprint, settings)`,
				sql`INSERT INTO @cursors (shard, destination, epoch, acked) SELECT ${shard}::int, name, ${epoch}::bigint, fence.seq
					FROM fence, unnest(${unopened}::text[]) name`,
			],
			done(seq) {
				// what was stored before is not for them
				for (const name of unopened) queues.open(name, seq);
			},
		}));
		const stored = await fence.read<Parameters<typeof readRow>[0]>(rowsOf(shard));
		for (const row of stored) if (!rows.find(row.name)) rows.set(readRow(row));
	}

	return {
		async streams(identities) {
			fence.check();
			await claim(identities);
			return identities.map((identity) => openStream(shared, identity, flush.soon));
		},
		backfills: (stream) => openJobs(shared, stream),
		async unfinishedBackfills() {
			fence.check();
			return [
				...new Set([
					...shared.jobs.keys(),
					...[...shared.rereads].flatMap(([name, spans]) => (spans.length > 0 ? [name] : [])),
				]),
			];
		},
		verdicts: (stream) => openVerdicts(shared, stream),
		outbox: (destination) => openOutbox(shared, destination),
		async settings() {
			fence.check();
			const all = rows.names.map((name) => [name, rows.get(name).settings] as const);
			return new Map(all.flatMap(([name, settings]) => (settings === undefined ? [] : [[name, settings]])));
		},
		async notePoll(stream, error) {
			fence.check();
			rows.change(stream, pollOf(now(), error));
			flush.soon();
		},
		async noteDestination(destination, { state, since, lastError }) {
			const { shard } = fence.lease;
			await fence.aside(
				[
					sql`INSERT INTO @destinations (shard, name, state, since, last_error, last_error_at)
						SELECT ${shard}::int, ${destination}::text, ${state}::text, ${fromMillis(since)}::bigint, ${lastError?.message ?? null}::text,
							${lastError ? fromMillis(lastError.at) : null}::bigint FROM held
						ON CONFLICT (shard, name) DO UPDATE SET state = excluded.state, since = excluded.since,
							last_error = excluded.last_error, last_error_at = excluded.last_error_at`,
				],
				sql`1`,
			);
		},
		pauses: () => readPauses(fence),
		notePause: (group, ms) => notePause(fence, group, ms),
		async waiting(destination) {
			fence.check();
			return queues.of(destination).reduce((all, { records }) => all + records, 0);
		},
		async isWaiting() {
			fence.check();
			return !queues.isEmpty;
		},
		newActions: lease.shard === FIRST ? await followActions(fence) : async () => [],
		expireLetters: (...given) => expireLetters(shared, ...given),
		summary: () =>
			summarize({
				...{ read: (what) => fence.read(what), rows: rows.names.map((name) => rows.get(name)), queues: [queues] },
				...{ ours: sql`stream = ANY(${rows.names}::text[])`, here: sql`shard = ${lease.shard}::int` },
			}),
		isFull: () => isFull(backlog),
		lookForRoom: () => resumeIfRoom(backlog),
		isDiskLow: () => false,
		size: () => queues.size,
		onBatch: (listener) => listeners.add(listener),
		async close() {
			closed.abort();
			await flush.now().catch(() => undefined);
			fence.end('it was given back');
		},
	};
}

/** What a shard holds at this moment. */
export async function sharedOf(fence: Fence, options: ShardOptions, closed: AbortSignal): Promise<Shared> {
	const { shard } = fence.lease;
	type Reread = { stream: string; from: bigint; to: bigint };
	const [streams, cursors, heads, jobs, rereads] = await Promise.all([
		fence.read<Parameters<typeof readRow>[0]>(rowsOf(shard)),
		fence.read<{ destination: string; acked: bigint }>(
			sql`SELECT destination, acked FROM @cursors WHERE shard = ${shard}::int`,
		),
		fence.read<Parameters<typeof headOf>[0]>(waitingOf(shard)),
		fence.read<Parameters<typeof readJob>[0] & { stream: string }>(jobsOf(shard)),
		fence.read<Reread>(
			sql`SELECT stream, "from", "to" FROM @rereads WHERE stream IN (SELECT name FROM @streams WHERE shard = ${shard}::int) ORDER BY id`,
		),
	]);
	const acked = new Map(cursors.map(({ destination, acked }) => [destination, Number(acked)]));
	const queues = new Queues(acked, heads.map(headOf));
	const ids = new Map<string, KnownIds>();
	const spans = new Map<string, Interval[]>();
	for (const { stream, from, to } of rereads) spans.set(stream, [...(spans.get(stream) ?? []), { from: from, to: to }]);
	const shared: Shared = {
		...{ fence, queues, closed, clock: options.clock, recent: new Recent(), rewound: new Set(), listeners: new Set() },
		now: () => fromMillis(options.clock.now()),
		rows: new StreamRows(streams.map(readRow)),
		jobs: new Map(jobs.map((row) => [row.stream, readJob(row)])),
		rereads: spans,
		backlog: backlogOf(queues, options),
		ids(stream) {
			const known =
				ids.get(stream) ?? new KnownIds({ where: () => pagesOf(shared, stream), read: (what) => fence.read(what) });
			ids.set(stream, known);
			return known;
		},
	};
	return shared;
}

/** A shard always has its share of the room, and more while all of it is not full. */
function backlogOf(queues: Queues, { maxOutboxSize, shards, elsewhere = () => 0 }: ShardOptions): Backlog {
	return {
		get size() {
			const own = queues.size;
			return own < maxOutboxSize / shards ? own : own + elsewhere();
		},
		limit: maxOutboxSize,
		waiting: new Set(),
		isDiskLow: () => false,
	};
}

/** Each call returns what was done since the one before; the first one, since this. */
async function followActions(fence: Fence): Promise<() => Promise<Action[]>> {
	const [newest] = await fence.read<{ id: bigint }>(sql`SELECT coalesce(max(id), 0) AS id FROM @actions`);
	let last = String(newest!.id);
	return async () => {
		const rows = await fence.read<{ id: bigint; at: bigint; by: string; what: string }>(
			sql`SELECT id, at, by, what FROM @actions WHERE id > ${last}::bigint ORDER BY id`,
		);
		last = String(rows.at(-1)?.id ?? last);
		return rows.map(({ at, by, what }) => ({ at: at, by, what }));
	};
}
