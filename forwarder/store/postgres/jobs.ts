/** The unfinished back-fill of a stream, for whoever works on it. */
import { decode, encode, walkForm } from '../../../core/walk/codec';
import { FIRST_WIDTH, type Job, type JobStore } from '../../../core/walk/backfill';
import { merged, without, type Interval } from '../../../core/walk/intervals';
import { BackfillEnded } from '../backfill';
import type { StreamName } from '../contract';
import { room } from '../room';
import { commit, type Shared } from './shared';
import { sql, type Sql } from './sql';
import { changeWriter } from './streams';

/**
 * Share of the outbox that back-fill may fill: batches are shipped in the order of their commits, so what waits there
 * delays every live event, and the live walk needs the room when a receiver is down.
 */
const SHARE = 64;

export interface JobRow extends Job {
	id: bigint;
}

export const jobsOf = (shard: number): Sql => sql`SELECT id, stream, "from", "to", done, width, walk FROM @backfills
	WHERE ended IS NULL AND stream IN (SELECT name FROM @streams WHERE shard = ${shard}::int)`;

export function readJob({
	id,
	from,
	to,
	done,
	width,
	walk,
}: Record<'id' | keyof Interval | 'done' | 'width', bigint> & { walk: string | null }): JobRow {
	return {
		...{ id, from, to, done, width },
		walk: walk === null ? undefined : decode(walkForm, walk),
	};
}

export function openJobs(shared: Shared, stream: StreamName): JobStore {
	const { fence, rows, jobs, rereads, backlog, now } = shared;
	const { name } = stream;
	const parts = changeWriter(shared, stream);

	/** A span that a damaged batch has left open becomes a job when no other is unfinished. */
	async function askedAgain(): Promise<void> {
		const [reread, ...others] = rereads.get(name) ?? [];
		if (!reread) return;
		const { from, to } = reread;
		await commit(shared, () => ({
			effects: [
				sql`DELETE FROM @rereads USING fence WHERE stream = ${name}::text AND "from" = ${from}::bigint AND "to" = ${to}::bigint`,
				sql`INSERT INTO @backfills (stream, asked, "from", "to", done, width, started)
					SELECT ${name}::text, 'again: a stored batch was damaged', ${from}::bigint, ${to}::bigint, ${from}::bigint, ${FIRST_WIDTH}::bigint, ${now()}::bigint FROM fence`,
			],
			stream: name,
			// also what a job has covered since
			patch: { covered: without(rows.get(name).covered, reread) },
			done: () => void rereads.set(name, others),
		}));
		const found = await fence.read<Parameters<typeof readJob>[0] & { stream: string }>(jobsOf(fence.lease.shard));
		for (const row of found) if (row.stream === name) jobs.set(name, readJob(row));
	}

	return {
		async load() {
			fence.check();
			if (!jobs.has(name)) await askedAgain();
			return jobs.get(name);
		},
		async covered() {
			fence.check();
			return [...rows.get(name).covered];
		},
		async seen(elements) {
			fence.check();
			return shared.ids(name).among(elements, now());
		},
		room: (signal) => room(backlog, backlog.limit / SHARE, signal),
		async commit({ done, width, covered, finished, walk, ...events }) {
			await commit(shared, () => {
				const job = jobs.get(name);
				if (!job) throw new BackfillEnded('the back-fill was cancelled');
				const part = parts.of(events);
				const next = {
					...job,
					done,
					width: width ?? job.width,
					...(walk !== undefined && { walk: walk ?? undefined }),
				};
				const isPage = events.observed === undefined ? 0 : 1;
				const move = sql`UPDATE @backfills b SET done = ${done}::bigint, width = ${next.width}::bigint,
						walk = ${next.walk ? encode(walkForm, next.walk) : null}::text, pages = pages + ${isPage}::int, events = events + ${events.fresh?.length ?? 0}::int,
						last_batch = CASE WHEN ${part.batch !== undefined}::bool THEN fence.seq ELSE last_batch END,
						ended = ${finished ? now() : null}::bigint
					FROM fence WHERE b.id = ${job.id}::bigint AND b.ended IS NULL`;
				return {
					...part,
					effects: [move, ...part.effects!],
					...(covered && { stream: name, patch: { covered: merged([...rows.get(name).covered, covered]) } }),
					done(seq) {
						part.done!(seq);
						if (finished) jobs.delete(name);
						else jobs.set(name, next);
					},
				};
			});
		},
	};
}
