/** When sources are polled: spread over their interval, so that hundreds of tenants do not ask in the same second. */
import { hash } from 'node:crypto';

/** So many sources are polled at once. */
const AT_ONCE = 10;
/** First polls against the mean of all that follow: these begin while the last of the first still wait. */
const FIRST_SHARE = 1.5;

/**
 * Milliseconds from the start of the relay to the first poll of one of `count` sources: at once for a few, and for thousands
 * at little more than the rate of the polls that follow.
 */
export function firstPollInMs(at: number, count: number, intervalMs: number): number {
	const perSecond = Math.max(AT_ONCE, (FIRST_SHARE * count * 1000) / intervalMs);
	return Math.round((Math.max(0, at + 1 - AT_ONCE) * 1000) / perSecond);
}

/** The same for each source, in the order of the configuration. */
export function firstPolls<T extends { pollIntervalMs: number }>(sources: readonly T[]): (source: T) => number {
	const at = new Map(sources.map((source, index) => [source, index]));
	return (source) => firstPollInMs(at.get(source) ?? 0, sources.length, source.pollIntervalMs);
}

/**
 * Milliseconds from `now` to the next poll after one that began at `begun`. A source has its own place in the interval, the same
 * in every process and after every restart, so polls stay spread whatever held them up together. The wait is half to one and a
 * half intervals from `begun` the first time, and an interval from then on.
 */
export function nextPollInMs(name: string, intervalMs: number, begun: number, now: number): number {
	const earliest = begun + intervalMs / 2;
	const place = placeOf(name) * intervalMs;
	const next = earliest + ((((place - earliest) % intervalMs) + intervalMs) % intervalMs);
	// a wall clock that was set back must not stretch the wait
	return Math.min(Math.max(0, next - now), 1.5 * intervalMs);
}

/** At least 0, below 1. */
const placeOf = (name: string) => hash('sha1', name, 'buffer').readUInt32BE() / 2 ** 32;
