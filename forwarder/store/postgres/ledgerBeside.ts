/** Ledgers for whoever only looks, beside the owner of the shard. */
import type { Clock } from '../../../core/contract';
import type { Ledger } from '../ledger';
import type { Beside } from './beside';
import { KnownIds } from './knownIds';
import { openLedger } from './ledger';
import type { Queries } from './queries';
import type { Shared } from './shared';
import { Fence } from './fence';
import { sharedOf } from './store';
import { pagesOf } from './streams';

/** What others store meanwhile is seen: the database is asked, and nothing is remembered of it. */
export function ledgerBeside(
	state: Beside,
	queries: Pick<Queries, 'query'>,
	{ schema, clock }: { schema: string; clock: Clock },
	stream: string,
): Ledger {
	async function now(): Promise<Ledger | undefined> {
		const shard = await state.shardOf(stream);
		if (shard === undefined) return undefined;
		// nobody holds this lease: it only reads
		const fence = new Fence(queries, schema, { shard, epoch: -1, owner: '', seq: -1 });
		const never = new AbortController().signal;
		const held = await sharedOf(fence, { schema, clock, maxOutboxSize: Infinity, shards: 1 }, never);
		const shared: Shared = {
			...held,
			ids: (name) => new KnownIds({ where: () => pagesOf(held, name), read: (what) => fence.read(what) }),
		};
		return held.rows.find(stream) && openLedger(shared, stream);
	}
	/** One for what one look is enough for: the position moves on meanwhile, and what is asked is below it. */
	let known: Promise<Ledger | undefined> | undefined;
	const once = () => (known ??= now());
	return {
		spans: async () => (await (known = now()))?.spans(),
		waiting: async (span) => (await now())?.waiting(span) ?? 0,
		find: async (events) => (await once())?.find(events) ?? events.map(() => undefined),
		anywhere: async (events) => (await once())?.anywhere(events) ?? [],
		count: async (span) => (await once())?.count(span) ?? 0,
		timeAfter: async (from, count) => (await once())?.timeAfter(from, count),
		deadLettered: async (span) => (await once())?.deadLettered(span) ?? 0,
		kept: async (ids) => (await once())?.kept(ids) ?? new Set<string>(),
		gaps: async (span) => (await once())?.gaps(span) ?? [],
	};
}
