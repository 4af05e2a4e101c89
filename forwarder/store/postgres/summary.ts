/** What `status`, the metrics and the status page show of a shard: counts of the database, and what the owner knows by itself. */
import type { Gap } from '../../../core/walk/contract';
import type { Nanos } from '../../../core/contract';
import { DOUBTFUL } from '../contract';
import type { Backfill } from '../backfill';
import type { DestinationHealth } from '../health';
import type { DestinationSummary, StreamSummary, Summary } from '../summary';
import type { Pile, Unseen } from '../unseen';
import type { Verdict } from '../verified';
import { OPEN_GAP } from './gapAdmin';
import type { Waiting } from './queues';
import type { Shared } from './shared';
import { sql } from './sql';

interface Counts {
	shipped: { stream: string; destination: string; records: bigint }[];
	letters: { stream: string; destination: string; reason: string; n: number; since: bigint }[];
	gaps: { stream: string; reason: Gap['reason']; n: number; open: number; since: bigint | null }[];
	verdicts: { name: string; verdict: Verdict | null; at: bigint | null; acknowledged: bigint | null }[];
	jobs: (Record<'id' | 'from' | 'to' | 'done' | 'pages' | 'events' | 'started', bigint> & {
		stream: string;
		asked: string;
		ended: bigint | null;
		cancelled: boolean;
	})[];
	health: { name: string; state: DestinationHealth['state']; since: bigint; error: string | null; at: bigint | null }[];
}

/** No event text is read, and nothing that waits: it is asked for while events flow. */
export async function summarize(shared: Shared): Promise<Summary> {
	const counts = await countsOf(shared);
	const waiting = new Map<string, Waiting[]>();
	for (const head of shared.queues.heads()) {
		const heads = waiting.get(head.stream);
		if (heads) heads.push(head);
		else waiting.set(head.stream, [head]);
	}
	return {
		streams: shared.rows.names.sort().map((name) => streamOf(shared, name, counts, waiting.get(name) ?? [])),
		destinations: destinationsOf(shared, counts),
		past: shared.rows.names.sort().map((stream) => {
			const { start, covered } = shared.rows.get(stream);
			const backfill = counts.jobs.find((job) => job.stream === stream);
			return {
				...{ stream, covered: [...covered] },
				...(start !== undefined && { start }),
				...(backfill && { backfill: backfillOf(backfill) }),
			};
		}),
		unseen: unseenOf(counts),
	};
}

async function countsOf({ fence, rows }: Shared): Promise<Counts> {
	const { shard } = fence.lease;
	const ours = sql`stream = ANY(${rows.names}::text[])`;
	const [shipped, letters, gaps, verdicts, jobs, health] = await Promise.all([
		fence.read(sql`SELECT stream, destination, records FROM @shipped WHERE ${ours}`),
		fence.read(
			sql`SELECT stream, destination, reason, count(*)::int AS n, min(at) AS since FROM @dead_letters WHERE ${ours} GROUP BY 1, 2, 3`,
		),
		fence.read(
			sql`SELECT stream, reason, count(*)::int AS n, count(*) FILTER (WHERE ${OPEN_GAP})::int AS open,
				min(at) FILTER (WHERE ${OPEN_GAP}) AS since FROM @gaps WHERE ${ours} GROUP BY 1, 2`,
		),
		fence.read(
			sql`SELECT name, last_verdict AS verdict, last_verdict_at AS at, verdict_acknowledged AS acknowledged FROM @streams WHERE shard = ${shard}::int`,
		),
		fence.read(
			sql`SELECT DISTINCT ON (stream) id, stream, asked, "from", "to", done, pages, events, started, ended, cancelled
				FROM @backfills WHERE ${ours} ORDER BY stream, id DESC`,
		),
		fence.read(
			sql`SELECT name, state, since, last_error AS error, last_error_at AS at FROM @destinations WHERE shard = ${shard}::int`,
		),
	]);
	return { shipped, letters, gaps, verdicts, jobs, health } as unknown as Counts;
}

function streamOf({ rows }: Shared, name: string, counts: Counts, heads: readonly Waiting[]): StreamSummary {
	const { watermark, lastSuccess, lastError, lastErrorAt } = rows.get(name);
	const verdict = counts.verdicts.find((one) => one.name === name);
	const letters = counts.letters.filter(({ stream }) => stream === name);
	const gaps = counts.gaps.filter(({ stream }) => stream === name);
	return {
		name,
		...(watermark !== undefined && { watermark }),
		...(lastSuccess !== undefined && { lastSuccess }),
		...(lastError !== undefined && { lastError }),
		...(lastErrorAt !== undefined && { lastErrorAt }),
		...(verdict?.verdict && { lastVerdict: verdict.verdict }),
		...(typeof verdict?.at === 'bigint' && { lastVerdictAt: verdict.at }),
		...(typeof verdict?.acknowledged === 'bigint' && { verdictAcknowledged: verdict.acknowledged }),
		shipped: sum(counts.shipped.filter(({ stream }) => stream === name).map(({ records }) => Number(records))),
		waiting: sum(heads.map(({ records, left }) => records * left)),
		...oldest(heads),
		waitingBytes: sum(heads.map(({ size }) => size)),
		...lettersOf(letters),
		gaps: sum(gaps.map(({ n }) => n)),
		gapReasons: Object.fromEntries(gaps.map(({ reason, n }) => [reason, n])),
	};
}

function destinationsOf({ queues }: Shared, counts: Counts): DestinationSummary[] {
	const names = new Set([
		...counts.shipped.map(({ destination }) => destination),
		...counts.health.map(({ name }) => name),
		...queues.destinations.filter((name) => queues.of(name).length > 0),
	]);
	return [...names].sort().map((name) => {
		const noted = counts.health.find((one) => one.name === name);
		const waiting = queues.of(name);
		return {
			name,
			...(noted && { state: noted.state, since: noted.since }),
			...(noted?.error && { lastError: noted.error }),
			...(typeof noted?.at === 'bigint' && { lastErrorAt: noted.at }),
			shipped: sum(
				counts.shipped.filter(({ destination }) => destination === name).map(({ records }) => Number(records)),
			),
			waiting: sum(waiting.map(({ records }) => records)),
			...oldest(waiting),
			...lettersOf(counts.letters.filter(({ destination }) => destination === name)),
		};
	});
}

function lettersOf(letters: Counts['letters']): { deadLetters: number; doubtful: number } {
	const doubtful = letters.filter(({ reason }) => reason === DOUBTFUL);
	return { deadLetters: sum(letters.map(({ n }) => n)), doubtful: sum(doubtful.map(({ n }) => n)) };
}

function oldest(heads: readonly { observed: Nanos }[]): { waitingSince?: Nanos } {
	const times = heads.map(({ observed }) => observed);
	return times.length === 0 ? {} : { waitingSince: times.reduce((a, b) => (b < a ? b : a)) };
}

function backfillOf(job: Counts['jobs'][number]): Backfill {
	return {
		...{ id: Number(job.id), stream: job.stream, asked: job.asked, cancelled: job.cancelled },
		...{ from: job.from, to: job.to, done: job.done, started: job.started },
		...{ pages: Number(job.pages), events: Number(job.events) },
		...(job.ended !== null && { ended: job.ended }),
	};
}

function unseenOf({ letters, gaps, verdicts }: Counts): Unseen[] {
	const found = new Map<string, Unseen>();
	const of = (stream: string) => {
		const one = found.get(stream) ?? { stream };
		found.set(stream, one);
		return one;
	};
	for (const { stream, reason, n, since } of letters)
		of(stream).deadLetters = piled(of(stream).deadLetters, reason, n, since);
	for (const { stream, reason, open, since } of gaps)
		if (open > 0) of(stream).gaps = piled(of(stream).gaps, reason, open, since!);
	for (const { name, verdict, at, acknowledged } of verdicts)
		if (verdict === 'broken' && acknowledged === null) of(name).brokenAt = at!;
	return [...found.values()].sort((a, b) => (a.stream < b.stream ? -1 : 1));
}

function piled(before: Pile | undefined, reason: string, count: number, since: Nanos): Pile {
	return {
		count: (before?.count ?? 0) + count,
		since: before && before.since < since ? before.since : since,
		reasons: { ...before?.reasons, [reason]: (before?.reasons[reason] ?? 0) + count },
	};
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
