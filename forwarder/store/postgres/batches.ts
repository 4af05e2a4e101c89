/** Batches as the ring of partitions holds them, with two checksums: the list of events still tells what was in a batch whose texts are damaged. */
import { crc32 } from 'node:zlib';
import { decode, encode, gapsForm } from '../../../core/walk/codec';
import type { Gap } from '../../../core/walk/contract';
import type { Nanos, SourceEvent } from '../../../core/contract';
import { decodeEvents, encodeEvents } from '../codec';
import { recordsIn, type Batch } from '../contract';
import { type Verified, verifiedForm } from '../verified';
import { sql, type Sql } from './sql';

export interface NewBatch {
	stream: string;
	destinations: readonly string[];
	observed: Nanos;
	events: readonly SourceEvent[];
	gaps: readonly Gap[];
	verified?: Verified;
}

/** What the owner remembers of a batch that waits. */
export interface Head {
	id: number;
	slot: number;
	stream: string;
	observed: Nanos;
	/** What it counts towards the limit of the outbox. */
	size: number;
	records: number;
	destinations: readonly string[];
}

interface Row {
	slot: number;
	seq: bigint;
	stream: string;
	observed: bigint;
	size: number;
	records: number;
	for_destinations: string[];
	retried: boolean;
	gaps: string;
	verified: string | null;
	first: bigint | null;
	last: bigint | null;
	list_sum: bigint;
	text_sum: bigint;
	events: Uint8Array;
	texts: Uint8Array;
}

type Summed = Omit<Row, 'slot' | 'seq' | 'list_sum' | 'text_sum'>;
type Part = string | number | bigint | boolean | Uint8Array | null;

const sumOf = (parts: readonly Part[]): number =>
	parts.reduce<number>((sum, part) => crc32('\n', crc32(part instanceof Uint8Array ? part : String(part), sum)), 0);

const listSum = ({ stream, observed, retried, gaps, verified, events }: Summed) =>
	sumOf([stream, observed, retried, gaps, verified, events]);
const textSum = ({ size, records, first, last, for_destinations, texts }: Summed) =>
	sumOf([size, records, first, last, JSON.stringify(for_destinations), texts]);

/** Into the slot of the ring that is being written, as the number of its commit. Returns the slot. */
export function insert(
	shard: number,
	batch: NewBatch,
	retried = false,
): { effect: Sql; size: number; records: number } {
	const { stream, destinations, observed, events, gaps, verified } = batch;
	const { events: heads, texts, ...encoded } = encodeEvents(events);
	const times = events.map(({ time }) => time);
	const size = retried ? 0 : encoded.size;
	const row: Summed = {
		...{ stream, observed, size, records: recordsIn(batch), for_destinations: [...destinations], retried },
		...{ gaps: encode(gapsForm, gaps), verified: verified ? encode(verifiedForm, verified) : null },
		first: times.length === 0 ? null : times.reduce((a, b) => (b < a ? b : a)),
		last: times.length === 0 ? null : times.reduce((a, b) => (b > a ? b : a)),
		events: Buffer.from(heads),
		texts,
	};
	const effect = sql`INSERT INTO @batches (slot, shard, seq, stream, observed, size, records, for_destinations, retried, gaps, verified,
			first, last, list_sum, text_sum, events, texts)
		SELECT (SELECT slot FROM @ring), ${shard}::int, fence.seq, ${stream}::text, ${observed}::bigint, ${size}::int, ${row.records}::int,
			${row.for_destinations}::text[], ${retried}::bool, ${row.gaps}::text, ${row.verified}::text, ${row.first}::bigint, ${row.last}::bigint,
			${listSum(row)}::bigint, ${textSum(row)}::bigint, ${row.events}::bytea, ${row.texts}::bytea FROM fence RETURNING slot`;
	return { effect, size, records: row.records };
}

/** That batch `b` of the shard waits for anybody. The first conditions find the place in the index where to begin. */
export const waits = (shard: Sql): Sql => sql`b.shard = ${shard}
	AND b.seq > (SELECT coalesce(min(acked), 0) FROM @cursors c WHERE c.shard = ${shard})
	AND EXISTS (SELECT 1 FROM unnest(b.for_destinations) d WHERE NOT EXISTS
		(SELECT 1 FROM @cursors c WHERE c.shard = b.shard AND c.destination = d AND c.acked >= b.seq))`;

/** What still waits for anybody, in order; without its events. */
export const waitingOf = (
	shard: number,
): Sql => sql`SELECT slot, seq, stream, observed, size, records, for_destinations FROM @batches b
	WHERE ${waits(sql`${shard}::int`)} ORDER BY seq`;

/** Of all shards. */
export const WAITING: Sql = sql`SELECT s.shard, b.* FROM @shards s CROSS JOIN LATERAL (
		SELECT slot, seq, stream, observed, size, records, for_destinations FROM @batches b WHERE ${waits(sql`s.shard`)} ORDER BY seq
	) b ORDER BY s.shard, b.seq`;

export function headOf({ slot, seq, stream, observed, size, records, for_destinations }: Row): Head {
	return {
		...{ id: Number(seq), slot, stream, observed: observed, size, records },
		destinations: for_destinations,
	};
}

export const bodiesOf = (
	shard: number,
	heads: readonly Head[],
): Sql => sql`SELECT slot, seq, stream, observed, size, records, for_destinations,
		retried, gaps, verified, first, last, list_sum, text_sum, events, texts FROM @batches
	WHERE slot = ANY(${[...new Set(heads.map(({ slot }) => slot))]}::int[]) AND shard = ${shard}::int
		AND seq = ANY(${heads.map(({ id }) => id)}::bigint[]) ORDER BY seq`;

/** Of which events, as far as the rest of a damaged batch tells. `everything`: nothing of it can be believed. */
export type Content =
	| { kind: 'listed'; events: { id: string; time: Nanos }[] }
	| { kind: 'span'; from: Nanos; to: Nanos }
	| { kind: 'everything' };

export type Body =
	{ kind: 'whole'; batch: Batch } | { kind: 'damaged'; id: number; slot: number; stream: string; content: Content };

export function bodyOf(row: Row & Record<string, unknown>): Body {
	const [listed, told] = [Number(row.list_sum) === listSum(row), Number(row.text_sum) === textSum(row)];
	const id = Number(row.seq);
	if (listed && told) return { kind: 'whole', batch: batchOf(row) };
	return { ...{ kind: 'damaged', id, slot: row.slot, stream: row.stream }, content: contentOf(row, listed, told) };
}

function batchOf({ seq, stream, observed, events, texts, gaps, verified, retried }: Row): Batch {
	return {
		...{ id: Number(seq), stream, observed: observed },
		events: decodeEvents({ events: Buffer.from(events).toString(), texts }),
		gaps: decode(gapsForm, gaps),
		...(verified !== null && { verified: decode(verifiedForm, verified) }),
		...(retried && { retried }),
	};
}

function contentOf({ events, first, last }: Row, listed: boolean, told: boolean): Content {
	if (listed) {
		const list = JSON.parse(Buffer.from(events).toString()) as [string, string, number][];
		return { kind: 'listed', events: list.map(([id, time]) => ({ id, time: BigInt(time) })) };
	}
	if (!told) return { kind: 'everything' };
	if (first === null || last === null) return { kind: 'listed', events: [] };
	return { kind: 'span', from: first, to: last + 1n };
}
