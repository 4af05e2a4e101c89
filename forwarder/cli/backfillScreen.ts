/** What is shown of a back-fill while it runs and when it ends. */
import type { Nanos } from '../../providers/contract';
import { formatInstant, fromMillis } from '../../providers/time';
import { formatDuration } from '../config/durations';
import type { Backfill } from '../store/backfills';
import { rangeText } from './backfillRange';

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
export function progressLine(first: Sample, { atMs, job, waiting }: Sample, terminal: boolean): string {
	const seconds = Math.max(0.001, (atMs - first.atMs) / 1000);
	const part = fraction(job);
	const events = job.events - first.job.events;
	const gained = part - fraction(first.job);
	const eta = gained > 0 ? `ETA ${formatDuration(Math.max(1000, ((1 - part) / gained) * seconds * 1000))}` : 'ETA -';
	const full = Math.floor(part * BAR);
	const bar = terminal ? `[${'█'.repeat(full)}${'░'.repeat(BAR - full)}] ` : '';
	const rest = part >= 1 ? `${waiting} batches to ship` : eta;
	const percent = `${(Math.floor(part * 1000) / 10).toFixed(1)} %`;
	return `${bar}${percent}  ${job.events} events  ${Math.round(events / seconds)}/s  ${rest}`;
}

export interface Outcome {
	job: Backfill;
	complete: boolean;
	seconds: number;
	tooOld: { destination: string; count: number }[];
	/** Why it is not complete. */
	troubles: string[];
}

export function outcomeText({ job, complete, seconds, tooOld, troubles }: Outcome): string {
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

export function outcomeJson({ job, complete, seconds, tooOld, troubles }: Outcome): string {
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
	const older = `${name} takes no events older than ${formatDuration(maxEventAgeMs)} (maxEventAge)`;
	if (onTooOld === 'restamp') {
		return `${older}; such events are sent with the time of their receipt, their own time as audit.event.time`;
	}
	return `${older}; such events become dead letters. Set onTooOld: restamp to send them with the time of their receipt`;
}
