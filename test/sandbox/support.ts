/** A clock turned by hand and short ways to ask the simulated APIs. */
import type { SimReply, SimRequest, SimulatedApi } from '../../sandbox/api';

export interface TestClock {
	now(): number;
	advance(ms: number): void;
}

export const start = Date.UTC(2026, 1, 12);

export function testClock(at = start): TestClock {
	let now = at;
	return {
		now: () => now,
		advance: (ms) => {
			now += ms;
		},
	};
}

export interface Asked extends SimReply {
	readonly data: Record<string, unknown>;
}

/** Sends with the given headers and parses a JSON object or array out of the reply. */
export function asker(api: SimulatedApi, headers: Record<string, string>) {
	return (url: string, more: Partial<SimRequest> = {}): Asked => {
		const reply = api.handle({ method: 'GET', url, ...more, headers: { ...headers, ...more.headers } });
		const isJson = reply.headers['content-type'] === 'application/json' && reply.body !== '';
		return { ...reply, data: isJson ? (JSON.parse(reply.body) as Record<string, unknown>) : {} };
	};
}

export function ids(list: unknown, key = 'id'): string[] {
	return (list as Record<string, string>[]).map((item) => item[key]!);
}

/** Microseconds of `start` plus some milliseconds. */
export function at(offsetMs: number): number {
	return (start + offsetMs) * 1000;
}
