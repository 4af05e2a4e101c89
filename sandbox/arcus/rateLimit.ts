/** Sliding window per key with a burst per second. */
import { arcusError, type ArcusKey } from './keys';
import type { SimReply } from '../api';
import type { ArcusSwitches, RateLimit } from './switches';

const tiers: Record<ArcusKey['tier'], RateLimit> = {
	test: { perMinute: 60, perSecond: 10 },
	standard: { perMinute: 300, perSecond: 50 },
	elevated: { perMinute: 1200, perSecond: 100 },
};

export interface Limiter {
	/** Counts the request and answers with the headers of every reply, and the refusal if there is one. */
	take(key: ArcusKey, now: number): { headers: Record<string, string>; refusal?: SimReply };
}

export function limiter(switches: ArcusSwitches): Limiter {
	const taken = new Map<string, number[]>();
	return {
		take(key, now) {
			const limit = limitOf(key, switches);
			// a refused request does not count, or an impatient client would never get in again
			const recent = (taken.get(key.key) ?? []).filter((at) => at > now - 60_000);
			taken.set(key.key, recent);
			const lastSecond = recent.filter((at) => at > now - 1000);
			const waitMs = Math.max(
				recent.length >= limit.perMinute ? recent[recent.length - limit.perMinute]! + 60_000 - now : 0,
				lastSecond.length >= limit.perSecond ? lastSecond[lastSecond.length - limit.perSecond]! + 1000 - now : 0,
			);
			if (waitMs <= 0) recent.push(now);
			const headers = {
				'x-ratelimit-limit': String(limit.perMinute),
				'x-ratelimit-remaining': String(Math.max(0, limit.perMinute - recent.length)),
				'x-ratelimit-reset': String(Math.ceil(((recent[0] ?? now) + 60_000) / 1000)),
			};
			if (waitMs <= 0) return { headers };
			const seconds = Math.ceil(waitMs / 1000);
			const hint = `Rate limit exceeded. Retry after ${seconds} seconds.`;
			const refusal = arcusError(429, 'rate_limit_exceeded', { type: 'rate_limit', hint });
			return { headers: { ...headers, 'retry-after': String(seconds) }, refusal };
		},
	};
}

function limitOf(key: ArcusKey, switches: ArcusSwitches): RateLimit {
	if (switches.rateLimit === 'tier') return tiers[key.tier];
	return switches.rateLimit === 'off' ? { perMinute: 1e9, perSecond: 1e9 } : switches.rateLimit;
}
