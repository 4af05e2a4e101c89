/** What a stream has stored, for whoever compares with it. */
import type { Gap } from '../../../core/walk/contract';
import { merged } from '../../../core/walk/intervals';
import type { EventKey } from '../../../core/contract';
import { hashOf } from '../idFilter';
import type { Ledger } from '../ledger';
import { touching, type PageRow } from './knownIds';
import { unpacked } from '../packedIds';
import type { Shared } from './shared';
import { sql } from './sql';
import { pagesOf, rememberedFrom } from './streams';

export function openLedger(shared: Shared, stream: string): Ledger {
	const { fence, rows, queues, now } = shared;
	const where = () => pagesOf(shared, stream);
	const keyOf = (time: bigint, short: bigint) => `${time}:${short}`;

	async function counted(what: Parameters<typeof fence.read>[0]): Promise<number> {
		const [row] = await fence.read<{ n: bigint }>(what);
		return Number(row!.n);
	}

	return {
		async spans() {
			const known = await rememberedFrom(shared, stream);
			const { start, watermark, covered } = rows.get(stream);
			if (start === undefined || watermark === undefined) return undefined;
			const claimed = known === undefined ? [] : merged([...covered, { from: start, to: watermark }]);
			const spans = claimed.map(({ from, to }) => ({ from: from < known! ? known! : from, to }));
			return { spans: merged(spans), watermark };
		},

		async find(events) {
			if (events.length === 0) return [];
			const times = events.map(({ time }) => time).sort((a, b) => (a < b ? -1 : 1));
			const pages = await fence.read<PageRow>(touching(where(), times));
			const found = new Map(
				pages.flatMap(unpacked).map(({ time, short, dropped }) => [keyOf(time, short), dropped] as const),
			);
			return events.map(({ id, time }: EventKey) => {
				const dropped = found.get(keyOf(time, hashOf(id).short));
				return dropped === undefined ? undefined : dropped ? 'dropped' : 'shipped';
			});
		},

		async anywhere(events) {
			const there = await shared.ids(stream).among(
				events.map(({ id }) => ({ id })),
				now(),
			);
			return events.filter(({ id }) => there.has(id));
		},

		async count({ from, to }) {
			const inside = sql`low >= ${from}::bigint AND high < ${to}::bigint`;
			const cut = await fence.read<PageRow>(
				sql`SELECT n, dropped, times, hashes FROM @pages ${where()} AND high >= ${from}::bigint AND low < ${to}::bigint AND NOT (${inside})`,
			);
			const isWithin = ({ time }: { time: bigint }) => time >= from && time < to;
			const partly = cut.reduce((sum, page) => sum + unpacked(page).filter(isWithin).length, 0);
			return partly + (await counted(sql`SELECT coalesce(sum(n), 0) AS n FROM @pages ${where()} AND ${inside}`));
		},

		// of whole pages: it says how much to read at once, about
		async timeAfter(from, count) {
			const [row] = await fence.read<{ high: bigint }>(
				sql`SELECT high FROM (SELECT high, sum(n) OVER (ORDER BY high, day, seq) AS total FROM @pages ${where()} AND high >= ${from}::bigint) p
					WHERE total > ${count}::int ORDER BY high LIMIT 1`,
			);
			return row && row.high;
		},

		async waiting({ from, to }) {
			const heads = [...queues.heads()].filter((head) => head.stream === stream);
			if (heads.length === 0) return 0;
			const lists = await fence.read<{ events: Uint8Array }>(
				sql`SELECT events FROM @batches WHERE slot = ANY(${[...new Set(heads.map(({ slot }) => slot))]}::int[])
					AND shard = ${fence.lease.shard}::int AND seq = ANY(${heads.map(({ id }) => id)}::bigint[])
					AND last >= ${from}::bigint AND first < ${to}::bigint`,
			);
			const times = lists.flatMap(({ events }) =>
				(JSON.parse(Buffer.from(events).toString()) as [string, string][]).map(([, time]) => BigInt(time)),
			);
			return times.filter((time) => time >= from && time < to).length;
		},

		deadLettered: ({ from, to }) =>
			counted(
				sql`SELECT count(DISTINCT event_id) AS n FROM @dead_letters WHERE stream = ${stream}::text AND destination <> ''
					AND time >= ${from}::bigint AND time < ${to}::bigint`,
			),

		async kept(ids) {
			const kept = await fence.read<{ id: string }>(
				sql`SELECT event_id AS id FROM @dead_letters WHERE stream = ${stream}::text AND destination = '' AND event_id = ANY(${ids}::text[])`,
			);
			return new Set(kept.map(({ id }) => id));
		},

		async gaps({ from, to }) {
			const gaps = await fence.read<GapRow>(
				sql`SELECT reason, "from", "to", detail FROM @gaps WHERE stream = ${stream}::text
					AND coalesce("to", "from", at) >= ${from}::bigint AND coalesce("from", "to", at) < ${to}::bigint ORDER BY id`,
			);
			return gaps.map(gapOf);
		},
	};
}

interface GapRow {
	reason: Gap['reason'];
	from: bigint | null;
	to: bigint | null;
	detail: string;
}

function gapOf({ reason, from, to, detail }: GapRow): Gap {
	return { reason, ...(from !== null && { from: from }), ...(to !== null && { to: to }), detail };
}
