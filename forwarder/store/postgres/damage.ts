/**
 * A batch that is not what was written is set aside: kept for people to look at, shipped to nobody. What was in it is read again from the
 * provider, so in the same commit its ids are forgotten and its stream goes back to its first event. Repeats may come of it, a loss
 * does not.
 */
import type { Gap } from '../../../core/walk/contract';
import { merged, without, type Interval } from '../../../core/walk/intervals';
import type { Nanos } from '../../../core/contract';
import { hashOf } from '../idFilter';
import { resumeIfRoom } from '../room';
import type { Body, Content } from './batches';
import { touching, type PageRow } from './knownIds';
import { gapsOf } from './letters';
import { packed, unpacked, type Entry } from '../packedIds';
import type { StreamRow } from './rows';
import { commit, type Commit, type Shared } from './shared';
import { sql, type Sql } from './sql';
import { pagesOf } from './streams';

type Damaged = Extract<Body, { kind: 'damaged' }>;

export async function putAside(shared: Shared, { id, slot, stream, content }: Damaged): Promise<void> {
	const { fence, rows, queues, recent, now } = shared;
	const { shard } = fence.lease;
	const destinations = queues.find(id)?.destinations ?? [];
	const here = sql`b.slot = ${slot}::int AND b.shard = ${shard}::int AND b.seq = ${id}::bigint`;
	const taken: Commit = {
		effects: [
			sql`INSERT INTO @damaged_batches SELECT b.*, ${now()}::bigint FROM @batches b, fence WHERE ${here}`,
			sql`DELETE FROM @batches b USING fence WHERE ${here}`,
		],
		done() {
			queues.remove(id);
			recent.delete(id);
			resumeIfRoom(shared.backlog);
		},
	};
	// the name itself may be what is damaged
	const names = rows.find(stream) ? [stream] : rows.names;
	if (names.length === 0) return commit(shared, () => (queues.find(id) ? taken : undefined));
	for (const name of names) {
		const last = name === names.at(-1) ? taken : {};
		await commit(shared, async () => {
			// two destinations may find it at the same time
			if (!queues.find(id)) return undefined;
			const back = await readAgain(shared, name, content);
			const gap = gapOf(id, back.span);
			return {
				...{
					stream: name,
					patch: back.patch,
					batch: { stream: name, destinations, observed: now(), events: [], gaps: [gap] },
				},
				effects: [...(last.effects ?? []), ...back.effects, gapsOf(name, [gap], now())],
				done(seq) {
					last.done?.(seq);
					shared.ids(name).forgot();
					shared.rewound.add(name);
					shared.rereads.set(name, [...(shared.rereads.get(name) ?? []), ...back.rereads]);
				},
			};
		});
	}
}

interface Back {
	/** Which is read again. */
	span?: Interval;
	patch: Partial<StreamRow>;
	effects: Sql[];
	rereads: Interval[];
}

async function readAgain(shared: Shared, name: string, content: Content): Promise<Back> {
	const row = shared.rows.get(name);
	const { start, watermark, covered } = row;
	const nothing: Back = { patch: {}, effects: [], rereads: [] };
	if (start === undefined || watermark === undefined) return nothing;
	const job = shared.jobs.get(name);
	// what has been read below the start, or is being read
	const past = merged([...covered, ...(job ? [job] : [])]);
	const span = spanOf(content, [...past, { from: start, to: LAST }]);
	if (!span) return nothing;
	const within = { from: span.from, to: earlier(span.to, start) };
	const rereads = content.kind === 'everything' ? past : merged([within]);
	const back = later(span.from, start);
	const forgotten = content.kind === 'everything' ? [] : await forget(shared, name, content);
	const asked = rereads.map(
		({ from, to }) =>
			sql`INSERT INTO @rereads (stream, "from", "to") SELECT ${name}::text, ${from}::bigint, ${to}::bigint FROM fence`,
	);
	return {
		span,
		rereads,
		effects: [...forgotten, ...asked],
		patch: {
			covered: without(covered, within),
			...(content.kind === 'everything' && { generation: row.generation + 1 }),
			...(span.to > back && { watermark: earlier(back, watermark), walk: undefined }),
		},
	};
}

/** Takes ids out of the pages that hold them. */
async function forget(shared: Shared, name: string, content: Exclude<Content, { kind: 'everything' }>): Promise<Sql[]> {
	const where = pagesOf(shared, name);
	const listed = content.kind === 'listed' ? new Set(content.events.map(({ id }) => hashOf(id).short)) : undefined;
	const isForgotten = ({ short, time }: Entry) =>
		content.kind === 'listed' ? listed!.has(short) : time >= content.from && time < content.to;
	const times =
		content.kind === 'listed' ? content.events.map(({ time }) => time).sort((a, b) => (a < b ? -1 : 1)) : [];
	if (content.kind === 'listed' && times.length === 0) return [];
	const pages = await shared.fence.read<PageRow>(
		content.kind === 'listed'
			? touching(where, times)
			: sql`SELECT day::text AS day, shard, seq, n, dropped, times, hashes, others FROM @pages ${where}
				AND high >= ${content.from}::bigint AND low < ${content.to}::bigint`,
	);
	return pages.flatMap((page) => {
		const kept = unpacked(page).filter((entry) => !isForgotten(entry));
		if (kept.length === page.n) return [];
		const { low = null, high = null, n, dropped, times: instants, hashes } = packed(kept);
		return sql`UPDATE @pages p SET low = ${low}::bigint, high = ${high}::bigint, n = ${n}::int, dropped = ${dropped}::int,
			times = ${instants}::bytea, hashes = ${hashes}::bytea FROM fence
			WHERE p.day = ${page.day}::date AND p.shard = ${page.shard}::int AND p.seq = ${String(page.seq)}::bigint AND p.stream = ${name}::text`;
	});
}

function spanOf(content: Content, read: readonly Interval[]): Interval | undefined {
	switch (content.kind) {
		case 'listed':
			return content.events.length === 0
				? undefined
				: around(content.events.map(({ time }) => ({ from: time, to: time + 1n })));
		case 'span':
			return { from: content.from, to: content.to };
		case 'everything':
			return around(read);
	}
}

const around = (spans: readonly Interval[]): Interval => ({
	from: spans.map(({ from }) => from).reduce(earlier),
	to: spans.map(({ to }) => to).reduce(later),
});

const LAST = 2n ** 63n - 1n;
const earlier = (a: Nanos, b: Nanos): Nanos => (a < b ? a : b);
const later = (a: Nanos, b: Nanos): Nanos => (a > b ? a : b);

function gapOf(id: number, span: Interval | undefined): Gap {
	const what = `batch ${id} was damaged in the database and is set aside`;
	if (!span) return { reason: 'state_lost', detail: `${what}; it held no events, see audit-relay status` };
	return {
		...{ reason: 'state_lost', from: span.from, to: span.to - 1n },
		detail: `${what}; its span is read again, events may repeat`,
	};
}
