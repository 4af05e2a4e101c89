/** Date and time parameters as instants. */
import type { Nanos } from '../../core/contract';
import { fromMillis, parseInstant } from '../../core/time';
import { InvalidInput } from './errors';

const ZONED = /(?:z|[+-]\d{2}:?\d{2})$/i;

/**
 * What a date picker or an expression gives: text with or without a zone, a `Date` or a Luxon `DateTime`. Text without a zone
 * means the workflow's time zone, as everywhere in n8n. Up to nanoseconds are kept. Undefined for an empty parameter.
 */
export function instant(label: string, value: unknown, timezone: string): Nanos | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	const plain = textOf(value).trim();
	const text = /^\d{4}-\d{2}-\d{2}$/.test(plain) ? `${plain}T00:00:00` : plain;
	const precise = parseInstant(/T\d{2}:\d{2}(?:Z|[+-]|$)/.test(text) ? text.replace(/(T\d{2}:\d{2})/, '$1:00') : text);
	if (precise === undefined) {
		throw new InvalidInput(
			`${label} is not a date and time`,
			`Use ISO 8601, for example 2026-02-11T09:14:07Z. It was: ${text.slice(0, 60)}`,
		);
	}
	return ZONED.test(text) ? precise : precise - fromMillis(offsetMs(Number(precise / 1_000_000n), timezone));
}

/** A date that is none has no text of its own: `toISOString` throws then, and Luxon's gives null. */
function textOf(value: unknown): string {
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
	const { toISO } = value as { toISO?: () => string | null };
	return typeof toISO === 'function' ? (toISO.call(value) ?? 'Invalid DateTime') : String(value);
}

/**
 * What a zone's clocks show minus UTC at a wall-clock time given in milliseconds as if it were UTC. A time that the clocks skip is as
 * much later as they are put forward, as in n8n's own date functions: 02:30 is 03:30 then.
 */
function offsetMs(wallMs: number, timezone: string): number {
	const offsetAt = (ms: number) => shownMs(ms, timezone) - ms;
	const before = offsetAt(wallMs - offsetAt(wallMs));
	const after = offsetAt(wallMs - before);
	return Math.min(before, after);
}

function shownMs(ms: number, timeZone: string): number {
	const format = new Intl.DateTimeFormat('en-US', {
		timeZone,
		hourCycle: 'h23',
		year: 'numeric',
		month: 'numeric',
		day: 'numeric',
		hour: 'numeric',
		minute: 'numeric',
		second: 'numeric',
	});
	const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
	const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
	return Date.UTC(year, month - 1, day, hour, minute, second) + (ms % 1000);
}
