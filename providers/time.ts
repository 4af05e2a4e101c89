/** Instants as integer nanoseconds, to and from ISO 8601 text. */
import type { Nanos } from './contract';

const ISO = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9})\d*)?(Z|z|[+-]\d{2}(?::?\d{2})?)?$/;

const MS: Nanos = 1_000_000n;
export const SECOND: Nanos = 1_000_000_000n;
export const DAY: Nanos = 86_400n * SECOND;

/**
 * ISO 8601 date and time with 0 to 9 fraction digits (Arpio drops a zero fraction, AuditAPI may send offsets).
 * Text without a zone is read as UTC. Undefined for anything else, also for days that do not exist.
 */
export function parseInstant(text: unknown): Nanos | undefined {
	if (typeof text !== 'string') return undefined;
	const match = ISO.exec(text);
	if (!match) return undefined;
	const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = match;
	const [h, m, s] = [Number(hour), Number(minute), Number(second)];
	if (h > 23 || m > 59 || s > 59) return undefined;
	const midnight = new Date(0);
	midnight.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
	if (midnight.getUTCMonth() !== Number(month) - 1 || midnight.getUTCDate() !== Number(day)) return undefined;
	const seconds = midnight.getTime() / 1000 + h * 3600 + m * 60 + s - offsetSeconds(zone);
	return BigInt(seconds) * SECOND + BigInt(fraction.padEnd(9, '0') || 0);
}

function offsetSeconds(zone: string): number {
	if (zone === 'Z' || zone === 'z') return 0;
	const sign = zone.startsWith('-') ? -1 : 1;
	const digits = zone.slice(1).replace(':', '');
	return sign * (Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2) || 0) * 60);
}

/** UTC with `Z` and the given number of fraction digits; finer parts are cut. */
export function formatInstant(instant: Nanos, digits: 0 | 3 | 6 | 9 = 6): string {
	const [seconds, nanos] = toHrTime(instant);
	const base = new Date(seconds * 1000).toISOString().slice(0, -5);
	return digits === 0 ? `${base}Z` : `${base}.${String(nanos).padStart(9, '0').slice(0, digits)}Z`;
}

/** Seconds and nanoseconds, the nanoseconds never negative. */
export function toHrTime(instant: Nanos): [seconds: number, nanos: number] {
	const nanos = ((instant % SECOND) + SECOND) % SECOND;
	return [Number((instant - nanos) / SECOND), Number(nanos)];
}

/** Calendar day in UTC, `YYYY-MM-DD`. */
export function utcDay(instant: Nanos): string {
	return formatInstant(instant, 0).slice(0, 10);
}

export function fromMillis(ms: number): Nanos {
	return BigInt(Math.round(ms)) * MS;
}

export function toMillis(instant: Nanos): number {
	return Number(instant / MS);
}
