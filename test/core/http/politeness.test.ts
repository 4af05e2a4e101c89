import { inspect } from 'node:util';
import type { HttpRequest } from '../../../core/contract';
import { RequestError } from '../../../core/http/failure';
import { createDomain, polite, type DomainOptions } from '../../../core/http/politeness';
import { answering, ok, refused, START, testClock } from './testClock';

const GET: HttpRequest = { method: 'GET', path: '/x' };
const POST: HttpRequest = { method: 'POST', path: '/x' };

/** Unpaced, random always 0.5 unless told otherwise. */
function setUp(options: Partial<DomainOptions> = {}) {
	const clock = testClock();
	const domain = createDomain({ clock, random: () => 0.5, requestsPerMinute: Infinity, ...options });
	return { clock, domain };
}

const networkError = () => new RequestError({ ...GET, method: 'GET', kind: 'network', code: 'ECONNRESET' });

describe('retries', () => {
	it('repeats a transient failure with full jitter that doubles', async () => {
		const { clock, domain } = setUp();
		const call = answering(networkError(), refused(500), refused(408), ok);
		await expect(polite(call, domain)(GET)).resolves.toBe(ok);
		expect(clock.slept).toEqual([500, 1000, 2000]);
		expect(domain.requests).toBe(4);
		expect(domain.rateLimitedMs).toBe(0);
	});

	it.each([
		[0, 0],
		[0.999, 60_000 * 0.999],
	])('keeps the wait between zero and the cap (random %d)', async (random, last) => {
		const { clock, domain } = setUp({ random: () => random, retries: 10 });
		await expect(polite(answering(networkError()), domain)(GET)).rejects.toThrow('no connection');
		expect(clock.slept).toHaveLength(10);
		expect(clock.slept.at(-1)).toBe(last);
	});

	it('gives up after four repeats with the last failure, without a further wait', async () => {
		const { clock, domain } = setUp();
		const call = answering(refused(502), refused(502), refused(502), refused(502), refused(504));
		await expect(polite(call, domain)(GET)).rejects.toMatchObject({ failure: { status: 504 } });
		expect(call).toHaveBeenCalledTimes(5);
		expect(clock.slept).toHaveLength(4);
	});

	it('tries as often and as long as its own caller wants, whatever others want who share the limits', async () => {
		const { clock, domain } = setUp({ retries: 4 });
		const often = answering(networkError());
		await expect(polite(often, domain, undefined, { retries: 1 })(GET)).rejects.toThrow('no connection');
		expect(often).toHaveBeenCalledTimes(2);
		const long = answering(networkError());
		const began = clock.now();
		await expect(polite(long, domain, undefined, { keepTryingMs: 700 })(GET)).rejects.toThrow('no connection');
		expect(clock.now() - began).toBe(700);
	});

	it.each([400, 401, 402, 403, 404, 422, 501])('does not repeat %d', async (status) => {
		const { domain } = setUp();
		const call = answering(refused(status));
		await expect(polite(call, domain)(GET)).rejects.toMatchObject({ failure: { status } });
		expect(call).toHaveBeenCalledTimes(1);
	});

	it('does not repeat a programming error', async () => {
		const { domain } = setUp();
		const call = answering(new RangeError('bug'));
		await expect(polite(call, domain)(GET)).rejects.toThrow('bug');
		expect(call).toHaveBeenCalledTimes(1);
	});
});

describe('requests that are not idempotent', () => {
	it.each([
		['a lost connection', networkError()],
		['500', refused(500)],
		['503 without Retry-After', refused(503)],
		['an unreadable answer', new RequestError({ ...POST, kind: 'malformed', status: 200, detail: 'x' })],
	])('are not repeated blindly after %s', async (_name, error) => {
		const { domain } = setUp();
		const call = answering(error, ok);
		await expect(polite(call, domain)(POST)).rejects.toBe(error);
		expect(call).toHaveBeenCalledTimes(1);
	});

	it.each([
		['429', refused(429)],
		['503 with Retry-After', refused(503, { retryAfterMs: 1000 })],
	])('are repeated after %s, which proves that nothing was done', async (_name, error) => {
		const { domain } = setUp();
		await expect(polite(answering(error, ok), domain)(POST)).resolves.toBe(ok);
	});

	it('are repeated when the caller calls them idempotent', async () => {
		const { domain } = setUp();
		await expect(polite(answering(refused(500), ok), domain)({ ...POST, idempotent: true })).resolves.toBe(ok);
	});
});

describe('pause of the whole domain', () => {
	it.each([
		['Retry-After', { retryAfterMs: 12_000 }, 12_000],
		['the reset header', { resetMs: 40_000, retryAfterMs: 12_000 }, 40_000],
		['at most five minutes for a reset header', { resetMs: 4_000_000 }, 300_000],
		['at most an hour for Retry-After', { retryAfterMs: 86_400_000 }, 3_600_000],
		['our own back-off without any header', {}, 500],
	])('lasts for %s', async (_name, waits, expected) => {
		for (const status of [429, 503]) {
			const { clock, domain } = setUp();
			await polite(answering(refused(status, waits), ok), domain)(GET);
			expect(clock.slept).toEqual([expected]);
			expect(domain.pausedUntil).toBe(START + expected);
			expect(domain.rateLimitedMs).toBe(expected);
		}
	});

	it('holds back every other request of the domain, also one that is queued already', async () => {
		const { clock, domain } = setUp({ maxConcurrent: 1, retries: 0 });
		const starts: [string, number][] = [];
		const call = polite(async ({ path }) => {
			starts.push([path, clock.now() - START]);
			if (path === '/first') throw refused(429, { retryAfterMs: 30_000 });
			return ok;
		}, domain);
		const first = call({ method: 'GET', path: '/first' });
		const queued = call({ method: 'GET', path: '/queued' });
		await expect(first).rejects.toMatchObject({ failure: { status: 429 } });
		await Promise.all([queued, call({ method: 'GET', path: '/later' })]);
		expect(starts).toEqual([
			['/first', 0],
			['/queued', 30_000],
			['/later', 30_000],
		]);
	});

	it('counts overlapping pauses once', () => {
		const { domain } = setUp();
		domain.pause(10_000);
		domain.pause(4000);
		domain.pause(15_000);
		expect(domain.rateLimitedMs).toBe(15_000);
	});

	it('does not outlast a wall clock that was set back', async () => {
		let now = START;
		const slept: number[] = [];
		const clock = { now: () => now, sleep: async (ms: number) => void (slept.push(ms), (now += ms)) };
		const domain = createDomain({ clock, requestsPerMinute: Infinity });
		domain.pause(60_000);
		now -= 86_400_000;
		await polite(answering(ok), domain)(GET);
		expect(slept).toEqual([60_000]);
	});

	it('begins before being refused, when the last request was used', async () => {
		const { clock, domain } = setUp();
		const last = { ...ok, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(START / 1000 + 20) } };
		const call = polite(answering(last, ok), domain);
		await call(GET);
		expect(clock.slept).toEqual([]);
		await call(GET);
		expect(clock.slept).toEqual([20_000]);
	});

	it('leaves the reserve to others', async () => {
		const { domain } = setUp({ reserve: 50 });
		const headers = { 'x-ratelimit-remaining': '50', 'x-ratelimit-reset': String(START / 1000 + 20) };
		await polite(answering({ ...ok, headers }), domain)(GET);
		expect(domain.pausedUntil).toBe(START + 20_000);
	});

	it('does not begin while requests are left', async () => {
		const { domain } = setUp();
		const headers = { 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': String(START / 1000 + 20) };
		await polite(answering({ ...ok, headers }), domain)(GET);
		expect(domain.pausedUntil).toBe(0);
	});
});

describe('abort', () => {
	/** A clock whose sleeps end only by the signal. */
	const frozen = () => ({
		now: () => START,
		sleep: (_ms: number, signal?: AbortSignal) =>
			new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve())),
	});
	const stopped = { failure: { kind: 'aborted', method: 'GET', path: '/x' } };

	it.each([
		['in the pause after 429', refused(429, { retryAfterMs: 1000 })],
		['in the back-off', refused(500)],
	])('ends a wait %s', async (_name, error) => {
		const controller = new AbortController();
		const domain = createDomain({ clock: frozen(), requestsPerMinute: Infinity });
		const call = answering(error);
		const result = polite(call, domain)({ ...GET, signal: controller.signal });
		while (call.mock.calls.length === 0) await new Promise(setImmediate);
		await new Promise(setImmediate);
		controller.abort();
		await expect(result).rejects.toMatchObject(stopped);
		expect(call).toHaveBeenCalledTimes(1);
	});

	it('ends a wait in the queue', async () => {
		const controller = new AbortController();
		const domain = createDomain({ clock: frozen(), requestsPerMinute: Infinity, maxConcurrent: 1 });
		let finish = () => {};
		const call = jest.fn(() => new Promise<typeof ok>((resolve) => (finish = () => resolve(ok))));
		const first = polite(call, domain)(GET);
		const queued = polite(call, domain)({ ...GET, signal: controller.signal });
		while (call.mock.calls.length === 0) await new Promise(setImmediate);
		controller.abort();
		await expect(queued).rejects.toMatchObject(stopped);
		finish();
		await first;
		await new Promise(setImmediate);
		expect(call).toHaveBeenCalledTimes(1);
	});

	it('starts nothing when the signal was aborted before', async () => {
		const { domain } = setUp();
		const call = answering(ok);
		await expect(polite(call, domain)({ ...GET, signal: AbortSignal.abort() })).rejects.toMatchObject(stopped);
		await new Promise(setImmediate);
		expect(call).not.toHaveBeenCalled();
	});
});

it('adds nothing secret to an error', async () => {
	const { domain } = setUp({ retries: 1 });
	const error: unknown = await polite(
		answering(refused(500)),
		domain,
	)({ ...GET, query: { key: 'hush' } }).catch((thrown: unknown) => thrown);
	expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hush');
});
