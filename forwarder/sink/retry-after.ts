/** Longest pause that a receiver can ask for. */
const CAP_MS = 15 * 60_000;

/**
 * `Retry-After` in milliseconds from now on, at most 15 minutes; undefined when absent or unreadable. A date is compared
 * with the receiver's own `Date`, so that a wrong clock on either side does not matter (RFC 9110 §10.2.3).
 */
export function retryAfterMs(headers: Readonly<Record<string, string | undefined>>, now: number): number | undefined {
	const value = headers['retry-after']?.trim();
	if (!value) return undefined;
	if (/^\d+(\.\d+)?$/.test(value)) return Math.min(Number(value) * 1000, CAP_MS);
	const until = Date.parse(value);
	if (Number.isNaN(until)) return undefined;
	const from = Date.parse(headers['date'] ?? '');
	return Math.min(Math.max(0, until - (Number.isNaN(from) ? now : from)), CAP_MS);
}
