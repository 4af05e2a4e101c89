/** Writes everything that another state needs to go on from here, of one moment, in small pieces. */
import * as z from 'zod';
import { EXPORT_FORMAT, EXPORT_VERSION, TABLE_NAMES, TABLES, type TableName } from '../exportShape';
import type { Exported, RowCounts } from '../exportShape';
import { bodiesOf, bodyOf, headOf, WAITING, type Head } from './batches';
import type { Queries } from './queries';
import { sql, statement, type Sql } from './sql';

type Row = Record<string, unknown>;
type Read = <T>(what: Sql) => Promise<T[]>;

/** `row` as a file has it; absent when it is not whole. `n`: what it counts for. */
interface Found {
	key: string;
	row?: Row;
	n?: number;
}

/** Batches have a number in each shard; here each has one of its own, in the same order. */
interface Waiting extends Head {
	shard: number;
	number: number;
	owing: string[];
}

const CHUNK = 1_000;
const BATCHES = 16;

export function exportState(
	queries: Queries,
	schema: string,
	exportedAt: string,
	write: (text: string) => void,
): Promise<Exported> {
	return queries.transaction('look', async (query) => {
		const read: Read = (what) => {
			const { text, values } = statement(what, schema);
			return query(text, values);
		};
		const waiting = await waitingIn(read);
		const counts: Partial<RowCounts> = {};
		const leftOut: Exported['leftOut'] = [];
		write(JSON.stringify({ format: EXPORT_FORMAT, version: EXPORT_VERSION, exportedAt }).slice(0, -1));
		for (const table of TABLE_NAMES) {
			write(`,\n"${table}":[`);
			let count = 0;
			let rows = 0;
			for await (const { key, row, n = 1 } of rowsOf(read, table, waiting, leftOut)) {
				const json = row && encoded(table, row);
				if (json === undefined) leftOut.push({ table, row: key });
				else write(`${rows++ ? ',' : ''}\n${json}`);
				if (json !== undefined) count += n;
			}
			write(']');
			counts[table] = count;
		}
		write('}\n');
		return { counts: counts as RowCounts, leftOut };
	});
}

/** Undefined when it is not of the shape that was written. */
function encoded(table: TableName, row: Row): string | undefined {
	try {
		return JSON.stringify(z.encode(TABLES[table] as z.ZodType, row));
	} catch {
		return undefined;
	}
}

async function waitingIn(read: Read): Promise<Waiting[]> {
	const cursors = await read<{ shard: number; destination: string; acked: bigint }>(
		sql`SELECT shard, destination, acked FROM @cursors`,
	);
	const acked = new Map(cursors.map((one) => [`${one.shard} ${one.destination}`, Number(one.acked)]));
	const rows = await read<Parameters<typeof headOf>[0] & { shard: number }>(WAITING);
	return rows.map((row, index) => {
		const head = headOf(row);
		const owing = head.destinations.filter((name) => (acked.get(`${row.shard} ${name}`) ?? 0) < head.id);
		return { ...head, shard: row.shard, number: index + 1, owing };
	});
}

async function* rowsOf(
	read: Read,
	table: TableName,
	waiting: readonly Waiting[],
	leftOut: Exported['leftOut'],
): AsyncIterable<Found> {
	switch (table) {
		case 'seen':
			return;
		case 'batches':
			yield* batches(read, waiting);
			return;
		case 'deliveries': {
			const lost = new Set(leftOut.flatMap((one) => (one.table === 'batches' ? one.row : [])));
			for (const { number, owing } of waiting)
				for (const destination of lost.has(String(number)) ? [] : owing)
					yield { key: String(number), row: { destination, batch: BigInt(number) } };
			return;
		}
		case 'backfills':
			for await (const row of each(read, SELECTS.backfills)) {
				const before = waiting.filter(({ shard, id }) => shard === row['shard'] && id <= Number(row['last_batch']));
				const { shard: _, ...rest } = row;
				const last = before.at(-1)?.number;
				yield { key: String(row['id']), row: { ...rest, last_batch: last === undefined ? null : BigInt(last) } };
			}
			return;
		default:
			for await (const { n, ...row } of each(read, SELECTS[table])) {
				const key = String(row['id'] ?? row['name'] ?? row['stream'] ?? row['at']);
				const raw = row['raw'] instanceof Uint8Array ? { raw: Buffer.from(row['raw']).toString() } : {};
				yield { key, row: { ...row, ...raw }, ...(n !== undefined && { n: Number(n) }) };
			}
	}
}

/** As a file has them: what is true is 1. */
const SELECTS = {
	streams: sql`SELECT name, fingerprint, settings, start, watermark, walk, kept, covered FROM @streams ORDER BY name`,
	known: sql`SELECT p.stream, p.dropped, p.times, p.hashes, p.others, p.n + octet_length(p.others) / 8 AS n
		FROM @pages p JOIN @streams s ON s.name = p.stream AND s.generation = p.generation ORDER BY p.stream, p.day, p.shard, p.seq`,
	backfills: sql`SELECT b.id, b.stream, b.asked, b."from", b."to", b.done, b.width, b.walk, b.pages, b.events, b.last_batch, b.started, b.ended,
		b.cancelled::int::bigint AS cancelled, s.shard FROM @backfills b LEFT JOIN @streams s ON s.name = b.stream ORDER BY b.id`,
	rereads: sql`SELECT id, stream, "from", "to" FROM @rereads ORDER BY id`,
	shipped: sql`SELECT stream, destination, records FROM @shipped ORDER BY stream, destination`,
	dead_letters: sql`SELECT id, stream, destination, event_id, raw, time, observed, reason, detail, at, replaced::int::bigint AS replaced
		FROM @dead_letters ORDER BY id`,
	gaps: sql`SELECT stream, reason, "from", "to", detail, at, acknowledged, acknowledged_by FROM @gaps ORDER BY id`,
	actions: sql`SELECT at, by, what FROM @actions ORDER BY id`,
	paused_sources: sql`SELECT source, since, by, note FROM @paused_sources ORDER BY source`,
} satisfies Partial<Record<TableName, Sql>>;

/** In a transaction. */
async function* each(read: Read, what: Sql): AsyncIterable<Row> {
	await read(sql`DECLARE rows NO SCROLL CURSOR FOR ${what}`);
	for (;;) {
		const rows = await read<Row>({ texts: [`FETCH ${CHUNK} FROM rows`], parts: [] });
		yield* rows;
		if (rows.length < CHUNK) break;
	}
	await read(sql`CLOSE rows`);
}

async function* batches(read: Read, waiting: readonly Waiting[]): AsyncIterable<Found> {
	for (let at = 0; at < waiting.length;) {
		const { shard } = waiting[at]!;
		const some = waiting.slice(at, at + BATCHES).filter((one) => one.shard === shard);
		at += some.length;
		const rows = await read<Parameters<typeof bodyOf>[0]>(bodiesOf(shard, some));
		for (const { id, number } of some) {
			const row = rows.find(({ seq }) => Number(seq) === id);
			if (!row || bodyOf(row).kind === 'damaged') {
				yield { key: String(number) };
				continue;
			}
			const { stream, observed, gaps, verified, retried, events, texts } = row;
			const list = { events: Buffer.from(events).toString(), texts };
			const flags = { retried: retried ? 1n : 0n };
			yield {
				key: String(number),
				row: { id: BigInt(number), stream, observed, events: list, gaps, verified, ...flags },
			};
		}
	}
}
