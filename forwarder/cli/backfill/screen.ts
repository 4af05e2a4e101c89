/** What is shown of a back-fill while it runs and when it ends. */
import type { Nanos } from '../../../core/contract';
import { formatInstant, fromMillis, toMillis } from '../../../core/time';
import { formatDuration } from '../../../core/durations';
import type { Backfill } from '../../store/backfill';
import { rangeText } from '../../run/range';

const BAR = 24;

export interface Sample {
	atMs: number;
	job: Backfill;
	/** Batches read and not acknowledged. */
	waiting: number;
}

export function fraction({ from, to, done, ended, cancelled }: Backfill): number {
	if (ended !== undefined && !cancelled) return 1;
	return Number(((done - from) * 10_000n) / (to - from)) / 10_000;
}

/** `first`: when watching began, so that an earlier part of the job does not count for the rate. */
export function progressLine(first: Sample, last: Sample, latenessMs: number, terminal: boolean): string {
	const { atMs, job, waiting } = last;
	const seconds = Math.max(0.001, (atMs - first.atMs) / 1000);
	const part = fraction(job);
	const full = Math.floor(part * BAR);
	const bar = terminal ? `[${'█'.repeat(full)}${'░'.repeat(BAR - full)}] ` : '';
	const percent = `${(Math.floor(part * 1000) / 10).toFixed(1)} %`;
	const rate = `${Math.round((job.events - first.job.events) / seconds)}/s`;
	return [`${bar}${percent}`, `${job.events} events`, rate, rest()].join('  ');

	function rest(): string {
		if (part >= 1) return `${waiting} batches to ship`;
		const untilFinal = toMillis(job.to) + latenessMs - atMs;
		if (atMs - toMillis(job.done) < 2 * latenessMs) return `waits ${formatDuration(untilFinal)} for late events`;
		const gained = part - fraction(first.job);
		if (gained <= 0) return 'ETA -';
		return `ETA ${formatDuration(Math.max(1000, untilFinal, ((1 - part) / gained) * seconds * 1000))}`;
	}
}

export interface BackfillOutcome {
	job: Backfill;
	complete: boolean;
	seconds: number;
	tooOld: { destination: string; count: number }[];
	/** Why it is not complete. */
	troubles: string[];
}

export function outcomeText({ job, complete, seconds, tooOld, troubles }: BackfillOutcome): string {
	const counts = `${job.events} events, ${job.pages} pages, ${formatDuration(Math.max(1000, seconds * 1000))}`;
	const head = complete
		? `${job.stream}: ${rangeText(job)} is complete: ${counts}`
		: `${job.stream}: ${rangeText(job)} is ${job.cancelled ? 'cancelled' : 'not complete'}, read up to ` +
			`${formatInstant(job.done, 0)}: ${counts}`;
	const old = tooOld.map(
		({ destination, count }) =>
			`${count} events were too old for ${destination} and are dead letters: audit-relay dead-letters list`,
	);
	return [head, ...old, ...troubles].map((line) => `${line}\n`).join('');
}

export function outcomeJson({ job, complete, seconds, tooOld, troubles }: BackfillOutcome): string {
	const { stream, from, to, done, events, pages, cancelled } = job;
	const result = { source: stream, from, to, done, events, pages, seconds, complete, cancelled, tooOld, troubles };
	const instants = (_key: string, value: unknown) => (typeof value === 'bigint' ? formatInstant(value) : value);
	return `${JSON.stringify(result, instants)}\n`;
}

/** Said before anything is read: what a receiver would drop silently. */
export function tooOldWarning(
	from: Nanos,
	nowMs: number,
	{ name, maxEventAgeMs, onTooOld }: { name: string; maxEventAgeMs?: number; onTooOld?: 'restamp' },
): string | undefined {
	if (maxEventAgeMs === undefined || from >= fromMillis(nowMs - maxEventAgeMs)) return undefined;
	const older = `${name} accepts no events older than ${formatDuration(maxEventAgeMs)} (maxEventAge)`;
	if (onTooOld === 'restamp') {
		return `${older}; such events are sent with the time of their receipt, their own time as audit.event.time`;
	}
	return `${older}; such events become dead letters. Set onTooOld: restamp to send them with the time of their receipt`;
}
