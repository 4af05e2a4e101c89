import { remaining, resetMs, retryAfterMs, serverTime } from '../../../core/http/retryAfter';

const NOW = Date.UTC(2026, 1, 11, 9);

describe('Retry-After', () => {
	it.each([
		['12', 12_000],
		[' 0 ', 0],
		['1.5', 1500],
		['Wed, 11 Feb 2026 09:00:30 GMT', 30_000],
		['Wed, 11 Feb 2026 08:59:00 GMT', 0],
		['Wednesday, 11-Feb-26 09:00:30 GMT', 30_000],
	])('reads %j', (value, expected) => {
		expect(retryAfterMs({ 'retry-after': value }, NOW)).toBe(expected);
	});

	it.each(['', 'soon', '-5', '2026-02-11', 'NaN', '1e9', 'Wed, nonsense', '9'.repeat(5000)])('ignores %j', (value) => {
		expect(retryAfterMs({ 'retry-after': value }, NOW)).toBeUndefined();
	});

	it('compares a date with the clock that wrote it', () => {
		const headers = { 'retry-after': 'Wed, 11 Feb 2026 12:00:07 GMT', date: 'Wed, 11 Feb 2026 12:00:00 GMT' };
		expect(retryAfterMs(headers, NOW)).toBe(7000);
	});
});

describe('rate limit headers', () => {
	it('reads the reset as Unix seconds', () => {
		expect(resetMs({ 'x-ratelimit-reset': String(NOW / 1000 + 60) }, NOW)).toBe(60_000);
	});

	it('takes a reset in the past for now', () => {
		expect(resetMs({ 'x-ratelimit-reset': String(NOW / 1000 - 60) }, NOW)).toBe(0);
	});

	it('reads a small reset as seconds from now', () => {
		expect(resetMs({ 'ratelimit-reset': '30' }, NOW)).toBe(30_000);
	});

	it.each([
		['0', 0],
		['17', 17],
		['17;w=60', 17],
		['', undefined],
		['many', undefined],
	])('reads %j requests left', (value, expected) => {
		expect(remaining({ 'x-ratelimit-remaining': value })).toBe(expected);
	});
});

it("reads the server's clock", () => {
	expect(serverTime({ date: 'Wed, 11 Feb 2026 09:00:00 GMT' })).toBe(1_770_800_400_000_000_000n);
	expect(serverTime({ date: '7' })).toBeUndefined();
	expect(serverTime({})).toBeUndefined();
});
