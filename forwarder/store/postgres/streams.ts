/** One stream of a shard: what the walk asks of a store. Its state is answered from memory for as long as the lease is held. */
import type { Change, StreamStore } from '../../../core/walk/contract';
import type { Nanos } from '../../../core/contract';
import { DAY } from '../../../core/time';
import { isEventId } from '../../../core/walk/sift';
import { changed } from '../../../core/walk/state';
import type { StreamName, StreamIdentity } from '../contract';
import { KEEP } from '../ledger';
import { room } from '../room';
import { gapsOf, lettersOf } from './letters';
import { entriesOf, packed } from '../packedIds';
import { Settled } from './settled';
import type { StreamRow } from './rows';
import { commit, type Commit, type Shared } from './shared';
import { sql, type Sql } from './sql';

/** A poll that had begun before has to begin again. */
export class Rewound extends Error {
	override name = 'Rewound';
}

export function openStream(shared: Shared, identity: StreamIdentity, flushSoon: () => void): StreamStore {
	const { fence, rows, backlog, rewound, now } = shared;
	const { name, keepLedger = KEEP } = identity;
	const settled = new Settled();
	const parts = changeWriter(shared, identity);

	function check(): void {
		fence.check();
		if (rewound.has(name)) throw new Rewound(`${name} is read again from further back: a stored batch was damaged`);
	}

	function done({ seen = [], forgetBelow, start }: Change, before: StreamRow): void {
		settled.add(seen.filter(({ id }) => isEventId(id)));
		if (forgetBelow !== undefined) settled.forgetBelow(forgetBelow);
		if (forgetBelow !== undefined) shared.ids(name).forgetBelow(forgetBelow);
		if (start !== undefined && before.start === undefined) shared.ids(name).forgot();
	}

	return {
		async load() {
			fence.check();
			rewound.delete(name);
			const { start, watermark, walk, kept, filterIgnored } = rows.get(name);
			if (start === undefined || watermark === undefined) return undefined;
			return { start, watermark, walk, kept, filterIgnored: filterIgnored || undefined };
		},
		async seen(elements) {
			fence.check();
			return shared.ids(name).among(elements, now());
		},
		async rememberedFrom() {
			return rememberedFrom(shared, name);
		},
		async settled(time, count) {
			fence.check();
			return settled.newest(time, count);
		},
		async commit(change) {
			check();
			if (parts.isQuiet(change)) {
				const before = rows.get(name);
				rows.change(name, patchOf(before, change, keepLedger, now()));
				done(change, before);
				return flushSoon();
			}
			await commit(shared, () => {
				check();
				const before = rows.get(name);
				const patch = patchOf(before, change, keepLedger, now());
				const part = parts.of(change, patch.generation);
				return {
					...{ stream: name, patch, ...part },
					done(seq) {
						done(change, before);
						part.done!(seq);
					},
				};
			});
		},
		room: (signal) => room(backlog, backlog.limit, signal),
	};
}

/** Those columns that the change says something about. */
function patchOf(row: StreamRow, change: Change, keepLedger: Nanos, now: Nanos): Partial<StreamRow> {
	const { start, watermark, polled } = change;
	let { ledgerFrom, generation } = row;
	if (start !== undefined && row.start === undefined) [ledgerFrom, generation] = [0n, generation + 1];
	// nothing before its former start was ever read, so what it has is all, wherever that lay
	else if (start !== undefined && ledgerFrom !== undefined) ledgerFrom = 0n;
	if (watermark !== undefined) {
		// a state without a ledger has one for what happens from now on
		const kept = watermark - keepLedger;
		ledgerFrom = (ledgerFrom ?? now) > kept ? (ledgerFrom ?? now) : kept;
	}
	return {
		...changed(change),
		...(ledgerFrom !== row.ledgerFrom && { ledgerFrom }),
		...(generation !== row.generation && { generation }),
		...(polled && pollOf(now, polled.error)),
	};
}

/** How a poll ended, for `status`. */
export const pollOf = (at: Nanos, error?: string): Partial<StreamRow> =>
	error === undefined ? { lastSuccess: at } : { lastError: error, lastErrorAt: at };

/** Which events were stored is known from here on: days are dropped for all streams at once, also of one that stays behind. */
export async function rememberedFrom({ fence, rows }: Shared, name: string): Promise<Nanos | undefined> {
	fence.check();
	const { ledgerFrom } = rows.get(name);
	if (ledgerFrom === undefined) return undefined;
	const [row] = await fence.read<{ forgotten: Nanos }>(sql`SELECT forgotten FROM @ring`);
	return row!.forgotten > ledgerFrom ? row!.forgotten : ledgerFrom;
}

/** Pages of a stream, as far as they count. */
export function pagesOf({ rows }: Shared, name: string): Sql {
	return sql`WHERE stream = ${name}::text AND generation = ${rows.get(name).generation}::int`;
}

/** What a change adds beside the position: batch, ids, dead letters and gap records; of the live walk or of a back-fill. */
export function changeWriter(shared: Shared, { name, destinations }: StreamName) {
	const { fence, rows, now } = shared;
	/** Elements that are not events are listed again and again: once a day is enough, because ids are forgotten by day. */
	let today = -1;
	const listed = new Set<string>();
	const isNews = ({ id }: { id: string }) => isEventId(id) || !listed.has(id);

	function newSeen(seen: Change['seen'] = []) {
		const day = Number(now() / DAY);
		if (day !== today) listed.clear();
		today = day;
		return seen.filter(isNews);
	}

	return {
		/** Nothing that would be missed: it may be written later. */
		isQuiet: ({ fresh = [], seen, invalid = [], gaps = [], start }: Change): boolean =>
			start === undefined && fresh.length + invalid.length + gaps.length + newSeen(seen).length === 0,

		of(
			{ fresh = [], seen, invalid = [], gaps = [], observed = now() }: Change,
			generation = rows.get(name).generation,
		): Commit {
			const at = now();
			const news = newSeen(seen);
			const { events, others } = entriesOf(fresh, news, (id) => shared.ids(name).hashOf(id));
			const letters = invalid.map(({ id, raw, reason }) => ({
				...{ stream: name, eventId: id, raw, observed, reason: 'invalid_event', detail: reason },
			}));
			return {
				effects: [
					...(events.length + others.length > 0
						? [page(name, fence.lease.shard, generation, packed(events, others))]
						: []),
					...(letters.length > 0 ? [lettersOf(letters, at)] : []),
					...(gaps.length > 0 ? [gapsOf(name, gaps, at)] : []),
				],
				...(fresh.length + gaps.length > 0 && { batch: { stream: name, destinations, observed, events: fresh, gaps } }),
				done() {
					shared.ids(name).add(events, others, at);
					for (const { id } of news) if (!isEventId(id)) listed.add(id);
				},
			};
		},
	};
}

function page(stream: string, shard: number, generation: number, ids: ReturnType<typeof packed>): Sql {
	const { low = null, high = null, n, dropped, times, hashes, others } = ids;
	return sql`INSERT INTO @pages (day, shard, seq, stream, generation, low, high, n, dropped, times, hashes, others)
		SELECT (now() AT TIME ZONE 'UTC')::date, ${shard}::int, fence.seq, ${stream}::text, ${generation}::int, ${low}::bigint, ${high}::bigint,
			${n}::int, ${dropped}::int, ${times}::bytea, ${hashes}::bytea, ${others}::bytea FROM fence`;
}
