/** The rules by which /readyz answers (docs/operations.md). Pure: the same snapshot always gives the same answer. */
import type { DestinationSnapshot, Snapshot, SourceMistake, StreamSnapshot } from '../run/snapshot';
import type { NotificationStatus } from '../notify/status';
import type { WorkerSnapshot } from '../run/cluster/watch';
import { MAX_SKEW_MS, type Background, type Failing } from '../run/monitor';
import { pausedText, resumeIt, type PausedSnapshot } from '../run/paused';
import { mattersOf, type Matter } from '../run/unseen';
import { formatInstant, fromMillis } from '../../core/time';

/** A watermark further behind than lateness + the larger of these two does not move. */
export const FROZEN_AFTER_POLLS = 10;
export const FROZEN_AFTER_MS = 5 * 60_000;
/** A batch that waits for longer is not merely on its way. */
export const UNACKNOWLEDGED_MS = 15 * 60_000;

/** A takeover takes seconds. */
export const UNOWNED_MS = 60_000;
/** A roll-out takes minutes. */
export const DIFFER_MS = 15 * 60_000;

/** Background work may fail for as long as this. */
const BACKGROUND_PATIENCE_MS = 60 * 60_000;

export type Rule =
	| 'fatal'
	| 'stopping'
	| 'starting'
	| 'source_misconfigured'
	| 'source_paused'
	| 'source_refused'
	| 'source_failing'
	| 'background_failing'
	| 'watermark_frozen'
	| 'destination_halted'
	| 'unacknowledged'
	| 'store_not_writable'
	| 'destination_degraded'
	| 'destination_unknown'
	| 'outbox_full'
	| 'disk_low'
	| 'clock_skew'
	| 'filter_ignored'
	| 'start_in_future'
	| 'state_set_aside'
	| 'shards_unowned'
	| 'configurations_differ'
	| 'notification_failing'
	| Matter['rule'];

export interface HealthProblem {
	rule: Rule;
	/** `degraded`: it works, but needs a look. */
	severity: 'not_ready' | 'degraded';
	source?: string;
	destination?: string;
	notification?: string;
	/** Since when, as far as that is known. */
	since?: string;
	/** For people. No secrets. */
	message: string;
	/** What to do, where the message does not say it. */
	fix?: string;
	/** Of a mistake: the message without its place, the same for all who have it. */
	cause?: string;
}

export type Readiness = 'ready' | 'degraded' | 'not_ready';

/** What is wrong with the process, the worst first. Empty: all is well. */
export function readiness(snapshot: Snapshot): HealthProblem[] {
	const bySource = ofSources(snapshot);
	// one tenant's refused key says nothing of the process; the same of all of them does
	const blocked = new Set(bySource.filter(isBlocking).map(({ source }) => source));
	const noneWorks = snapshot.streams.length > 0 && snapshot.streams.every(({ name }) => blocked.has(name));
	return together(
		snapshot,
		bySource.map((problem) => (noneWorks ? problem : { ...problem, severity: 'degraded' as const })),
	);
}

/** What is wrong anywhere, each by what it is for its own source, the worst first: who is to be told of it looks at that. */
export function problemsOf(snapshot: Snapshot): HealthProblem[] {
	return together(snapshot, ofSources(snapshot));
}

function together(snapshot: Snapshot, bySource: readonly HealthProblem[]): HealthProblem[] {
	return worstFirst([
		...ofProcess(snapshot),
		...(snapshot.worker ? ofWorker(snapshot.worker, snapshot) : []),
		...bySource,
		...snapshot.destinations.flatMap((one) => ofDestination(one, snapshot.at)),
		...(snapshot.notifications ?? []).flatMap(ofNotification),
	]);
}

/** What is wrong with each source, by what it is for itself. */
export function sourcesReadiness(snapshot: Snapshot): Map<string, HealthProblem[]> {
	const found = new Map<string, HealthProblem[]>();
	for (const { name } of snapshot.streams) found.set(name, []);
	for (const { source } of snapshot.mistakes) if (source !== undefined) found.set(source, []);
	for (const problem of worstFirst(ofSources(snapshot))) found.get(problem.source ?? '')?.push(problem);
	return found;
}

/** Undefined: there is no such source. */
export function sourceReadiness(snapshot: Snapshot, source: string): HealthProblem[] | undefined {
	return sourcesReadiness(snapshot).get(source);
}

function ofSources(snapshot: Snapshot): HealthProblem[] {
	const { streams, mistakes, unseen, at, worker } = snapshot;
	const read = new Set(streams.map(({ name }) => name));
	return [
		...mistakes.map((mistake) => ofMistake(mistake, read)),
		...streams.flatMap((one) => ofStream(one, at, worker !== undefined)),
		...mattersOf(unseen).map(ofMatter),
	];
}

function worstFirst(problems: readonly HealthProblem[]): HealthProblem[] {
	return [...problems.filter(isBlocking), ...problems.filter((problem) => !isBlocking(problem))];
}

export function stateOf(problems: readonly HealthProblem[]): Readiness {
	if (problems.some(isBlocking)) return 'not_ready';
	return problems.length ? 'degraded' : 'ready';
}

export function isBlocking({ severity }: HealthProblem): boolean {
	return severity === 'not_ready';
}

function ofProcess({
	fatal,
	stopping,
	writeFailure,
	orphans,
	outboxFull,
	diskLow,
	setAside,
}: Snapshot): HealthProblem[] {
	const problems: HealthProblem[] = [];
	if (fatal !== undefined) problems.push({ rule: 'fatal', severity: 'not_ready', message: fatal });
	if (stopping) problems.push({ rule: 'stopping', severity: 'not_ready', message: 'told to stop' });
	if (writeFailure) {
		const message = `the last write to the state failed: ${writeFailure.message}`;
		problems.push({ rule: 'store_not_writable', severity: 'not_ready', since: iso(writeFailure.at), message });
	}
	if (diskLow) {
		const message =
			'the disk of the state file is nearly full; polling waits for room, what has been read is still shipped';
		problems.push({ rule: 'disk_low', severity: 'degraded', message });
	} else if (outboxFull) {
		const message = 'polling waits until destinations have taken something';
		problems.push({ rule: 'outbox_full', severity: 'degraded', message });
	}
	if (setAside !== undefined) {
		const message = `the state file was unreadable and is kept as ${setAside}; every source began again at its start`;
		problems.push({ rule: 'state_set_aside', severity: 'degraded', message });
	}
	for (const { name, waiting } of orphans) {
		const message = `${waiting} records wait for it, but the configuration does not name it`;
		problems.push({ rule: 'destination_unknown', severity: 'degraded', destination: name, message });
	}
	return problems;
}

/** A worker without shards is ready: it takes some as soon as there are any. */
function ofWorker(worker: WorkerSnapshot, { at, writeFailure }: Snapshot): HealthProblem[] {
	const { beatAgeMs, ttlMs, unowned, unownedSinceMs, differSinceMs } = worker;
	const problems: HealthProblem[] = [];
	const add = (rule: Rule, severity: HealthProblem['severity'], message: string, sinceMs?: number) =>
		void problems.push({ rule, severity, ...sinceOf(sinceMs), message });
	if (!writeFailure && beatAgeMs === undefined) {
		add('store_not_writable', 'not_ready', 'the database has not answered yet');
	} else if (!writeFailure && beatAgeMs! > ttlMs) {
		const message = `the database has not answered for ${seconds(beatAgeMs!)}; others have its shards, if they reach it`;
		add('store_not_writable', 'not_ready', message, at - beatAgeMs!);
	}
	if (unownedSinceMs !== undefined && at - unownedSinceMs > UNOWNED_MS) {
		const message = `nobody alive holds ${unowned} of ${worker.shards} shards: nothing of them is polled or shipped; audit-relay cluster status`;
		add('shards_unowned', 'degraded', message, unownedSinceMs);
	}
	if (differSinceMs !== undefined && at - differSinceMs > DIFFER_MS) {
		const message = 'workers have different configurations, and each follows its own; audit-relay cluster status';
		add('configurations_differ', 'degraded', message, differSinceMs);
	}
	return problems;
}

/** What is read as it was before works, but not as somebody wants it to. */
function ofMistake({ source, sinceMs, message, cause }: SourceMistake, read: ReadonlySet<string>): HealthProblem {
	const isRead = source === undefined || read.has(source);
	const severity = isRead ? 'degraded' : 'not_ready';
	return {
		rule: 'source_misconfigured',
		severity,
		...(source !== undefined && { source }),
		...sinceOf(sinceMs),
		message,
		...(cause !== undefined && { cause }),
	};
}

function ofStream(stream: StreamSnapshot, at: number, isShared: boolean): HealthProblem[] {
	// what it does not do now it was told not to do
	if (stream.paused) return [ofPaused(stream.name, stream.paused, at)];
	const { name, counts, watermarkLagMs: behindMs, pausedMs, startsInMs } = stream;
	const { failure, background, skewMs, forgottenLately } = counts;
	const why = [
		failure && `: ${failure.message}`,
		pausedMs > 0 && `; the provider asked for a pause of ${seconds(pausedMs)} more`,
	];
	const because = why.filter(Boolean).join('');
	const problems: HealthProblem[] = [];
	const add = (rule: Rule, severity: HealthProblem['severity'], message: string, failing?: Failing) =>
		void problems.push({ rule, severity, source: name, ...sinceOf(failing?.sinceMs), message, ...fixOf(failing) });

	// before the first poll, reading the past may take hours and is not a standstill
	const isFrozen = counts.polls.succeeded > 0 && behindMs !== undefined && behindMs > lagLimitMs(stream);
	if (failure?.kind === 'refused') {
		add('source_refused', 'not_ready', failure.message, failure);
	} else if (counts.polls.succeeded === 0) {
		// in a cluster it waits for a roll-out: whoever takes a shard starts its sources again
		add('starting', isShared ? 'degraded' : 'not_ready', `no poll has succeeded since the start${because}`, failure);
	} else if (failure && !isFrozen && at - failure.sinceMs > patienceMs(stream)) {
		add('source_failing', 'degraded', `no poll succeeds: ${failure.message}`, failure);
	}
	for (const [what, failing] of Object.entries(background) as [Background, Failing][]) {
		if (failing.kind !== 'refused' && at - failing.sinceMs <= BACKGROUND_PATIENCE_MS) continue;
		add('background_failing', 'degraded', `${BACKGROUND[what]}: ${failing.message}`, failing);
	}
	if (isFrozen) {
		const far = `the watermark is ${seconds(behindMs)} behind, more than ${seconds(lagLimitMs(stream))}`;
		add('watermark_frozen', 'not_ready', far + because, failure);
	}
	if (skewMs !== undefined && Math.abs(skewMs) > MAX_SKEW_MS) {
		const message = `its clock is ${seconds(Math.abs(skewMs))} ${skewMs > 0 ? 'ahead of' : 'behind'} this machine's`;
		add('clock_skew', 'degraded', message);
	}
	if (startsInMs !== undefined) {
		const message = `it starts ${seconds(startsInMs)} ahead of the provider's clock; nothing is collected until then`;
		add('start_in_future', 'degraded', message);
	}
	if (forgottenLately > 0) {
		const message = `the provider ignores its time filter: the last poll was shown ${forgottenLately} events older than what is remembered; they are not shipped again`;
		add('filter_ignored', 'degraded', message);
	}
	return problems;
}

function ofPaused(source: string, paused: PausedSnapshot, at: number): HealthProblem {
	const told = { severity: 'degraded', source, ...sinceOf(paused.sinceMs), fix: resumeIt(source) } as const;
	return { rule: 'source_paused', ...told, message: pausedText(paused, at) };
}

export function lagLimitMs(stream: StreamSnapshot): number {
	return stream.latenessMs + patienceMs(stream);
}

function patienceMs({ pollIntervalMs }: StreamSnapshot): number {
	return Math.max(FROZEN_AFTER_POLLS * pollIntervalMs, FROZEN_AFTER_MS);
}

const BACKGROUND: Record<Background, string> = {
	backfill: 'the back-fill does not go on',
	verify: 'completeness cannot be checked',
};

const fixOf = (failing: { fix?: string } | undefined) => (failing?.fix === undefined ? {} : { fix: failing.fix });

function ofDestination(destination: DestinationSnapshot, at: number): HealthProblem[] {
	const { name, state, since, lastError, oldestUnacknowledgedMs } = destination;
	const problems: HealthProblem[] = [];
	const error = lastError?.message ?? 'no answer yet';
	const add = (rule: Rule, severity: HealthProblem['severity'], message: string, sinceMs: number) =>
		void problems.push({ rule, severity, destination: name, ...sinceOf(sinceMs), message, ...fixOf(lastError) });

	if (state === 'halted') add('destination_halted', 'not_ready', error, since);
	if (oldestUnacknowledgedMs > UNACKNOWLEDGED_MS) {
		const late = `a record has waited for ${seconds(oldestUnacknowledgedMs)}, more than ${seconds(UNACKNOWLEDGED_MS)}`;
		add('unacknowledged', 'not_ready', late, at - oldestUnacknowledgedMs);
	}
	if (state === 'degraded')
		add('destination_degraded', 'degraded', `nothing but failures for 5 minutes: ${error}`, since);
	return problems;
}

/** What is over is not repaired by that: it waits until it is acknowledged. */
function ofMatter({ rule, source, sinceMs, message, fix }: Matter): HealthProblem {
	return { rule, severity: 'degraded', source, ...sinceOf(sinceMs), message, fix };
}

function ofNotification({ name: notification, failure }: NotificationStatus): HealthProblem[] {
	if (!failure) return [];
	const message = `the notification ${notification} reaches nobody: ${failure.reason}`;
	const fix = `audit-relay notify test ${notification}`;
	const rule = 'notification_failing';
	return [{ rule, severity: 'degraded', notification, ...sinceOf(failure.sinceMs), message, fix }];
}

const iso = (ms: number) => formatInstant(fromMillis(ms), 0);
const sinceOf = (ms: number | undefined) => (ms === undefined ? {} : { since: iso(ms) });

function seconds(ms: number): string {
	return `${Math.round(ms / 1000)} s`;
}
