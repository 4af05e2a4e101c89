/** The batches that one destination has not acknowledged yet: its cursor says up to which one it has. */
import type { Nanos } from '../../../core/contract';
import type { Batch, Outbox } from '../contract';
import { rejection } from '../rejection';
import { bodiesOf, bodyOf, type Head } from './batches';
import { putAside } from './damage';
import { lettersOf, gapsOf } from './letters';
import { commit, freed, type Shared } from './shared';
import { resumeIfRoom } from '../room';
import { sql, type Sql } from './sql';

/** What is read at once, after a takeover or when more waits than is kept at hand. */
const AHEAD = 16;
const AHEAD_BYTES = 2_000_000;

export function openOutbox(shared: Shared, destination: string): Outbox {
	const { fence, queues, recent, backlog, now } = shared;
	let read = new Map<number, Batch>();

	/** Undefined: one of them was damaged, and waits no more. */
	async function batchesOf(heads: readonly Head[]): Promise<Batch[] | undefined> {
		const missing = heads.filter(({ id }) => !recent.get(id) && !read.has(id));
		if (missing.length > 0 && !(await readAhead(missing[0]!, missing))) return undefined;
		return heads.map(({ id }) => recent.get(id) ?? read.get(id)!);
	}

	async function readAhead({ id }: Head, asked: readonly Head[]): Promise<boolean> {
		const chosen = [...asked];
		let size = asked.reduce((sum, head) => sum + head.size, 0);
		for (const head of queues.after(destination, id, AHEAD)) {
			if (chosen.length >= AHEAD || (size += head.size) > AHEAD_BYTES) break;
			if (!recent.get(head.id) && !chosen.includes(head)) chosen.push(head);
		}
		const rows = await fence.read<Parameters<typeof bodyOf>[0]>(bodiesOf(fence.lease.shard, chosen));
		const gone = chosen.filter(({ id }) => !rows.some(({ seq }) => Number(seq) === id));
		if (gone.some(({ id }) => queues.find(id)))
			throw fence.end('batches that wait are not there: the database has gone back to an earlier moment');
		// put aside meanwhile
		if (gone.length > 0) return false;
		const bodies = rows.map(bodyOf);
		for (const body of bodies) {
			if (body.kind === 'whole') continue;
			await putAside(shared, body);
			return false;
		}
		read = new Map(bodies.flatMap((body) => (body.kind === 'whole' ? [[body.batch.id, body.batch]] : [])));
		return true;
	}

	return {
		async pending(after, limit) {
			fence.check();
			resumeIfRoom(backlog);
			for (;;) {
				const batches = await batchesOf(queues.after(destination, after, limit));
				if (batches) return batches;
			}
		},

		async acknowledge(batches, shipped, deadLetters = []) {
			fence.check();
			const { stream } = batches[0]!;
			const upTo = batches.at(-1)!.id;
			if (upTo <= queues.acked(destination)) return;
			const gap = rejection(deadLetters, destination);
			if (deadLetters.length === 0) await moveOn(stream, upTo, shipped);
			else
				await commit(shared, () => {
					// one for all of them: it is what doubtful letters belong together by
					const at = now();
					return {
						effects: [
							cursor('fence', upTo),
							counted('fence', stream, shipped),
							lettersOf(
								deadLetters.map((letter) => ({ ...letter, stream, destination })),
								at,
							),
							...(gap ? [gapsOf(stream, [gap], at)] : []),
						],
						...(gap && { batch: gapBatch(stream, gap, at) }),
						done: () => freed(shared, destination, upTo),
					};
				});
		},
	};

	function gapBatch(stream: string, gap: NonNullable<ReturnType<typeof rejection>>, observed: Nanos) {
		return { stream, destinations: [destination], observed, events: [], gaps: [gap] };
	}

	async function moveOn(stream: string, upTo: number, shipped: number): Promise<void> {
		const { moved } = await fence.aside(
			[cursor('held', upTo), counted('e0', stream, shipped)],
			sql`(SELECT count(*)::int FROM e0) AS moved`,
			upTo,
		);
		if (moved !== 1)
			throw fence.end(
				'an acknowledgement was refused: another process has taken it, or the database has gone back to an earlier moment',
			);
		freed(shared, destination, upTo);
	}

	/** Only forwards: said twice, it counts once. */
	function cursor(from: 'fence' | 'held', upTo: number): Sql {
		const { shard, epoch } = fence.lease;
		// what waited for a takeover has seen the shard as it was before, and the cursor as it is now
		const ours = sql`c.epoch = ${epoch}::bigint`;
		const where = sql`c.shard = ${shard}::int AND c.destination = ${destination}::text AND ${ours} AND c.acked < ${upTo}::bigint`;
		return from === 'fence'
			? sql`UPDATE @cursors c SET acked = ${upTo}::bigint FROM fence WHERE ${where} RETURNING 1`
			: sql`UPDATE @cursors c SET acked = ${upTo}::bigint FROM held WHERE ${where} RETURNING 1`;
	}

	function counted(from: 'fence' | 'e0', stream: string, records: number): Sql {
		const values = sql`${stream}::text, ${destination}::text, ${records}::bigint`;
		const conflict = sql`ON CONFLICT (stream, destination) DO UPDATE SET records = s.records + excluded.records`;
		return from === 'fence'
			? sql`INSERT INTO @shipped AS s (stream, destination, records) SELECT ${values} FROM fence ${conflict}`
			: sql`INSERT INTO @shipped AS s (stream, destination, records) SELECT ${values} FROM e0 ${conflict}`;
	}
}
