/** What a server says about time in its headers. All results are relative to the answer, so skewed clocks do no harm. */
import type { Nanos } from '../contract';
import { fromMillis } from '../time';

type Headers = Readonly<Record<string, string | undefined>>;

/** IMF-fixdate and the two older forms of RFC 9110 all begin with the day's name; `Date.parse` alone accepts almost anything. */
const HTTP_DATE = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? /i;
const DECIMAL = /^\d{1,15}(?:\.\d{1,9})?$/;

/** Milliseconds since the epoch of an HTTP date. */
function httpDateMs(value: string | undefined): number | undefined {
	if (value === undefined || value.length > 40 || !HTTP_DATE.test(value)) return undefined;
	const ms = Date.parse(value);
	return Number.isNaN(ms) ? undefined : ms;
}

/** The server's clock (`Date`), whole seconds rounded down. */
export function serverTime(headers: Headers): Nanos | undefined {
	const ms = httpDateMs(headers['date']);
	return ms === undefined ? undefined : fromMillis(ms);
}

/**
 * `Retry-After` in milliseconds from the answer on, never negative. Takes both forms of RFC 9110 §10.2.3: seconds, and an HTTP
 * date, which is compared with the same answer's `Date`, or with `now` (ms since the epoch) when that is missing.
 */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
	const value = headers['retry-after']?.trim();
	if (!value) return undefined;
	if (DECIMAL.test(value)) return Math.ceil(Number(value) * 1000);
	const at = httpDateMs(value);
	return at === undefined ? undefined : Math.max(0, at - (httpDateMs(headers['date']) ?? now));
}

/**
 * `X-RateLimit-Reset` in milliseconds from the answer on, never negative. Most send Unix seconds; a number too small to be a
 * date of this century counts as seconds from now, as in the IETF draft's `RateLimit-Reset`.
 */
export function resetMs(headers: Headers, now: number): number | undefined {
	const value = (headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'])?.trim();
	if (!value || !DECIMAL.test(value)) return undefined;
	const seconds = Number(value);
	if (seconds < 946_684_800) return Math.ceil(seconds * 1000);
	return Math.max(0, Math.ceil(seconds * 1000) - (httpDateMs(headers['date']) ?? now));
}

/** `X-RateLimit-Remaining`: requests left until the reset. */
export function remaining(headers: Headers): number | undefined {
	const value = /^\s*(\d{1,15})(?!\d)/.exec(headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining'] ?? '');
	return value ? Number(value[1]) : undefined;
}
