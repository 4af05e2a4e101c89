/** How everything is doing at one moment, as plain data: what the health rules, the metrics and the status page are made from. */
import { basename } from 'node:path';
import type { Clock } from '../../core/contract';
import { toMillis } from '../../core/time';
import { keptByCost } from '../kept';
import type { Env } from '../config/secrets';
import type { DestinationConfig, SourceConfig } from '../config/types';
import type { DeliveryStatus } from '../delivery/health';
import type { NotificationStatus } from '../notify/status';
import type { PastSummary, StreamSummary, Summary } from '../store/summary';
import type { Unseen } from '../store/unseen';
import { advisedCounts, destinationError, type LastError } from './advised';
import type { WorkerSnapshot } from './cluster/watch';
import type { Holding } from './holding';
import { lagOf, watermarkLag } from './lag';
import type { Monitor, StreamCounts } from './monitor';
import { pausedAs, pausedSnapshot, type PausedSnapshot } from './paused';
import type { WriteFailure } from './watchStore';

export interface StreamSnapshot extends Pick<SourceConfig, 'name' | 'latenessMs' | 'pollIntervalMs'> {
	/** Its name. */
	provider: string;
	/** What the state file knows; absent before the first commit. */
	stored?: StreamSummary;
	/** Unacknowledged gap records. */
	openGaps: number;
	/** Since this process started. */
	counts: Readonly<StreamCounts>;
	/**
	 * How far the watermark is behind the provider's clock. Never below the lateness: that much is read again on purpose.
	 * Absent before the first commit.
	 */
	watermarkLagMs?: number;
	/** How long ago everything was read that the provider showed. Absent before that was so for the first time. */
	lagMs?: number;
	/** How far the start is ahead of the provider's clock; absent when it is not. */
	startsInMs?: number;
	lastSuccessAgeMs?: number;
	lastEventAgeMs?: number;
	/** 0: nothing waits. */
	oldestUnacknowledgedMs: number;
	/** Records of the stream being sent or waiting for their next attempt, all destinations together. */
	inFlight: number;
	/** Another process has it: its name. */
	worker?: string;
	/** Of the key: sources with the same key share them. */
	requests: number;
	rateLimitedMs: number;
	/** How long requests with this key still pause. */
	pausedMs: number;
	/** By a person. */
	paused?: PausedSnapshot;
}

/** starting: no poll has ended yet · failing: tries again soon · refused: needs a person · paused: by a person. */
export type StreamCondition = 'ok' | 'starting' | 'failing' | 'refused' | 'paused';

export function streamState({ counts, paused }: Pick<StreamSnapshot, 'counts' | 'paused'>): StreamCondition {
	if (paused) return 'paused';
	if (counts.failure) return counts.failure.kind === 'refused' ? 'refused' : 'failing';
	return counts.polls.succeeded > 0 ? 'ok' : 'starting';
}

export interface DestinationSnapshot extends Omit<DeliveryStatus, 'inFlight' | 'failingSince' | 'lastError'> {
	name: string;
	/** The last thing that went wrong, kept after it is over. */
	lastError?: LastError;
	/** Records being sent or waiting for their next attempt. */
	inFlight: number;
	shipped: number;
	waiting: number;
	/** 0: nothing waits. */
	oldestUnacknowledgedMs: number;
	deadLetters: number;
	/** Those of them that the receiver may have stored. */
	doubtful: number;
}

export interface Snapshot {
	/** Milliseconds since the epoch. */
	at: number;
	streams: StreamSnapshot[];
	destinations: DestinationSnapshot[];
	/** Absent: nobody wants to be told. */
	notifications?: readonly NotificationStatus[];
	/** What is known of the time before each start. */
	past: PastSummary[];
	/** What keeps sources from being read as they are configured. */
	mistakes: MistakeSnapshot[];
	/** What waits for a person. */
	unseen: Unseen[];
	/** Records that wait for destinations which the configuration no longer names. */
	orphans: { name: string; waiting: number }[];
	/** Polling waits for room in the outbox. */
	outboxFull: boolean;
	/** Polling waits for room on the disk of the state file. */
	diskLow: boolean;
	writeFailure?: WriteFailure;
	/** Name of the damaged state file that was set aside at the start of this process. */
	setAside?: string;
	/** Told to stop: it ships what is safe and ends. */
	stopping: boolean;
	fatal?: string;
	/** Of several that share a database. */
	worker?: WorkerSnapshot;
}

export interface SourceMistake {
	/** Absent: a file that cannot be read, whatever is in it. */
	source?: string;
	/** As the file says it. */
	provider?: string;
	/** Milliseconds since the epoch. */
	sinceMs: number;
	/** For people: where, what and the way out. No secrets. */
	message: string;
	/** The same without the place: others may have it too. */
	cause?: string;
}

/** With what the state knows of the source from before. */
export interface MistakeSnapshot extends SourceMistake, Partial<Pick<StreamSnapshot, 'stored' | 'openGaps'>> {}

export interface SnapshotDeps {
	destinations: () => readonly Pick<DestinationConfig, 'name' | 'endpoint' | 'headers' | 'preset'>[];
	/** Found when the configuration was read. */
	mistakes?: () => readonly SourceMistake[];
	clock: Clock;
	/** For proxies. */
	env: Env;
	holding: Holding;
	monitor: Pick<Monitor, 'of' | 'fatal'>;
	stop: AbortSignal;
	/** Of several that share a database: it may be away, which is told and is no reason to say nothing. */
	worker?: () => Promise<WorkerSnapshot>;
}

/** A summary is kept for this long, and longer when it took long: asking must not slow shipping down, however often it is done. */
const KEEP_MS = 1000;
const KEEP_FACTOR = 20;

export function createSnapshots(deps: SnapshotDeps): () => Promise<Snapshot> {
	const { holding, clock, worker } = deps;
	const summary = keptByCost(KEEP_MS, KEEP_FACTOR, clock, () => holding.summary());
	if (!worker) return async () => take(await summary(), deps);
	let last: Summary = { streams: [], destinations: [], past: [], unseen: [], paused: [] };
	return async () => {
		const [found, known] = await Promise.all([summary().catch(messageOf), worker()]);
		if (typeof found !== 'string') last = found;
		const failure = typeof found === 'string' ? { at: clock.now(), message: found } : undefined;
		return { ...take(last, deps), worker: known, ...(failure && { writeFailure: holding.failure() ?? failure }) };
	};
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown error');

/** It was added just now. */
const notYet = (now: number): DeliveryStatus => ({ state: 'ok', since: now, inFlight: {}, consecutiveFailures: 0 });

/** Of what the state knows. */
export function lagsOf(
	{ watermark, lastSuccess }: Pick<StreamSummary, 'watermark' | 'lastSuccess'>,
	latenessMs: number,
	theirNowMs: number,
): Pick<StreamSnapshot, 'watermarkLagMs' | 'lagMs'> {
	if (watermark === undefined) return {};
	const lagMs = lagOf({ watermark, latenessMs, isComplete: lastSuccess !== undefined }, theirNowMs);
	return { watermarkLagMs: watermarkLag(watermark, theirNowMs), ...(lagMs !== undefined && { lagMs }) };
}

function sum(counts: readonly number[]): number {
	return counts.reduce((total, count) => total + count, 0);
}

function take(summary: Summary, deps: SnapshotDeps): Snapshot {
	const { clock, env, holding, monitor } = deps;
	const now = clock.now();
	const [domains, deliveries] = [holding.domains(), holding.deliveries()];
	const storedStreams = new Map(summary.streams.map((row) => [row.name, row]));
	const storedDestinations = new Map(summary.destinations.map((row) => [row.name, row]));
	const starts = new Map(summary.past.map(({ stream, start }) => [stream, start]));
	const openGaps = new Map(summary.unseen.map(({ stream, gaps }) => [stream, gaps?.count ?? 0]));
	const paused = new Map(summary.paused.map((one) => [one.source, one]));
	const age = (since: bigint | undefined) => (since === undefined ? undefined : Math.max(0, now - toMillis(since)));

	const streams = holding.sources().map((config): StreamSnapshot => {
		const { name, provider, latenessMs, pollIntervalMs } = config;
		const stored = storedStreams.get(name);
		const counts = advisedCounts(monitor.of(name), config, env);
		const domain = domains.get(name);
		const start = starts.get(name);
		const [by] = pausedAs(name, paused);
		const startsInMs = start === undefined ? 0 : toMillis(start) - now - (counts.skewMs ?? 0);
		return {
			name,
			provider: provider.name,
			latenessMs,
			pollIntervalMs,
			stored,
			openGaps: openGaps.get(name) ?? 0,
			counts,
			...(stored && lagsOf(stored, latenessMs, now + (counts.skewMs ?? 0))),
			// the provider's clock is known in whole seconds
			...(startsInMs > 1000 && { startsInMs }),
			lastSuccessAgeMs: age(stored?.lastSuccess),
			...(counts.lastFresh !== undefined && { lastEventAgeMs: Math.max(0, now - counts.lastFresh) }),
			oldestUnacknowledgedMs: age(stored?.waitingSince) ?? 0,
			inFlight: sum([...deliveries.values()].map(({ inFlight }) => inFlight[name] ?? 0)),
			requests: domain?.requests ?? 0,
			rateLimitedMs: domain?.rateLimitedMs ?? 0,
			pausedMs: Math.max(0, (domain?.pausedUntil ?? 0) - now),
			...(by !== undefined && { paused: pausedSnapshot(paused.get(by)!, config, stored) }),
		};
	});

	const destinations = deps.destinations().map((config): DestinationSnapshot => {
		const { name } = config;
		const stored = storedDestinations.get(name);
		const status = deliveries.get(name) ?? notYet(now);
		const { state, since, inFlight, consecutiveFailures, nextProbeAt } = status;
		const lastError = destinationError(status, config, env);
		const { shipped = 0, waiting = 0, deadLetters = 0, doubtful = 0 } = stored ?? {};
		const oldestUnacknowledgedMs = age(stored?.waitingSince) ?? 0;
		const live = { state, since, inFlight: sum(Object.values(inFlight)), consecutiveFailures };
		const probe = nextProbeAt === undefined ? {} : { nextProbeAt };
		return {
			name,
			...live,
			...(lastError && { lastError }),
			...probe,
			shipped,
			waiting,
			oldestUnacknowledgedMs,
			deadLetters,
			doubtful,
		};
	});

	const withStored = (one: SourceMistake): MistakeSnapshot => {
		const stored = one.source === undefined ? undefined : storedStreams.get(one.source);
		return stored ? { ...one, stored, openGaps: openGaps.get(stored.name) ?? 0 } : one;
	};
	const refused = [...holding.refused()].map(([source, { config, error, sinceMs }]) => ({
		source,
		provider: config.provider.name,
		sinceMs,
		message: error.message,
	}));

	return {
		at: now,
		streams,
		destinations,
		past: summary.past,
		mistakes: [...(deps.mistakes?.() ?? []), ...refused].map(withStored),
		unseen: summary.unseen,
		orphans: summary.destinations.filter(
			({ name, waiting }) => waiting > 0 && !destinations.some((known) => known.name === name),
		),
		outboxFull: holding.isFull(),
		diskLow: holding.isDiskLow(),
		writeFailure: holding.failure(),
		...(holding.setAside !== undefined && { setAside: basename(holding.setAside) }),
		stopping: deps.stop.aborted,
		fatal: monitor.fatal,
	};
}
