/** Instants as integer nanoseconds, to and from ISO 8601 text. */
import type { Nanos } from './contract';

const MS: Nanos = 1_000_000n;
export const SECOND: Nanos = 1_000_000_000n;
export const DAY: Nanos = 86_400n * SECOND;

/**
 * ISO 8601 date and time with 0 to 9 fraction digits (Arpio drops a zero fraction, AuditAPI may send offsets).
 * Text without a zone is read as UTC. Undefined for anything else, also for days that do not exist.
 */
export function parseInstant(text: unknown): Nanos | undefined {
	if (typeof text !== 'string' || !hasSeparators(text)) return undefined;
	const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)];
	const [h, m, s] = [digits(text, 11, 13), digits(text, 14, 16), digits(text, 17, 19)];
	if (!(h <= 23 && m <= 59 && s <= 59 && month >= 1 && month <= 12)) return undefined;
	if (!(day >= 1 && (day <= 28 || day <= daysIn(year, month)))) return undefined;
	const end = fractionEnd(text);
	const offset = offsetSeconds(text, end);
	if (!(year >= 0) || offset === undefined) return undefined;
	const seconds = midnight(year, month, day) / 1000 + h * 3600 + m * 60 + s - offset;
	return BigInt(seconds) * SECOND + BigInt(nanos(text, end));
}

/** By hand: a pattern with a group for each part takes a tenth of the time of reading a page. NaN for anything but digits. */
function digits(text: string, start: number, end: number): number {
	let value = 0;
	for (let at = start; at < end; at++) {
		const digit = text.charCodeAt(at) - 48;
		value = digit >= 0 && digit <= 9 ? value * 10 + digit : NaN;
	}
	return value;
}

function hasSeparators(text: string): boolean {
	const between = text[10];
	if (between !== 'T' && between !== 't' && between !== ' ') return false;
	return text[4] === '-' && text[7] === '-' && text[13] === ':' && text[16] === ':';
}

/** Where the fraction ends: at 19 when there is none. */
function fractionEnd(text: string): number {
	if (text[19] !== '.' && text[19] !== ',') return 19;
	let end = 20;
	while (digits(text, end, end + 1) >= 0) end++;
	return end;
}

/** Digits finer than a nanosecond are cut. */
function nanos(text: string, end: number): number {
	const last = Math.min(end, 29);
	return last <= 20 ? 0 : digits(text, 20, last) * 10 ** (29 - last);
}

function midnight(year: number, month: number, day: number): number {
	// `Date.UTC` takes the years 0 to 99 for 1900 to 1999
	return year > 99 ? Date.UTC(year, month - 1, day) : new Date(0).setUTCFullYear(year, month - 1, day);
}

function daysIn(year: number, month: number): number {
	return new Date(midnight(year, month + 1, 0)).getUTCDate();
}

/** Of the zone that begins at `at`; undefined when that is none. */
function offsetSeconds(text: string, at: number): number | undefined {
	const zone = text.slice(at);
	if (zone === 'Z' || zone === 'z' || zone === '') return 0;
	const [, sign, hours, minutes = '0'] = /^([+-])(\d{2})(?::?(\d{2}))?$/.exec(zone) ?? [];
	if (sign === undefined) return undefined;
	return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
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
