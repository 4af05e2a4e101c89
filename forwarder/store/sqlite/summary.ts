/** What `status`, the metrics and the status page show, read from the state file. */
import type { DatabaseSync } from 'node:sqlite';
import type { Gap } from '../../../core/walk/contract';
import type { Nanos } from '../../../core/contract';
import { coveredIn, newestBackfills } from './backfills';
import { DOUBTFUL } from '../contract';
import { pausedSources } from './paused';
import { unseenOf } from './unseen';
import type { DestinationSummary, PastSummary, StreamSummary, Summary } from '../summary';

const DOUBTS = `count(*) FILTER (WHERE reason = '${DOUBTFUL}') AS doubtful`;

/** Every table is read once, however many streams there are, and no event text is: it is asked for while events flow. */
export function summarize(db: DatabaseSync): Summary {
	const streams = db.prepare(`
		SELECT s.name, watermark, last_success AS lastSuccess, last_error AS lastError, last_error_at AS lastErrorAt,
			last_verdict AS lastVerdict, last_verdict_at AS lastVerdictAt, verdict_acknowledged AS verdictAcknowledged,
			coalesce(sent.n, 0) AS shipped, coalesce(queued.n, 0) AS waiting, since AS waitingSince,
			coalesce(bytes, 0) AS waitingBytes, coalesce(letters.n, 0) AS deadLetters,
			coalesce(letters.doubtful, 0) AS doubtful, coalesce(holes.n, 0) AS gaps
		FROM streams s
		LEFT JOIN (SELECT stream, sum(records) AS n FROM shipped GROUP BY stream) sent ON sent.stream = s.name
		LEFT JOIN (SELECT stream, min(observed) AS since, sum(size) AS bytes FROM batches GROUP BY stream) held
			ON held.stream = s.name
		LEFT JOIN (SELECT stream, sum(records) AS n FROM deliveries JOIN batches ON id = batch GROUP BY stream) queued
			ON queued.stream = s.name
		LEFT JOIN (SELECT stream, count(*) AS n, ${DOUBTS} FROM dead_letters GROUP BY stream) letters ON letters.stream = s.name
		LEFT JOIN (SELECT stream, count(*) AS n FROM gaps GROUP BY stream) holes ON holes.stream = s.name
		ORDER BY s.name`);
	const gaps = db.prepare('SELECT stream, reason, count(*) AS n FROM gaps GROUP BY stream, reason');
	const destinations = db.prepare(`
		SELECT d.name, noted.state, noted.since, noted.last_error AS lastError, noted.last_error_at AS lastErrorAt,
			coalesce(sent.n, 0) AS shipped, coalesce(held.n, 0) AS waiting, held.since AS waitingSince,
			coalesce(letters.n, 0) AS deadLetters, coalesce(letters.doubtful, 0) AS doubtful
		FROM (SELECT destination AS name FROM shipped UNION SELECT destination FROM deliveries
			UNION SELECT name FROM destinations) d
		LEFT JOIN destinations noted ON noted.name = d.name
		LEFT JOIN (SELECT destination, sum(records) AS n FROM shipped GROUP BY destination) sent
			ON sent.destination = d.name
		LEFT JOIN (SELECT destination, sum(records) AS n, min(observed) AS since
			FROM deliveries JOIN batches ON id = batch GROUP BY destination) held ON held.destination = d.name
		LEFT JOIN (SELECT destination, count(*) AS n, ${DOUBTS} FROM dead_letters GROUP BY destination) letters
			ON letters.destination = d.name
		ORDER BY d.name`);
	const reasons = new Map<string, StreamSummary['gapReasons']>();
	for (const { stream, reason, n } of rows<{ stream: string; reason: Gap['reason']; n: number }>(gaps)) {
		reasons.set(stream, { ...reasons.get(stream), [reason]: n });
	}
	return {
		streams: rows<Omit<StreamSummary, 'gapReasons'>>(streams).map((row) => ({
			...row,
			gapReasons: reasons.get(row.name) ?? {},
		})),
		destinations: rows<DestinationSummary>(destinations),
		past: pastOf(db),
		unseen: unseenOf(db),
		paused: pausedSources(db)(),
	};
}

function pastOf(db: DatabaseSync): PastSummary[] {
	const jobs = new Map(newestBackfills(db).map((job) => [job.stream, job]));
	const streams = db.prepare('SELECT name AS stream, start, covered FROM streams ORDER BY name');
	return rows<{ stream: string; start?: Nanos; covered: string }>(streams).map(({ covered, ...row }) => ({
		...row,
		covered: coveredIn(covered),
		...(jobs.has(row.stream) && { backfill: jobs.get(row.stream) }),
	}));
}

const INSTANTS = new Set([
	'start',
	'watermark',
	'since',
	'lastSuccess',
	'lastErrorAt',
	'lastVerdictAt',
	'verdictAcknowledged',
	'waitingSince',
]);

function rows<T>(statement: ReturnType<DatabaseSync['prepare']>): T[] {
	statement.setReadBigInts(true);
	return statement.all().map((row) => {
		const entries = Object.entries(row)
			.filter(([, value]) => value !== null)
			.map(([name, value]) => [name, typeof value === 'bigint' && !INSTANTS.has(name) ? Number(value) : value]);
		return Object.fromEntries(entries) as T;
	});
}
