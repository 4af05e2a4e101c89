/**
 * Reads an exported state into a database, all of it or nothing, instead of what was there. The caller has all shards. It is the one write that
 * is more than a statement: it holds the rows of the leases until it ends, and is refused when one of them is another's.
 */
import { createHash } from 'node:crypto';
import { decode, gapsForm } from '../../../core/walk/codec';
import { isEventId } from '../../../core/walk/sift';
import type { EventKey, Nanos } from '../../../core/contract';
import { decodeEvents, type EncodedEvents } from '../codec';
import { StaleLeaseError } from '../contract';
import type { RowCounts } from '../exportShape';
import type { Lease } from '../lease';
import { hashOfName, hashesIn, packed, unpacked, type Packed } from '../packedIds';
import { ImportError, type Imported } from '../readExport';
import { verifiedForm } from '../verified';
import { insert, WAITING } from './batches';
import type { Beside } from './beside';
import { grouped } from '../../grouped';
import type { Queries } from './queries';
import { insertRows, type Read, type Row } from './insertRows';
import { sql, statement, type Sql } from './sql';

/** Of one page of ids. */
const CHUNK = 500;

/** Who may be given what: the next number of each shard. */
type Numbers = Map<number, number>;

export async function importState(
	queries: Queries,
	schema: string,
	leases: readonly Lease[],
	shardOf: (stream: string) => number,
	imported: Imported,
): Promise<void> {
	const numbers: Numbers = new Map(leases.map(({ shard, seq }) => [shard, seq]));
	const next = (shard: number) => {
		const seq = numbers.get(shard)! + 1;
		numbers.set(shard, seq);
		return seq;
	};
	await queries.transaction('change', async (query) => {
		const read: Read = (what) => {
			const { text, values } = statement(what, schema);
			return query(text, values);
		};
		await locked(read, leases);
		await read(
			sql`TRUNCATE @streams, @cursors, @shipped, @batches, @damaged_batches, @pages, @backfills, @rereads, @dead_letters, @gaps,
				@destinations, @actions, @paused_sources`,
		);
		await streams(read, imported.streams, shardOf);
		await read(sql`SELECT @make_days(7)`);
		await ids(read, imported, shardOf, next);
		await cursors(read, imported, leases, shardOf);
		const seqs = await batches(read, imported, shardOf, next);
		for (const row of imported.backfills) await job(read, row, seqs);
		await insertRows(read, 'rereads', imported.rereads, ['stream text', 'from bigint', 'to bigint']);
		await insertRows(read, 'shipped', imported.shipped, ['stream text', 'destination text', 'records bigint']);
		await insertRows(read, 'dead_letters', imported.dead_letters.map(letter), LETTER);
		await insertRows(read, 'gaps', imported.gaps, GAP);
		await insertRows(read, 'actions', imported.actions, ['at bigint', 'by text', 'what text']);
		await insertRows(read, 'paused_sources', imported.paused_sources, PAUSED);
		await numbered(read, numbers);
	});
}

/** Nobody can take a shard from here on. */
async function locked(read: Read, leases: readonly Lease[]): Promise<void> {
	const rows = await read(
		sql`SELECT s.shard FROM @shards s, unnest(${leases.map(({ shard }) => shard)}::int[], ${leases.map(({ epoch }) => epoch)}::bigint[],
			${leases.map(({ owner }) => owner)}::text[], ${leases.map(({ seq }) => seq)}::bigint[]) AS held (shard, epoch, owner, seq)
			WHERE s.shard = held.shard AND s.epoch = held.epoch AND s.owner = held.owner AND s.seq = held.seq FOR UPDATE OF s`,
	);
	const [all] = await read<{ n: number }>(sql`SELECT count(*)::int AS n FROM @shards`);
	if (rows.length !== all!.n) throw new StaleLeaseError('a worker has taken a shard meanwhile; nothing was imported');
}

async function streams(read: Read, rows: readonly Row[], shardOf: (stream: string) => number): Promise<void> {
	const all = rows.map((row) => ({ ...row, shard: shardOf(String(row['name'])), ledger_from: row['watermark'] }));
	await insertRows(read, 'streams', all, [
		...['name text', 'shard int', 'fingerprint text', 'settings text', 'start bigint', 'watermark bigint'],
		...['walk text', 'kept text', 'covered text', 'ledger_from bigint'],
	]);
}

/** What a file says of a back-fill apart is one with the rest here. */
const ofBackfill = /#backfill$/;

async function ids(
	read: Read,
	{ seen, known, streams }: Imported,
	shardOf: (stream: string) => number,
	next: (shard: number) => number,
): Promise<void> {
	const names = new Set(streams.map(({ name }) => String(name)));
	const named = grouped(seen as unknown as (EventKey & { stream: string })[], ({ stream }) =>
		stream.replace(ofBackfill, ''),
	);
	const pages: (Packed & { stream: string })[] = [];
	for (const [stream, keys] of named) {
		const unique = [...new Map(keys.map((key) => [key.id, key])).values()].sort((a, b) => (a.time < b.time ? -1 : 1));
		for (let at = 0; at < unique.length; at += CHUNK) {
			const some = unique.slice(at, at + CHUNK);
			const events = some
				.filter(({ id }) => isEventId(id))
				.map(({ id, time }) => ({ ...hashOfName(id), time, dropped: false }));
			const others = some.filter(({ id }) => !isEventId(id)).map(({ id }) => hashOfName(id));
			pages.push({ stream, ...packed(events, others) });
		}
	}
	for (const { stream, others, ...page } of known as unknown as (Packed & { stream: string })[])
		pages.push({ stream, ...packed(unpacked(page), hashesIn(others)) });
	for (const { stream, low = null, high = null, n, dropped, times, hashes, others } of pages) {
		if (!names.has(stream)) continue;
		const shard = shardOf(stream);
		await read(
			sql`INSERT INTO @pages (day, shard, seq, stream, generation, low, high, n, dropped, times, hashes, others)
				VALUES ((now() AT TIME ZONE 'UTC')::date, ${shard}::int, ${next(shard)}::bigint, ${stream}::text, 0, ${low}::bigint, ${high}::bigint,
					${n}::int, ${dropped}::int, ${times}::bytea, ${hashes}::bytea, ${others}::bytea)`,
		);
	}
}

type Batch = {
	id: bigint;
	stream: string;
	observed: Nanos;
	events: EncodedEvents;
	gaps: string;
	verified: string | null;
	retried: bigint;
};

/** Everything that was exported waits: behind the number that each shard has now. */
async function cursors(
	read: Read,
	imported: Imported,
	leases: readonly Lease[],
	shardOf: (stream: string) => number,
): Promise<void> {
	const shards = new Map((imported.batches as unknown as Batch[]).map(({ id, stream }) => [id, shardOf(stream)]));
	const wanted = new Map<string, Row>();
	for (const { batch, destination } of imported.deliveries as { batch: bigint; destination: string }[]) {
		const shard = shards.get(batch);
		if (shard === undefined) throw new ImportError('deliveries: name a batch that is not in the file');
		const { epoch, seq } = leases.find((lease) => lease.shard === shard)!;
		// ids come first, and are no batches
		wanted.set(`${shard} ${destination}`, { shard, destination, epoch, acked: seq });
	}
	await insertRows(
		read,
		'cursors',
		[...wanted.values()],
		['shard int', 'destination text', 'epoch bigint', 'acked bigint'],
	);
}

/** Returns the number of each by that in the file. */
async function batches(
	read: Read,
	{ batches, deliveries }: Imported,
	shardOf: (stream: string) => number,
	next: (shard: number) => number,
): Promise<{ id: bigint; stream: string; seq: number }[]> {
	const owing = grouped(deliveries as { batch: bigint; destination: string }[], ({ batch }) => batch);
	const sorted = [...(batches as unknown as Batch[])].sort((a, b) => (a.id < b.id ? -1 : 1));
	const seqs: { id: bigint; stream: string; seq: number }[] = [];
	for (const { id, stream, observed, events, gaps, verified, retried } of sorted) {
		if (id === seqs.at(-1)?.id) throw new ImportError('batches: hold one twice');
		const destinations = owing.get(id)?.map(({ destination }) => destination);
		if (!destinations) throw new ImportError('batches: hold one that no delivery names');
		const shard = shardOf(stream);
		const seq = next(shard);
		const batch = { stream, destinations, observed, events: decodeEvents(events), gaps: decode(gapsForm, gaps) };
		const { effect } = insert(
			shard,
			{ ...batch, ...(verified !== null && { verified: decode(verifiedForm, verified) }) },
			retried === 1n,
		);
		await read(sql`WITH fence AS (SELECT ${seq}::bigint AS seq), e0 AS (${effect}) SELECT slot FROM e0`);
		seqs.push({ id, stream, seq });
	}
	return seqs;
}

async function job(read: Read, row: Row, seqs: readonly { id: bigint; stream: string; seq: number }[]): Promise<void> {
	const { stream, last_batch: last } = row as { stream: string; last_batch: bigint | null };
	const before = last === null ? [] : seqs.filter((one) => one.stream === stream && one.id <= last);
	const full = { ...row, last_batch: before.at(-1)?.seq ?? null, cancelled: row['cancelled'] === 1n };
	await insertRows(
		read,
		'backfills',
		[full],
		[
			...[
				'stream text',
				'asked text',
				'from bigint',
				'to bigint',
				'done bigint',
				'width bigint',
				'walk text',
				'pages bigint',
			],
			...['events bigint', 'last_batch bigint', 'started bigint', 'ended bigint', 'cancelled bool'],
		],
	);
}

const LETTER = [
	...[
		'stream text',
		'destination text',
		'event_id text',
		'raw bytea',
		'replaced bool',
		'time bigint',
		'observed bigint',
	],
	...['reason text', 'detail text', 'at bigint', 'key bytea'],
];

function letter({ raw, replaced, event_id: id, ...row }: Row): Row {
	const key = createHash('sha256').update(String(id)).digest();
	return { ...row, event_id: id, raw: Buffer.from(String(raw)), replaced: replaced === 1n, key };
}

const PAUSED = ['source text', 'since bigint', 'by text', 'note text'];

const GAP = [
	...['stream text', 'reason text', 'from bigint', 'to bigint', 'detail text', 'at bigint'],
	...['acknowledged bigint', 'acknowledged_by text'],
];

/** Also those that got nothing: whoever wrote them before must not go on. */
async function numbered(read: Read, numbers: Numbers): Promise<void> {
	await read(
		sql`UPDATE @shards s SET seq = v.seq + 1 FROM unnest(${[...numbers.keys()]}::int[], ${[...numbers.values()]}::bigint[]) AS v (shard, seq)
			WHERE s.shard = v.shard`,
	);
}

/** What there is of each. */
export async function countRows(state: Beside): Promise<RowCounts> {
	const count = (what: Sql): Sql => sql`(SELECT count(*) FROM ${what})::int`;
	const [row] = await state.read<RowCounts>(
		sql`SELECT ${count(sql`@streams`)} AS streams, 0 AS seen,
			(SELECT coalesce(sum(n + octet_length(others) / 8), 0) FROM @pages p JOIN @streams s ON s.name = p.stream AND s.generation = p.generation)::int AS known,
			${count(sql`@backfills`)} AS backfills, ${count(sql`@rereads`)} AS rereads, ${count(sql`@shipped`)} AS shipped,
			${count(sql`@dead_letters`)} AS dead_letters, ${count(sql`@gaps`)} AS gaps, ${count(sql`@actions`)} AS actions, ${count(sql`@paused_sources`)} AS paused_sources,
			${count(sql`(${WAITING}) w`)} AS batches, 0 AS deliveries`,
	);
	return row!;
}
