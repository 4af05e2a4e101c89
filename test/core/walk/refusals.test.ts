/** Positions that a provider refuses or repeats, and windows that do not end. */
import type { Page, Range, Source } from '../../../core/contract';
import { PositionRejected } from '../../../core/http/failure';
import { fromMillis } from '../../../core/time';

import {
	api,
	clock,
	happen,
	LATENESS,
	MINUTE,
	polled,
	pollNow,
	requests,
	shipped,
	source,
	watermarkMs,
} from './polled';

polled();

test('an expired token means the same window again, never the end of it', async () => {
	for (let i = 0; i < 8; i++) happen(`e${i}`, i * MINUTE);
	const slow: Source = {
		...source,
		page: async (...args) => {
			if (requests.length === 2) clock.advance(api.switches.tokenExpiryMs + 1000);
			return source.page(...args);
		},
	};
	await pollNow({}, slow);
	expect((await shipped()).sort()).toEqual(['e0', 'e1', 'e2', 'e3', 'e4', 'e5', 'e6', 'e7']);
	expect(requests.map(({ position }) => position === undefined)).toEqual([true, false, false, true, false, false]);
});

test('a window whose tokens never last is cut in halves until it fits', async () => {
	for (let i = 0; i < 20; i++) happen(`e${i}`, i * MINUTE);
	api.switches.tokenExpiryMs = -1;
	await pollNow();
	expect((await shipped()).sort()).toEqual(Array.from({ length: 20 }, (_, i) => `e${i}`).sort());
	expect(await watermarkMs()).toBe(Math.floor((clock.now() - LATENESS) / 1000) * 1000);
});

test('a window of more pages than allowed is cut in halves that share their boundary', async () => {
	for (let i = 0; i < 20; i++) happen(`e${i}`, i * MINUTE);
	await pollNow({ maxPages: 3 });
	expect((await shipped()).sort()).toEqual(Array.from({ length: 20 }, (_, i) => `e${i}`).sort());
});

test('a window of one instant whose tokens never last ends the poll with an error, not in an endless loop', async () => {
	for (let i = 0; i < 7; i++) happen(`tie${i}`, 20 * MINUTE);
	api.switches.tokenExpiryMs = -1;
	await expect(pollNow()).rejects.toThrow(/goes on refusing/);
	await expect(pollNow()).rejects.toThrow(/goes on refusing/);
	api.switches.tokenExpiryMs = 15 * MINUTE;
	await pollNow();
	expect((await shipped()).sort()).toEqual(Array.from({ length: 7 }, (_, i) => `tie${i}`));
	expect(await watermarkMs()).toBeGreaterThan(clock.now() - LATENESS - MINUTE);
});

test('a window of one instant that needs more pages than allowed ends the poll with an error', async () => {
	for (let i = 0; i < 20; i++) happen(`tie${i}`, 20 * MINUTE);
	await expect(pollNow({ maxPages: 3 })).rejects.toThrow(/does not end/);
	await pollNow();
	expect(await shipped()).toHaveLength(20);
});

test('a repeated token stops the walk with an error; what was read is safe and nothing is lost', async () => {
	for (let i = 0; i < 8; i++) happen(`e${i}`, i * MINUTE);
	api.switches.repeatToken = true;
	await expect(pollNow()).rejects.toThrow(/same position twice/);
	expect(await watermarkMs()).toBe(clock.now() - 60 * MINUTE);
	api.switches.repeatToken = false;
	await pollNow();
	expect((await shipped()).sort()).toEqual(['e0', 'e1', 'e2', 'e3', 'e4', 'e5', 'e6', 'e7']);
});

describe('newest-first lists with ids as cursors', () => {
	const at = (minutesAgo: number) => fromMillis(clock.now() - minutesAgo * MINUTE);
	const page = (ids: number[], next?: number): Page => ({
		events: ids.map((ago) => ({ id: `m${ago}`, time: at(ago), raw: '{}', json: {} })),
		invalid: [],
		serverTime: fromMillis(clock.now()),
		...(next !== undefined && { next: { cursor: `m${next}` } }),
	});

	test('a deleted cursor: the walk goes on below the last event but one, and the watermark still reaches its goal', async () => {
		const ranges: Range[] = [];
		const answers = [page([1, 2], 2), new PositionRejected('gone'), page([2, 3])];
		await pollNow({}, scripted(answers, ranges));
		expect(ranges.map(({ upper }) => upper)).toEqual([undefined, undefined, at(1)]);
		expect(await shipped()).toEqual(['m1', 'm2', 'm3']);
		expect(await watermarkMs()).toBe(clock.now() - LATENESS);
	});

	test('a cursor deleted before anything was read: the window again', async () => {
		const ranges: Range[] = [];
		const empty = { ...page([]), next: { cursor: 'x' } };
		await pollNow({}, scripted([empty, new PositionRejected('gone'), page([1])], ranges));
		expect(ranges.map(({ upper }) => upper)).toEqual([undefined, undefined, undefined]);
		expect(await shipped()).toEqual(['m1']);
	});

	function scripted(answers: (Page | PositionRejected)[], ranges: Range[]): Source {
		return {
			onRejected: 'continueBelowOldest',
			page: async (range) => {
				ranges.push(range);
				const answer = answers.shift()!;
				if (answer instanceof PositionRejected) throw answer;
				return answer;
			},
		};
	}
});
