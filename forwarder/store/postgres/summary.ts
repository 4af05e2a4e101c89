/** What `status`, the metrics and the status page show, of a shard or of all: counts of the database, and what waits. */
import type { Gap } from '../../../core/walk/contract';
import type { Nanos } from '../../../core/contract';
import { DOUBTFUL } from '../contract';
import type { DestinationHealth } from '../health';
import type { DestinationSummary, StreamSummary, Summary } from '../summary';
import type { Pile, Unseen } from '../unseen';
import type { Verdict } from '../verified';
import { backfillOf, newestJobs, type StoredJob } from './backfillAdmin';
import { OPEN_GAP } from './gapAdmin';
import { grouped } from '../../grouped';
import { pausedIn, pausedOf, type PausedRow } from './paused';
import type { Queues, Waiting } from './queues';
import type { StreamRow } from './rows';
import { sql, type Sql } from './sql';

interface Counts {
	shipped: { stream: string; destination: string; records: bigint }[];
	letters: { stream: string; destination: string; reason: string; n: number; since: bigint }[];
	gaps: { stream: string; reason: Gap['reason']; n: number; open: number; since: bigint | null }[];
	verdicts: { name: string; verdict: Verdict | null; at: bigint | null; acknowledged: bigint | null }[];
	jobs: StoredJob[];
	paused: PausedRow[];
	health: { name: string; state: DestinationHealth['state']; since: bigint; error: string | null; at: bigint | null }[];
}

export interface Summarized {
	read<T>(what: Sql): Promise<T[]>;
	rows: readonly StreamRow[];
	/** Of each shard. */
	queues: readonly Queues[];
	/** Conditions: which rows that name a `stream`, and which that name a `shard`. */
	ours: Sql;
	here: Sql;
}

/** No event text is read, and nothing that waits: it is asked for while events flow. */
export async function summarize(state: Summarized): Promise<Summary> {
	const counts = await countsOf(state);
	const heads = state.queues.flatMap((queues) => [...queues.heads()]);
	const waiting = grouped(heads, ({ stream }) => stream);
	const rows = [...state.rows].sort((a, b) => (a.name < b.name ? -1 : 1));
	const jobs = new Map(counts.jobs.map((job) => [job.stream, job]));
	return {
		streams: streamsOf(rows, counts, waiting),
		destinations: destinationsOf(state.queues, counts),
		past: rows.map(({ name: stream, start, covered }) => {
			const backfill = jobs.get(stream);
			return {
				...{ stream, covered: [...covered] },
				...(start !== undefined && { start }),
				...(backfill && { backfill: backfillOf(backfill) }),
			};
		}),
		unseen: unseenOf(counts),
		paused: pausedIn(counts.paused),
	};
}

async function countsOf({ read, ours, here }: Summarized): Promise<Counts> {
	const [shipped, letters, gaps, verdicts, jobs, health, paused] = await Promise.all([
		read(sql`SELECT stream, destination, records FROM @shipped WHERE ${ours}`),
		read(
			sql`SELECT stream, destination, reason, count(*)::int AS n, min(at) AS since FROM @dead_letters WHERE ${ours} GROUP BY 1, 2, 3`,
		),
		read(
			sql`SELECT stream, reason, count(*)::int AS n, count(*) FILTER (WHERE ${OPEN_GAP})::int AS open,
				min(at) FILTER (WHERE ${OPEN_GAP}) AS since FROM @gaps WHERE ${ours} GROUP BY 1, 2`,
		),
		read(
			sql`SELECT name, last_verdict AS verdict, last_verdict_at AS at, verdict_acknowledged AS acknowledged FROM @streams WHERE ${here}`,
		),
		read(newestJobs(ours)),
		read(sql`SELECT name, state, since, last_error AS error, last_error_at AS at FROM @destinations WHERE ${here}`),
		read(pausedOf(ours)),
	]);
	return { shipped, letters, gaps, verdicts, jobs, health, paused } as unknown as Counts;
}

/** Each list of counts is gone through once, however many streams there are. */
function streamsOf(
	rows: readonly StreamRow[],
	{ shipped, letters, gaps, verdicts }: Counts,
	waiting: ReadonlyMap<string, Waiting[]>,
): StreamSummary[] {
	const byStream = <T extends { stream: string }>(list: readonly T[]) => grouped(list, ({ stream }) => stream);
	const [sent, dead, holes] = [byStream(shipped), byStream(letters), byStream(gaps)];
	const checks = new Map(verdicts.map((one) => [one.name, one]));
	return rows.map((row) => {
		const { name } = row;
		const counts = { shipped: sent.get(name) ?? [], letters: dead.get(name) ?? [], gaps: holes.get(name) ?? [] };
		return streamOf(row, { ...counts, verdict: checks.get(name) }, waiting.get(name) ?? []);
	});
}

function streamOf(
	{ name, watermark, lastSuccess, lastError, lastErrorAt }: StreamRow,
	{
		shipped,
		letters,
		gaps,
		verdict,
	}: Pick<Counts, 'shipped' | 'letters' | 'gaps'> & { verdict?: Counts['verdicts'][number] },
	heads: readonly Waiting[],
): StreamSummary {
	return {
		name,
		...(watermark !== undefined && { watermark }),
		...(lastSuccess !== undefined && { lastSuccess }),
		...(lastError !== undefined && { lastError }),
		...(lastErrorAt !== undefined && { lastErrorAt }),
		...(verdict?.verdict && { lastVerdict: verdict.verdict }),
		...(typeof verdict?.at === 'bigint' && { lastVerdictAt: verdict.at }),
		...(typeof verdict?.acknowledged === 'bigint' && { verdictAcknowledged: verdict.acknowledged }),
		shipped: sum(shipped.map(({ records }) => Number(records))),
		waiting: sum(heads.map(({ records, left }) => records * left)),
		...oldest(heads),
		waitingBytes: sum(heads.map(({ size }) => size)),
		...lettersOf(letters),
		gaps: sum(gaps.map(({ n }) => n)),
		gapReasons: Object.fromEntries(gaps.map(({ reason, n }) => [reason, n])),
	};
}

function destinationsOf(shards: readonly Queues[], counts: Counts): DestinationSummary[] {
	const names = new Set([
		...counts.shipped.map(({ destination }) => destination),
		...counts.health.map(({ name }) => name),
		...shards.flatMap((queues) => queues.destinations.filter((name) => queues.of(name).length > 0)),
	]);
	return [...names].sort().map((name) => {
		const noted = worst(counts.health.filter((one) => one.name === name));
		const waiting = shards.flatMap((queues) => queues.of(name));
		return {
			name,
			...(noted && { state: noted.state, since: noted.since }),
			...lastError(counts.health.filter((one) => one.name === name)),
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

const SEVERITY: readonly DestinationHealth['state'][] = ['halted', 'failing', 'ok'];

/** Those who ship to it see it each for itself. Of two that see the same, the first that did. */
function worst(noted: Counts['health']): Counts['health'][number] | undefined {
	const rank = ({ state }: Counts['health'][number]) => SEVERITY.indexOf(state);
	return [...noted].sort((a, b) => rank(a) - rank(b) || (a.since < b.since ? -1 : 1))[0];
}

function lastError(noted: Counts['health']): { lastError?: string; lastErrorAt?: Nanos } {
	const [last] = noted.filter(({ at }) => at !== null).sort((a, b) => (a.at! > b.at! ? -1 : 1));
	return last ? { lastError: last.error!, lastErrorAt: last.at! } : {};
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
