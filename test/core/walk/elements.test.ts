/** What becomes of single elements of a page: dropped, redacted, not events, too old. */
import type { Page } from '../../../core/contract';
import { fromMillis, SECOND } from '../../../core/time';
import { findLetter, listLetters } from '../../../forwarder/store/sqlite/deadLetters';
import { readState } from '../../../forwarder/store/sqlite/open';

import { api, clock, file, happen, polled, pollNow, shipped, store } from './polled';

polled();

test('dropped events are not shipped, redacted ones are stored redacted', async () => {
	happen('noise');
	happen('kept');
	await pollNow({
		drop: ({ id }) => id === 'noise',
		redact: () => '{"redacted":true}',
	});
	const [batch] = (await store.outbox('siem').pending(0, 10)).slice(1);
	expect(batch!.events).toMatchObject([{ id: 'kept', raw: '{"redacted":true}', json: { redacted: true } }]);
});

test('what the filter cannot judge is shipped, and stops nothing', async () => {
	happen('odd');
	await pollNow({
		drop: () => {
			throw new TypeError('no such field');
		},
	});
	expect(await shipped()).toEqual(['odd']);
});

test('what is not an event is redacted as well before it is stored', async () => {
	api.log.add({ id: 'bad', micros: clock.now() * 1000, raw: '{"eventId":"bad","timestamp":"soon","key":"s3cret"}' });
	await pollNow({ redact: (text) => text.replace('s3cret', '[REDACTED]') });
	const db = readState(file.path);
	const [letter] = listLetters(db, {}, 1).letters;
	expect(findLetter(db, letter!.id)!.raw).toBe('{"eventId":"bad","timestamp":"soon","key":"[REDACTED]"}');
	db.close();
});

test('an element without a time goes to the dead letters once, and the page goes on', async () => {
	happen('good');
	api.log.add({ id: 'bad', micros: clock.now() * 1000, raw: '{"eventId":"bad","timestamp":"soon"}' });
	await pollNow();
	await pollNow();
	expect(await shipped()).toEqual(['good']);
	expect((await store.summary()).streams).toMatchObject([{ deadLetters: 1 }]);
});

test('events from before the configured start are not collected', async () => {
	const page: Page = { events: [], invalid: [], serverTime: fromMillis(clock.now()) };
	const old = { id: 'old', time: fromMillis(clock.now()) - 3600n * SECOND - 1n, raw: '{}', json: {} };
	await pollNow(
		{},
		{
			onRejected: 'restart',
			page: async () => ({ ...page, events: [old, { ...old, id: 'edge', time: old.time + 1n }] }),
		},
	);
	expect(await shipped()).toEqual(['edge']);
});
