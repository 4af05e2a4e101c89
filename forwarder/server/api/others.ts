/** Sources that other workers hold, as the database knows them: beside those of this process, which it knows better. */
import { toMillis } from '../../../core/time';
import type { SourceConfig } from '../../config/types';
import { nothingYet } from '../../run/monitor';
import { pausedAs, pausedSnapshot } from '../../run/paused';
import { lagsOf, type Snapshot, type StreamSnapshot } from '../../run/snapshot';
import type { StreamSummary, Summary } from '../../store/summary';

export interface Others {
	/** Of all shards. */
	summary: Summary;
	/** By source; undefined: nobody alive has it. */
	workerOf: (source: string) => string | undefined;
}

export function withOthers(
	snapshot: Snapshot,
	{ summary, workerOf }: Others,
	sources: Iterable<SourceConfig>,
): Snapshot {
	const ours = new Set(snapshot.streams.map(({ name }) => name));
	const stored = new Map(summary.streams.map((row) => [row.name, row]));
	const gaps = new Map(summary.unseen.map(({ stream, gaps }) => [stream, gaps?.count ?? 0]));
	const paused = new Map(summary.paused.map((one) => [one.source, one]));
	const others = [...sources]
		.filter(({ name }) => !ours.has(name))
		.map((source): StreamSnapshot => {
			const known = streamOf(source, stored.get(source.name), gaps.get(source.name) ?? 0, snapshot.at);
			const [by] = pausedAs(source.name, paused);
			const pause = by === undefined ? undefined : pausedSnapshot(paused.get(by)!, source, stored.get(source.name));
			return { ...known, ...(pause && { paused: pause }), worker: workerOf(source.name) ?? 'nobody' };
		});
	const totals = new Map(summary.destinations.map((row) => [row.name, row]));
	return {
		...snapshot,
		streams: [...snapshot.streams, ...others],
		destinations: snapshot.destinations.map((one) => {
			const total = totals.get(one.name);
			if (!total) return one;
			const { shipped, waiting, deadLetters, doubtful, waitingSince } = total;
			const oldestUnacknowledgedMs = waitingSince === undefined ? 0 : Math.max(0, snapshot.at - toMillis(waitingSince));
			return { ...one, shipped, waiting, deadLetters, doubtful, oldestUnacknowledgedMs };
		}),
		past: summary.past,
	};
}

function streamOf(
	{ name, provider, latenessMs, pollIntervalMs }: SourceConfig,
	stored: StreamSummary | undefined,
	openGaps: number,
	at: number,
): StreamSnapshot {
	const { lastSuccess, lastError, lastErrorAt } = stored ?? {};
	const counts = nothingYet();
	if (lastSuccess !== undefined) counts.polls.succeeded = 1;
	if (lastError !== undefined && (lastErrorAt ?? 0n) > (lastSuccess ?? 0n)) {
		const atMs = toMillis(lastErrorAt ?? 0n);
		counts.failure = { kind: 'transient', message: lastError, waitMs: 0, sinceMs: atMs, atMs };
	}
	return {
		...{ name, provider: provider.name, latenessMs, pollIntervalMs, openGaps, counts },
		...(stored && { stored, ...lagsOf(stored, latenessMs, at) }),
		...(lastSuccess !== undefined && { lastSuccessAgeMs: Math.max(0, at - toMillis(lastSuccess)) }),
		oldestUnacknowledgedMs: stored?.waitingSince === undefined ? 0 : Math.max(0, at - toMillis(stored.waitingSince)),
		...{ inFlight: 0, requests: 0, rateLimitedMs: 0, pausedMs: 0 },
	};
}
