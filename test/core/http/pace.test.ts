import type { HttpRequest } from '../../../core/contract';
import { createDomain, polite, type DomainOptions } from '../../../core/http/politeness';
import { timerClock } from '../../support/timerClock';
import { ok } from './testClock';

const GET: HttpRequest = { method: 'GET', path: '/x' };

/** Unpaced unless told otherwise. */
const setUp = (options: Partial<DomainOptions>) => ({
	domain: createDomain({ clock: timerClock, requestsPerMinute: Infinity, ...options }),
});

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('starts requests no closer than the rate allows', async () => {
	const { domain } = setUp({ requestsPerMinute: 60, maxConcurrent: 5 });
	const starts: number[] = [];
	const call = polite(async () => {
		starts.push(Date.now());
		return ok;
	}, domain);
	const all = Promise.all([call(GET), call(GET), call(GET)]);
	await jest.advanceTimersByTimeAsync(5000);
	await all;
	expect(starts.map((at) => at - starts[0]!)).toEqual([0, 1000, 2000]);
});

it('starts a burst at once after a quiet time, and no more in any minute than the rate allows', async () => {
	const { domain } = setUp({ requestsPerMinute: 60, burst: 10, maxConcurrent: 20 });
	const starts: number[] = [];
	const begun = Date.now();
	const call = polite(async () => {
		starts.push(Date.now() - begun);
		return ok;
	}, domain);
	const all = Promise.all(Array.from({ length: 120 }, () => call(GET)));
	await jest.advanceTimersByTimeAsync(180_000);
	await all;
	expect(starts.slice(0, 12)).toEqual([...Array<number>(10).fill(0), 1176, 2352]);
	const within = (from: number) => starts.filter((at) => at >= from && at < from + 60_000).length;
	expect(Math.max(...starts.map(within))).toBe(60);
	await jest.advanceTimersByTimeAsync(60_000);
	const again = Date.now() - begun;
	await Promise.all(Array.from({ length: 10 }, () => call(GET)));
	expect(starts.slice(-10)).toEqual(Array(10).fill(again));
});

it('keeps a pace that is finer than the clock on the whole', async () => {
	const { domain } = setUp({ requestsPerMinute: 90_000 });
	const begun = Date.now();
	const call = polite(async () => ok, domain);
	const all = Promise.all(Array.from({ length: 300 }, () => call(GET)));
	await jest.advanceTimersByTimeAsync(1000);
	await all;
	expect(Date.now() - begun).toBe(1000);
	expect(domain.requests).toBe(300);
});

it('lets a live request wait for one background request at most', async () => {
	const { domain } = setUp({ requestsPerMinute: 60, maxConcurrent: 5 });
	const order: string[] = [];
	const call = async ({ path }: HttpRequest) => {
		order.push(path);
		return ok;
	};
	const [live, background] = [polite(call, domain), polite(call, domain, 'background')];
	const past = [1, 2, 3].map((n) => background({ method: 'GET', path: `/past${n}` }));
	await jest.advanceTimersByTimeAsync(10);
	const all = Promise.all([...past, live({ method: 'GET', path: '/live' })]);
	await jest.advanceTimersByTimeAsync(5000);
	await all;
	expect(order).toEqual(['/past1', '/past2', '/live', '/past3']);
});

it('gives half of the rate to a live walk that asks all the time', async () => {
	const { domain } = setUp({ requestsPerMinute: 60 });
	const count = { live: 0, background: 0 };
	const asking = (urgency: 'live' | 'background') => async () => {
		const call = polite(async () => ok, domain, urgency);
		for (; Date.now() < end; count[urgency]++) await call(GET);
	};
	const end = Date.now() + 60_000;
	const all = Promise.all([asking('live')(), asking('background')(), asking('background')()]);
	await jest.advanceTimersByTimeAsync(70_000);
	await all;
	expect(count.live).toBeGreaterThanOrEqual(count.background - 1);
	expect(count.background).toBeGreaterThan(20);
});

it('goes on when the wall clock is set back, whenever that happens', async () => {
	const { domain } = setUp({ requestsPerMinute: 600, maxConcurrent: 1 });
	let release = () => {};
	const held = domain.admit(GET, () => new Promise<string>((done) => (release = () => done('held'))));
	const waiting = (['live', 'background'] as const).map((urgency) => domain.admit(GET, async () => urgency, urgency));
	await jest.advanceTimersByTimeAsync(1000);
	jest.setSystemTime(Date.now() - 3_600_000);
	release();
	await jest.advanceTimersByTimeAsync(1000);
	await expect(Promise.all([held, ...waiting])).resolves.toEqual(['held', 'live', 'background']);
	for (const urgency of ['live', 'background'] as const) {
		const begun = domain.admit(GET, async () => urgency, urgency);
		jest.setSystemTime(Date.now() - 3_600_000);
		await jest.advanceTimersByTimeAsync(1000);
		await expect(begun).resolves.toBe(urgency);
	}
});

it('keeps no more requests under way than allowed', async () => {
	const { domain } = setUp({ maxConcurrent: 2 });
	let running = 0;
	let most = 0;
	const call = polite(async () => {
		most = Math.max(most, ++running);
		await new Promise((resolve) => setTimeout(resolve, 50));
		running--;
		return ok;
	}, domain);
	const all = Promise.all(Array.from({ length: 7 }, () => call(GET)));
	await jest.advanceTimersByTimeAsync(1000);
	await all;
	expect(most).toBe(2);
});

describe('a long pause', () => {
	const other: HttpRequest = { method: 'GET', path: '/other' };

	it('is told at once to whoever does not wait that long, in the queue too, and waited for by the others', async () => {
		const { domain } = setUp({ requestsPerMinute: 60 });
		const starts: string[] = [];
		const admit = (path: string, patienceMs?: number) =>
			domain.admit({ ...GET, path }, async () => void starts.push(path), 'live', patienceMs);
		await admit('/first');
		const patient = admit('/patient');
		const queued = admit('/queued', 10_000);
		const failure = { kind: 'http', status: 503, retryAfterMs: 40_000 };
		const told = expect(queued).rejects.toMatchObject({ failure });
		await jest.advanceTimersByTimeAsync(10);
		domain.pause(40_000, 503);
		await told;
		await expect(admit('/late', 39_999)).rejects.toMatchObject({ failure });
		await jest.advanceTimersByTimeAsync(39_000);
		expect(starts).toEqual(['/first']);
		await jest.advanceTimersByTimeAsync(1000);
		await patient;
		expect(starts).toEqual(['/first', '/patient']);
	});

	it('does not keep a request from being made that a person asks for, and ends for all when that succeeds', async () => {
		const { domain } = setUp({});
		const begun = Date.now();
		domain.pause(3_600_000);
		const waiting = polite(async () => ok, domain)(GET);
		await jest.advanceTimersByTimeAsync(1000);
		await expect(domain.admit(other, () => Promise.reject(new Error('no')), 'asked')).rejects.toThrow('no');
		expect(domain.pausedUntil).toBe(begun + 3_600_000);
		await polite(async () => ok, domain, 'asked')(other);
		await waiting;
		expect(Date.now() - begun).toBe(1000);
		expect(domain.requests).toBe(3);
	});
});
