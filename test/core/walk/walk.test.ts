import type { Source } from '../../../core/contract';
import { RequestError } from '../../../core/http/failure';
import { fromMillis } from '../../../core/time';
import { sweep } from '../../../core/walk/stream';
import { poll } from '../../../core/walk/walk';

import {
	api,
	clock,
	happen,
	LATENESS,
	MINUTE,
	options,
	polled,
	pollNow,
	requests,
	restart,
	shipped,
	source,
	stream,
	watermarkMs,
} from './polled';

polled();

test('what is visible is shipped at once; the watermark stays the lateness behind now', async () => {
	for (let i = 0; i < 8; i++) happen(`e${i}`, i * MINUTE);
	await pollNow();
	expect((await shipped()).sort()).toEqual(['e0', 'e1', 'e2', 'e3', 'e4', 'e5', 'e6', 'e7']);
	expect(await watermarkMs()).toBe(clock.now() - LATENESS);
	expect((await stream.load())!.walk).toBeUndefined();
});

test('eight events in pages of three take three requests, and no token is sent twice', async () => {
	for (let i = 0; i < 8; i++) happen(`e${i}`, i * MINUTE);
	await pollNow();
	expect(requests).toHaveLength(3);
	expect(new Set(requests.map(({ position }) => JSON.stringify(position))).size).toBe(3);
});

test.each([
	['the provider', 60 * MINUTE, 0],
	['our own machine', 0, 60 * MINUTE],
])(
	'the clock of %s runs ahead for a while: the watermark passes nothing that is still to come',
	async (_whose, dateSkewMs, ownMs) => {
		api.switches.dateSkewMs = dateSkewMs;
		const ahead = { ...clock, now: () => clock.now() + ownMs };
		await poll({ source, store: stream, clock: ahead, options });
		expect(await watermarkMs()).toBe(clock.now() - LATENESS);
		api.switches.dateSkewMs = 0;
		clock.advance(5 * MINUTE);
		happen('meanwhile', MINUTE);
		await pollNow();
		expect(await shipped()).toEqual(['meanwhile']);
	},
);

test('an event that becomes visible late, within the lateness, is shipped once', async () => {
	happen('on time');
	happen('late', 0, LATENESS - 1000);
	await pollNow();
	for (let i = 0; i < 15; i++) {
		clock.advance(MINUTE);
		await pollNow();
	}
	expect(await shipped()).toEqual(['on time', 'late']);
});

test('equal timestamps across pages and polls: each once', async () => {
	for (let i = 0; i < 7; i++) happen(`tie${i}`);
	await pollNow();
	happen('tie late');
	await pollNow();
	expect((await shipped()).sort()).toEqual(['tie late', ...Array.from({ length: 7 }, (_, i) => `tie${i}`)]);
});

test('a quiet stream advances, and a future event does not move the watermark', async () => {
	happen('tomorrow', -24 * 60 * MINUTE);
	await pollNow();
	clock.advance(30 * MINUTE);
	await pollNow();
	expect(await shipped()).toEqual(['tomorrow']);
	expect(await watermarkMs()).toBe(clock.now() - LATENESS);
});

test('a walk that fails in the middle goes on where it was, after a restart too, without loss or repeat', async () => {
	for (let i = 0; i < 8; i++) happen(`e${i}`, i * MINUTE);
	const before = await watermarkMs();
	const failing: Source = { ...source, page: failAt(3) };
	await expect(pollNow({}, failing)).rejects.toThrow(/status 500/);
	expect(await watermarkMs()).toBe(before);
	restart();
	requests.length = 0;
	await pollNow();
	expect(requests).toHaveLength(1);
	expect((await shipped()).sort()).toEqual(['e0', 'e1', 'e2', 'e3', 'e4', 'e5', 'e6', 'e7']);
});

test('a provider without a clock: what became visible while its answer was on its way stays ahead of the watermark', async () => {
	const asked = clock.now();
	const slow: Source = {
		onRejected: 'restart',
		page: async () => {
			clock.advance(8 * MINUTE);
			return { events: [], invalid: [] };
		},
	};
	await pollNow({}, slow);
	expect(await watermarkMs()).toBe(asked - LATENESS);
});

test('an empty page with a token is not the end', async () => {
	for (let i = 0; i < 8; i++) happen(`e${i}`, i * MINUTE);
	api.switches.emptyPageEvery = 2;
	await pollNow();
	expect(await shipped()).toHaveLength(8);
});

test('a sweep over the past ships what came later than promised, and leaves the watermark alone', async () => {
	happen('very late', 0, 2 * LATENESS);
	for (let i = 0; i < 30; i++) {
		clock.advance(MINUTE);
		await pollNow();
	}
	expect(await shipped()).toEqual([]);
	const before = await stream.load();
	const range = { lower: fromMillis(clock.now() - 50 * MINUTE), upper: before!.watermark };
	await sweep({ source, store: stream, clock, options }, range);
	expect(await shipped()).toEqual(['very late']);
	expect(await stream.load()).toEqual(before);
});

/** From the n-th request on. */
function failAt(number: number): Source['page'] {
	return (...args) => {
		if (requests.length >= number - 1) {
			requests.push({ range: args[0] });
			throw new RequestError({ method: 'GET', path: '/', kind: 'http', status: 500 });
		}
		return source.page(...args);
	};
}
