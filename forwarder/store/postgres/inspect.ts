/** What a database holds, as an operator looks at it: positions and owners rather than progress. */
import type { InspectedStream, Inspection, Owner, SharingWorker, StreamPosition } from '../inspection';
import type { Summary } from '../summary';
import { headOf, WAITING } from './batches';
import type { Beside } from './beside';
import { grouped } from '../../grouped';
import { Queues } from './queues';
import { readRow, ROW, type StreamRow } from './rows';
import { sql } from './sql';
import { summarize } from './summary';

type Stored = Parameters<typeof readRow>[0];

async function streamsOf(state: Beside): Promise<StreamRow[]> {
	return (await state.read<Stored>(sql`SELECT ${ROW} FROM @streams s ORDER BY name`)).map(readRow);
}

/** What waits in each shard. */
async function queuesOf(state: Beside): Promise<Queues[]> {
	const [cursors, heads] = await Promise.all([
		state.read<{ shard: number; destination: string; acked: bigint }>(
			sql`SELECT shard, destination, acked FROM @cursors`,
		),
		state.read<Parameters<typeof headOf>[0] & { shard: number }>(WAITING),
	]);
	const waiting = grouped(heads, ({ shard }) => shard);
	return [...grouped(cursors, ({ shard }) => shard)].map(([shard, own]) => {
		const acked = new Map(own.map(({ destination, acked }) => [destination, Number(acked)]));
		return new Queues(acked, (waiting.get(shard) ?? []).map(headOf));
	});
}

export async function summaryOf(state: Beside): Promise<Summary> {
	const [rows, queues] = await Promise.all([streamsOf(state), queuesOf(state)]);
	return summarize({ read: (what) => state.read(what), rows, queues, ours: sql`true`, here: sql`true` });
}

export async function positionsOf(state: Beside): Promise<StreamPosition[]> {
	return (await streamsOf(state)).map(positionOf);
}

function positionOf({ name, fingerprint, settings, start, watermark, walk, kept, covered }: StreamRow): StreamPosition {
	return {
		...{ name, fingerprint, covered: [...covered] },
		...(settings !== undefined && { settings }),
		...(start !== undefined && { start }),
		...(watermark !== undefined && { watermark }),
		...(walk !== undefined && { walk }),
		...(kept !== undefined && { kept }),
	};
}

export async function inspect(state: Beside): Promise<Inspection> {
	type Totals = Record<'version' | 'letters' | 'gaps', number> & { epoch: bigint };
	const [rows, queues, known, [totals]] = await Promise.all([
		streamsOf(state),
		queuesOf(state),
		state.read<{ name: string; n: bigint }>(
			sql`SELECT name, coalesce(sum(n + octet_length(others) / 8), 0)::bigint AS n
				FROM @streams s JOIN @pages p ON p.stream = s.name AND p.generation = s.generation GROUP BY name`,
		),
		state.read<Totals>(
			sql`SELECT schema AS version, (SELECT max(epoch) FROM @shards) AS epoch, (SELECT count(*)::int FROM @dead_letters) AS letters,
				(SELECT count(*)::int FROM @gaps) AS gaps FROM @meta`,
		),
	]);
	const seen = new Map(known.map(({ name, n }) => [name, Number(n)]));
	const heads = queues.flatMap((one) => [...one.heads()]);
	const destinations = [...new Set(queues.flatMap((one) => one.destinations))].sort();
	return {
		...{ version: totals!.version, epoch: Number(totals!.epoch), deadLetters: totals!.letters, gaps: totals!.gaps },
		streams: rows.map((row): InspectedStream => ({ ...positionOf(row), seen: seen.get(row.name) ?? 0 })),
		waiting: destinations.flatMap((destination) => {
			const own = queues.flatMap((one) => one.of(destination));
			const records = own.reduce((sum, head) => sum + head.records, 0);
			const since = own.map(({ observed }) => observed).reduce<bigint | undefined>(earlier, undefined);
			return since === undefined ? [] : { destination, records, since };
		}),
		batches: heads.length,
		bytes: heads.reduce((sum, { size }) => sum + size, 0),
	};
}

const earlier = (a: bigint | undefined, b: bigint) => (a === undefined || b < a ? b : a);

/** How often it is looked whether somebody's beat has changed. */
const LOOK_MS = 200;

/** A row tells nothing of whether its worker is alive; that its beat is raised does. @param withinMs at least a beat */
export async function workersOf(state: Beside, withinMs: number, sleep: (ms: number) => Promise<void>): Promise<Owner> {
	type Row = SharingWorker & { beat: bigint };
	const look = () =>
		state.read<Row>(
			sql`SELECT id, beat, (extract(epoch FROM since) * 1000)::bigint * 1000000 AS since FROM @workers WHERE NOT command ORDER BY id`,
		);
	const first = await look();
	let last = first;
	const isAlive = ({ id, beat }: Row) => first.find((one) => one.id === id)?.beat !== beat;
	for (let left = withinMs; left > 0 && last.length > 0 && !last.some(isAlive); left -= LOOK_MS) {
		await sleep(LOOK_MS);
		last = await look();
	}
	return { running: last.some(isAlive), workers: last.map(({ id, since }) => ({ id, since })) };
}
