/** A database in the test's own process, with the shards of one worker after the other. */
import type { SourceEvent } from '../../../../core/contract';
import type { Store } from '../../../../forwarder/store/contract';
import type { Lease } from '../../../../forwarder/store/lease';
import { OutcomeUnknown } from '../../../../forwarder/store/postgres/errors';
import { leaseTable } from '../../../../forwarder/store/postgres/leases';
import type { Queries } from '../../../../forwarder/store/postgres/queries';
import { migrate, named, SHARDS } from '../../../../forwarder/store/postgres/schema';
import { statement, type Sql } from '../../../../forwarder/store/postgres/sql';
import { openShard, type ShardOptions } from '../../../../forwarder/store/postgres/store';
import { startLite } from '../../../support/pglite';

export const SCHEMA = 'audit_relay';

export interface Database {
	/** With `@table` for a table of ours. */
	run<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
	read<Row>(what: Sql): Promise<Row[]>;
	/** Takes the shard from whoever has it. */
	take(owner?: string, shard?: number): Promise<Lease>;
	open(lease?: Lease, options?: Partial<ShardOptions>): Promise<Store>;
	/** What the store sends, in order. */
	readonly sent: string[];
	/** The next statement takes effect, and its answer is lost. */
	loseAnswer(): void;
	query: Queries['query'];
	script(text: string): Promise<void>;
	transaction: Queries['transaction'];
	/** As it was when it was new, but for the leases. */
	clear(): Promise<void>;
	close(): Promise<void>;
}

/** Nothing that may wait is written by itself. */
const stillClock = { now: () => Date.now(), sleep: () => new Promise<void>(() => undefined) };

export async function lite(): Promise<Database> {
	const queries = await startLite();
	return databaseOver(queries, queries.close);
}

export async function databaseOver(queries: Queries, close: () => Promise<void>): Promise<Database> {
	await migrate(queries, SCHEMA);
	const sent: string[] = [];
	let isLost = false;
	const run: Database['run'] = (text, values) => queries.query(named(text, SCHEMA), values);
	const read: Database['read'] = (what) => {
		const { text, values } = statement(what, SCHEMA);
		return queries.query(text, values);
	};
	const table = leaseTable(queries, SCHEMA, SHARDS);
	const stored: Pick<Queries, 'query'> = {
		async query<Row>(text: string, values: readonly unknown[] = []) {
			sent.push(text);
			const rows = await queries.query<Row>(text, values);
			if (isLost) {
				isLost = false;
				throw new OutcomeUnknown('the connection was lost');
			}
			return rows;
		},
	};
	const take: Database['take'] = async (owner = 'worker-1', shard = 1) => {
		const [seen] = await run<{ epoch: bigint; owner: string | null }>(
			'SELECT epoch, owner FROM @shards WHERE shard = $1',
			[shard],
		);
		const [lease] = await table.take(owner, [{ shard, epoch: Number(seen!.epoch), owner: seen!.owner }]);
		return lease!;
	};
	return {
		...{ run, take, close, sent, read, query: queries.query, script: queries.script, transaction: queries.transaction },
		loseAnswer: () => void (isLost = true),
		open: async (lease, options = {}) =>
			openShard(stored, lease ?? (await take()), {
				...{ schema: SCHEMA, clock: stillClock, maxOutboxSize: 1e9, shards: 1 },
				...options,
			}),
		clear: async () => {
			await run('UPDATE @ring SET slot = 0, forgotten = 0');
			await run(
				`TRUNCATE @streams, @cursors, @shipped, @batches, @damaged_batches, @pages, @backfills, @rereads, @dead_letters, @gaps, @destinations, @pauses, @paused_sources, @actions, @told, @tellers`,
			);
		},
	};
}

export const event = (id: string, time: bigint): SourceEvent => {
	const raw = JSON.stringify({ id });
	return { id, time, raw, json: JSON.parse(raw) as SourceEvent['json'] };
};

export const dr = { name: 'dr', fingerprint: 'f1', destinations: ['siem'] };

/** A page as the walk commits it. */
export const page = (...events: SourceEvent[]) => ({
	fresh: events,
	seen: events.map(({ id, time }) => ({ id, time })),
	observed: 99n,
});

export const idsIn = (batches: readonly { events: readonly { id: string }[] }[]) =>
	batches.flatMap(({ events }) => events.map(({ id }) => id));
