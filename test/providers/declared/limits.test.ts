import type { HttpResponse } from '../../../core/contract';
import { limitReader } from '../../../providers/declared/limits';
import { remaining, resetMs } from '../../../core/http/retryAfter';

const NOW = Date.parse('2026-03-02T08:15:30Z');

function read(limits: Partial<Parameters<typeof limitReader>[0]>, response: Partial<HttpResponse>): HttpResponse {
	return limitReader({ perMinute: 60, ...limits })({ status: 200, headers: {}, body: Buffer.of(), ...response }, NOW);
}

test.each([
	['seconds since 1970', 'epoch', String(NOW / 1000 + 7)],
	['milliseconds since 1970', 'epoch-ms', String(NOW + 7000)],
	['seconds until then', 'seconds', '7'],
	['with a fraction', 'seconds', '6.5'],
	['a date', 'date', '2026-03-02T08:15:37Z'],
	['a date of HTTP', 'date', 'Mon, 02 Mar 2026 08:15:37 GMT'],
	['the first number of several', 'seconds', '7, 160;w=1'],
] as const)('the reset as %s', (_name, resetAs, value) => {
	const { headers } = read({ reset: 'x-reset', resetAs }, { headers: { 'x-reset': value } });
	expect(resetMs(headers, NOW)).toBe(value === '6.5' ? 6500 : 7000);
});

test('a date to the minute, and one by the clock of the provider', () => {
	const toTheMinute = read({ reset: 'x-reset', resetAs: 'date' }, { headers: { 'x-reset': '2026-03-02T08:16Z' } });
	expect(resetMs(toTheMinute.headers, NOW)).toBe(30_000);
	const ahead = { date: new Date(NOW + 60_000).toUTCString(), 'x-reset': String(NOW / 1000 + 67) };
	expect(resetMs(read({ reset: 'x-reset' }, { headers: ahead }).headers, NOW)).toBe(7000);
});

test('a reset in the past is no wait, and one that is no time says nothing', () => {
	expect(resetMs(read({ reset: 'x-reset' }, { headers: { 'x-reset': '1600000000' } }).headers, NOW)).toBe(0);
	expect(resetMs(read({ reset: 'x-reset' }, { headers: { 'x-reset': 'soon' } }).headers, NOW)).toBeUndefined();
	expect(remaining(read({ remaining: 'x-left' }, { headers: { 'x-left': '12, 160;w=1' } }).headers)).toBe(12);
});

describe('403 as a limit', () => {
	const limits = { limited: [429, 403, '403 quotaExceeded'], remaining: 'x-left' } as const;
	test.each<[string, Partial<HttpResponse>, number]>([
		['none remain', { headers: { 'x-left': '0' } }, 429],
		['it says when to come back', { headers: { 'retry-after': '5' } }, 429],
		['it says so in words', { body: Buffer.from('{"error":{"reason":"quotaExceeded"}}') }, 429],
		['it is a key that may not read', { headers: { 'x-left': '20' }, body: Buffer.from('{"message":"no"}') }, 403],
	])('%s', (_name, response, status) => {
		expect(read(limits, { ...response, status: 403 }).status).toBe(status);
	});
	test('undeclared, it is none', () => {
		expect(read({ remaining: 'x-left' }, { status: 403, headers: { 'x-left': '0' } }).status).toBe(403);
	});
});
