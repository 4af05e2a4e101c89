/** Instants as integer nanoseconds, to and from ISO 8601 text. */
import type { Nanos } from './contract';

const ISO = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:[.,](\d{1,9})\d*)?(Z|z|[+-]\d{2}(?::?\d{2})?)?$/;

const MS: Nanos = 1_000_000n;
export const SECOND: Nanos = 1_000_000_000n;
export const DAY: Nanos = 86_400n * SECOND;

/**
 * ISO 8601 date and time with any number of fraction digits, of which nine count; with `Z` or an offset. Text without a zone is read as UTC. A second 60 is the last nanosecond of its minute: Unix time has no place for it,
 * and so it stays in the minute and the day that the provider filters by. Undefined for anything else, also for days that do not
 * exist.
 */
export function parseInstant(text: unknown): Nanos | undefined {
	if (typeof text !== 'string') return undefined;
	const match = ISO.exec(text);
	if (!match) return undefined;
	const [, digits = '', zone = 'Z'] = match;
	// every event has a time: what stands at a fixed place is read there, for half of what groups of the expression cost
	const [year, month, day] = [two(text, 0) * 100 + two(text, 2), two(text, 5) - 1, two(text, 8)];
	const [hour, minute, stated] = [two(text, 11), two(text, 14), two(text, 17)];
	if (hour > 23 || minute > 59 || stated > 60) return undefined;
	const [second, fraction] = stated === 60 ? [59, '999999999'] : [stated, digits];
	const midnight = new Date(0);
	midnight.setUTCFullYear(year, month, day);
	if (midnight.getUTCMonth() !== month || midnight.getUTCDate() !== day) return undefined;
	const seconds = midnight.getTime() / 1000 + hour * 3600 + minute * 60 + second - offsetSeconds(zone);
	return BigInt(seconds) * SECOND + BigInt(Number(fraction.padEnd(9, '0')));
}

/** Whether 64 bits hold it: those of the state file, and of most that reads OTLP. Whole years, so that there is room to reckon. */
export function isStorable(instant: Nanos): boolean {
	return instant >= EARLIEST && instant < LATEST;
}

const EARLIEST = fromMillis(Date.UTC(1678, 0));
const LATEST = fromMillis(Date.UTC(2262, 0));

/** The number that two digits make. */
function two(text: string, at: number): number {
	const zero = 48;
	return (text.charCodeAt(at) - zero) * 10 + text.charCodeAt(at + 1) - zero;
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
	const [seconds, nanos] = [Number(instant / SECOND), Number(instant % SECOND)];
	return nanos < 0 ? [seconds - 1, nanos + 1e9] : [seconds, nanos];
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
