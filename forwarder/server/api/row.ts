/** A source and a destination as a row of a table. */
import { streamState, type DestinationSnapshot, type StreamSnapshot } from '../../run/snapshot';
import type { PausedSnapshot } from '../../run/paused';
import type { Points } from '../../run/history/history';
import type { View } from './view';
import type { DestinationRow, HealthProblem, LastError, SourceRow, Spark } from './types';
import { toMillis } from '../../../core/time';

/** The worst severity of each source or destination that has a problem, by name. */
export function severities(problems: readonly HealthProblem[], of: 'source' | 'destination') {
	const worst = new Map<string, HealthProblem['severity']>();
	for (const { severity, [of]: name } of problems)
		if (name !== undefined && worst.get(name) !== 'not_ready') worst.set(name, severity);
	return worst;
}

export function sourceRow(
	stream: StreamSnapshot,
	{ snapshot: { at }, known }: View,
	severity: HealthProblem['severity'] | undefined,
): SourceRow {
	const { name, provider, counts, stored, lagMs, openGaps, pausedMs, paused } = stream;
	const { failure } = counts;
	const { minutes } = known.histories.sources;
	const sinceAt = paused?.sinceMs ?? (failure ? failure.sinceMs : counts.okSinceMs);
	return {
		...{ name, provider, state: streamState(stream) },
		...(sinceAt !== undefined && { sinceAt }),
		...(severity && { severity }),
		...(lagMs !== undefined && { lagMs }),
		...{ events: counts.fresh, eventsPerMinute: rounded(minutes.perMinute(name)), spark: sparkOf(minutes.of(name)) },
		...(stored?.lastSuccess !== undefined && { lastSuccessAt: toMillis(stored.lastSuccess) }),
		...(failure && { lastError: lastErrorOf(failure, failure.atMs) }),
		...(pausedMs > 0 && { pausedUntil: at + pausedMs }),
		...(paused && { paused: pausedOf(paused) }),
		...(!paused && counts.nextPollAt !== undefined && { nextPollAt: counts.nextPollAt }),
		...(stored && { waiting: stored.waiting, shipped: stored.shipped, deadLetters: stored.deadLetters }),
		gaps: openGaps,
		...(stream.worker !== undefined && { worker: stream.worker }),
		...(stored?.lastVerdict !== undefined && { verdict: stored.lastVerdict }),
	};
}

function pausedOf({ sinceMs: sinceAt, by, note, losesAtMs }: PausedSnapshot): SourceRow['paused'] {
	return {
		...{ sinceAt, by },
		...(note !== undefined && { note }),
		...(losesAtMs !== undefined && { losesFromAt: losesAtMs }),
	};
}

export function destinationRow(
	destination: DestinationSnapshot,
	{ known }: View,
	severity: HealthProblem['severity'] | undefined,
): DestinationRow {
	const { name, state, since, lastError, shipped, waiting, inFlight, consecutiveFailures, deadLetters } = destination;
	const { minutes } = known.histories.destinations;
	return {
		...{ name, state, sinceAt: since },
		...(severity && { severity }),
		...{ recordsPerMinute: rounded(minutes.perMinute(name)), spark: sparkOf(minutes.of(name)), shipped, waiting },
		...{ oldestWaitingMs: destination.oldestUnacknowledgedMs, inFlight, consecutiveFailures, deadLetters },
		...(lastError && { lastError: lastErrorOf(lastError, lastError.at) }),
		...(destination.nextProbeAt !== undefined && { nextProbeAt: destination.nextProbeAt }),
	};
}

function lastErrorOf({ message, fix }: { message: string; fix?: string }, at: number): LastError {
	return { at, what: message, ...(fix !== undefined && { fix }) };
}

export function sparkOf({ lastAt, stepMs, events, lagMs }: Points): Spark {
	return { lastAt, stepMs, rate: events, lagMs };
}

const rounded = (value: number) => Math.round(value * 10) / 10;
