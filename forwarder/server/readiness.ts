/** The rules by which /readyz answers (docs/operations.md). Pure: the same snapshot always gives the same answer. */
import type { DestinationSnapshot, Snapshot, StreamSnapshot } from '../run/snapshot';
import { MAX_SKEW_MS } from '../run/monitor';

/** A watermark further behind than lateness + the larger of these two does not move. */
export const FROZEN_AFTER_POLLS = 10;
export const FROZEN_AFTER_MS = 5 * 60_000;
/** A batch that waits for longer is not merely on its way. */
export const UNACKNOWLEDGED_MS = 15 * 60_000;

export type Rule =
	| 'fatal'
	| 'stopping'
	| 'starting'
	| 'source_refused'
	| 'watermark_frozen'
	| 'destination_halted'
	| 'unacknowledged'
	| 'store_not_writable'
	| 'destination_degraded'
	| 'destination_unknown'
	| 'outbox_full'
	| 'clock_skew'
	| 'filter_ignored'
	| 'start_in_future'
	| 'state_set_aside';

export interface Problem {
	rule: Rule;
	/** `degraded`: somebody should look, but it does its work. */
	severity: 'not_ready' | 'degraded';
	source?: string;
	destination?: string;
	/** For people. No secrets. */
	message: string;
}

export type Readiness = 'ready' | 'degraded' | 'not_ready';

/** What is wrong, the worst first. Empty: all is well. */
export function readiness(snapshot: Snapshot): Problem[] {
	const problems = [
		...ofProcess(snapshot),
		...snapshot.streams.flatMap(ofStream),
		...snapshot.destinations.flatMap(ofDestination),
	];
	return [...problems.filter(isBlocking), ...problems.filter((problem) => !isBlocking(problem))];
}

export function stateOf(problems: readonly Problem[]): Readiness {
	if (problems.some(isBlocking)) return 'not_ready';
	return problems.length ? 'degraded' : 'ready';
}

export function isBlocking({ severity }: Problem): boolean {
	return severity === 'not_ready';
}

function ofProcess({ fatal, stopping, writeFailure, orphans, outboxFull, setAside }: Snapshot): Problem[] {
	const problems: Problem[] = [];
	if (fatal !== undefined) problems.push({ rule: 'fatal', severity: 'not_ready', message: fatal });
	if (stopping) problems.push({ rule: 'stopping', severity: 'not_ready', message: 'told to stop' });
	if (writeFailure) {
		const message = `the last write to the state failed: ${writeFailure.message}`;
		problems.push({ rule: 'store_not_writable', severity: 'not_ready', message });
	}
	if (outboxFull) {
		const message = 'polling waits until destinations have taken something';
		problems.push({ rule: 'outbox_full', severity: 'degraded', message });
	}
	if (setAside !== undefined) {
		const message = `the state file was unreadable and is kept as ${setAside}; every source began again at its start`;
		problems.push({ rule: 'state_set_aside', severity: 'degraded', message });
	}
	for (const { name, waiting } of orphans) {
		const message = `${waiting} batches wait for it, but the configuration does not name it`;
		problems.push({ rule: 'destination_unknown', severity: 'degraded', destination: name, message });
	}
	return problems;
}

function ofStream(stream: StreamSnapshot): Problem[] {
	const { name, counts, lagMs, pausedMs, startsInMs } = stream;
	const { failure, skewMs, forgottenLately } = counts;
	const why = [
		failure && `: ${failure.message}`,
		pausedMs > 0 && `; the provider asked for a pause of ${seconds(pausedMs)} more`,
	];
	const because = why.filter(Boolean).join('');
	const problems: Problem[] = [];
	const add = (rule: Rule, severity: Problem['severity'], message: string) =>
		void problems.push({ rule, severity, source: name, message });

	if (failure?.kind === 'refused') {
		add('source_refused', 'not_ready', failure.fix ? `${failure.message}; ${failure.fix}` : failure.message);
	} else if (counts.polls.succeeded === 0) {
		add('starting', 'not_ready', `no poll has ended well since the start${because}`);
	}
	// before that, reading the past may take hours and is no standstill
	if (counts.polls.succeeded > 0 && lagMs !== undefined && lagMs > lagLimitMs(stream)) {
		const far = `the watermark is ${seconds(lagMs)} behind, more than ${seconds(lagLimitMs(stream))}`;
		add('watermark_frozen', 'not_ready', far + because);
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

export function lagLimitMs({ latenessMs, pollIntervalMs }: StreamSnapshot): number {
	return latenessMs + Math.max(FROZEN_AFTER_POLLS * pollIntervalMs, FROZEN_AFTER_MS);
}

function ofDestination({ name, state, lastError, oldestUnacknowledgedMs }: DestinationSnapshot): Problem[] {
	const problems: Problem[] = [];
	const error = lastError?.message ?? 'no answer yet';
	const add = (rule: Rule, severity: Problem['severity'], message: string) =>
		void problems.push({ rule, severity, destination: name, message });

	if (state === 'halted') add('destination_halted', 'not_ready', error);
	if (oldestUnacknowledgedMs > UNACKNOWLEDGED_MS) {
		const late = `a batch has waited for ${seconds(oldestUnacknowledgedMs)}, more than ${seconds(UNACKNOWLEDGED_MS)}`;
		add('unacknowledged', 'not_ready', late);
	}
	if (state === 'degraded') add('destination_degraded', 'degraded', `nothing but failures for 5 minutes: ${error}`);
	return problems;
}

function seconds(ms: number): string {
	return `${Math.round(ms / 1000)} s`;
}
