import type { SimulatedApi } from '../../sandbox/api';
import { seededFaults, type Fault } from '../../sandbox/faults';
import { serve, type SimServer } from '../../sandbox/server';

describe('serving simulated APIs over HTTP', () => {
	let server: SimServer;
	let handled = 0;
	const api: SimulatedApi = {
		handle: ({ method, url, body }) => {
			handled++;
			return {
				status: 200,
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ method, url, body }),
			};
		},
	};
	beforeEach(() => {
		handled = 0;
	});
	afterEach(() => server.close());

	const failing = async (fault: Fault) => {
		server = await serve(api, { faults: (number) => (number === 1 ? fault : undefined) });
		return fetch(`${server.url}/x`);
	};

	it('passes method, path and body and keeps the requests', async () => {
		server = await serve(api);
		const response = await fetch(`${server.url}/a?b=c`, { method: 'POST', body: 'ü' });
		expect(await response.json()).toEqual({ method: 'POST', url: '/a?b=c', body: 'ü' });
		expect(server.requests).toHaveLength(1);
	});

	it('routes by prefix', async () => {
		server = await serve({ '/one': api });
		expect(await (await fetch(`${server.url}/one/v1?x`)).json()).toMatchObject({ url: '/v1?x' });
		expect((await fetch(`${server.url}/two`)).status).toBe(404);
	});

	it('can be slow', async () => {
		const begun = performance.now();
		await (await failing({ kind: 'slow', pauseMs: 10, pieces: 3 })).json();
		expect(performance.now() - begun).toBeGreaterThan(25);
	});

	it.each(['content-length', 'chunked'] as const)('can cut the body short (%s)', async (framing) => {
		const response = await failing({ kind: 'truncated', framing });
		expect(response.status).toBe(200);
		await expect(response.text()).rejects.toThrow();
	});

	it.each([
		['before', 0],
		['after', 1],
	] as const)('can reset the connection %s handling', async (when, times) => {
		await expect(failing({ kind: 'reset', when })).rejects.toThrow();
		expect(handled).toBe(times);
		expect((await fetch(server.url)).status).toBe(200);
	});

	it.each([200, 502])('can send a page with %i', async (status) => {
		const response = await failing({ kind: 'html', status });
		expect([response.status, response.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8']);
	});

	it.each([
		[{ seconds: 7 }, '7'],
		[{ date: 0 }, 'Thu, 01 Jan 1970 00:00:00 GMT'],
		[undefined, null],
	])('can throttle with Retry-After %j', async (retryAfter, header) => {
		const response = await failing({ kind: 'throttled', retryAfter });
		expect([response.status, response.headers.get('retry-after')]).toEqual([429, header]);
	});

	it('can fail with any status and pad the body', async () => {
		expect((await failing({ kind: 'status', status: 503, body: 'busy' })).status).toBe(503);
		server.setFaults(() => ({ kind: 'oversize', bytes: 100_000 }));
		const text = await (await fetch(server.url)).text();
		expect([text.length, JSON.parse(text)]).toEqual([100_000, expect.anything()]);
		server.setFaults(undefined);
		expect((await (await fetch(server.url)).text()).length).toBeLessThan(100);
	});

	it('can keep silent until the client gives up', async () => {
		server = await serve(api, { faults: () => ({ kind: 'silent' }) });
		await expect(fetch(server.url, { signal: AbortSignal.timeout(30) })).rejects.toThrow(/timeout/i);
	});

	it('draws the same faults from the same seed', async () => {
		server = await serve(api);
		const faults: Fault[] = [
			{ kind: 'html', status: 200 },
			{ kind: 'reset', when: 'before' },
		];
		const draw = (seed: number) => {
			const plan = seededFaults(seed, 0.5, faults);
			return Array.from({ length: 50 }, (_, n) => plan(n + 1, { method: 'GET', url: '/' })?.kind);
		};
		expect(draw(1)).toEqual(draw(1));
		expect(draw(1)).not.toEqual(draw(2));
		expect(new Set(draw(1))).toEqual(new Set([undefined, 'html', 'reset']));
	});
});
