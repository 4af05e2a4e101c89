/** Walks that begin at an event that is safe, and go upwards. */
import { anchors } from '../../../providers/auditapi/anchors';
import type { Position, Source } from '../../../core/contract';
import { fromMillis, SECOND } from '../../../core/time';

import { clock, LATENESS, MINUTE, polled, pollNow, shipped, store } from './polled';

polled();

test('events of one instant are known as long as one of them is the anchor of a climb, however old they are', async () => {
	const events = ['a', 'b'].map((id) => ({ id, time: fromMillis(clock.now()), raw: '{}', json: {} }));
	const serverTime = () => fromMillis(clock.now());
	const climbing: Source = {
		onRejected: 'continueBelowOldest',
		reach: SECOND,
		memory: anchors,
		// the list has b above a
		page: async (_range, position) => ({
			events: position === undefined ? [...events].reverse() : position['before'] === 'a' ? [events[1]!] : [],
			invalid: [],
			serverTime: serverTime(),
		}),
	};
	for (let i = 0; i < 5; i++) {
		await pollNow({}, climbing);
		clock.advance(60 * MINUTE);
	}
	expect((await shipped()).sort()).toEqual(['a', 'b']);
});

test('an event at the watermark itself is not an anchor: another one of that instant may still come and stand below it', async () => {
	const edge = { id: 'edge', time: fromMillis(clock.now() - LATENESS), raw: '{}', json: {} };
	const positions: (Position | undefined)[] = [];
	const climbing: Source = {
		onRejected: 'continueBelowOldest',
		memory: anchors,
		page: async (_range, position) => {
			positions.push(position);
			const events = position ? [] : positions.length === 1 ? [edge] : [edge, { ...edge, id: 'same instant' }];
			return { events, invalid: [], serverTime: fromMillis(clock.now()) };
		},
	};
	await pollNow({}, climbing);
	await pollNow({}, climbing);
	clock.advance(1);
	await pollNow({}, climbing);
	await pollNow({}, climbing);
	expect(await shipped()).toEqual(['edge', 'same instant']);
	expect(positions).toEqual([undefined, undefined, undefined, { before: 'edge' }]);
});

test('an element without a time is never what a climb begins at: it could stand above everything', async () => {
	const { id: bad, raw, reason } = { id: 'bad', raw: '{"id":"bad"}', reason: 'no timestamp' };
	const positions: (Position | undefined)[] = [];
	const climbing: Source = {
		onRejected: 'continueBelowOldest',
		memory: anchors,
		page: async (_range, position) => {
			positions.push(position);
			const good = { id: 'good', time: fromMillis(clock.now() - MINUTE), raw: '{}', json: {} };
			const events = positions.length === 1 ? [good] : [];
			return { events, invalid: [{ id: bad, raw, reason }], serverTime: fromMillis(clock.now()) };
		},
	};
	for (let i = 0; i < 4; i++) {
		await pollNow({}, climbing);
		clock.advance(60 * MINUTE);
	}
	expect(positions).toEqual([undefined, undefined, { before: 'good' }, { before: 'good' }]);
	expect((await store.summary()).streams).toMatchObject([{ deadLetters: 1 }]);
});
