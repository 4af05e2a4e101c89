/** Dead letters that are given up: by somebody, or because they are old enough. */
import type { DatabaseSync } from 'node:sqlite';
import { listLetters, retryLetters } from '../../../../forwarder/store/sqlite/deadLetters';
import { listGaps } from '../../../../forwarder/store/sqlite/gaps';
import { amendState } from '../../../../forwarder/store/sqlite/open';
import { discardLetters } from '../../../../forwarder/store/sqlite/removeLetters';
import type { Store } from '../../../../forwarder/store/contract';
import { fromMillis } from '../../../../core/time';
import { stateFile, type StateFile } from '../../../support/stateFile';
import { event } from '../conformance';
import { streamOf } from '../../../support/streamOf';

const BEGIN = 1_770_796_934_217;
const DAY_MS = 86_400_000;
const dr = { name: 'dr', fingerprint: 'f', destinations: ['siem', 'lake'] };
const ada = { by: 'ada', at: 99n };

let file: StateFile;
let store: Store;
let db: DatabaseSync;
let now: number;

beforeEach(async () => {
	now = BEGIN;
	file = stateFile(() => now);
	store = file.open();
	db = amendState(file.path);
	// an event that siem refuses, and an element that is none
	const invalid = [{ id: 'x', raw: '{"no":', reason: 'cut' }];
	await streamOf(store, dr).commit({ start: 1n, watermark: fromMillis(BEGIN), fresh: [event('a', 5n)], invalid });
	const [batch] = await store.outbox('siem').pending(0, 1);
	const letter = { stream: 'dr', destination: 'siem', eventId: 'a', raw: '{"id":"a"}', time: 5n, observed: 7n };
	await store.outbox('siem').acknowledge([batch!], 0, [{ ...letter, reason: 'rejected', detail: 'status 400' }]);
	for (const name of ['siem', 'lake']) await drain(name);
});
afterEach(() => {
	db.close();
	file.remove();
});

/** What waits for the destination, as gap records. */
async function drain(name: string) {
	const batches = await store.outbox(name).pending(0, 9);
	for (const batch of batches) await store.outbox(name).acknowledge([batch], 0);
	return batches.flatMap(({ gaps }) => gaps);
}

const everywhere = () => ['siem', 'lake'];
const letters = () => listLetters(db, {}, 9).records;
const openGaps = () =>
	listGaps(db, {}, { limit: 9, all: false }).gaps.map(({ reason, detail }) => `${reason}: ${detail}`);

test('discarded letters are gone; gap records say so where they should have gone, and nobody has to look at those', async () => {
	expect(discardLetters(db, {}, ada, everywhere)).toEqual({
		letters: 2,
		action: { ...ada, what: 'dead-letters discard: 2 dead letters of dr' },
	});
	expect(letters()).toBe(0);
	const element = { reason: 'skipped', detail: '1 dead letter (invalid_event): discarded by ada' };
	expect(await drain('lake')).toEqual([element]);
	const refused = { reason: 'skipped', from: 5n, to: 5n };
	expect(await drain('siem')).toEqual([
		element,
		{ ...refused, detail: '1 dead letter of destination siem (rejected): discarded by ada' },
	]);
	// the gap that told of the letter is seen to with it
	expect(openGaps()).toEqual([]);
	expect(discardLetters(db, {}, ada, everywhere)).toEqual({ letters: 0 });
	expect(await store.newActions()).toHaveLength(1);
});

test('the gap that told of dead letters waits until the last of them is retried or discarded', () => {
	expect(openGaps()).toEqual([expect.stringMatching(/^rejected: /)]);
	discardLetters(db, { reason: 'invalid_event' }, ada, everywhere);
	expect(openGaps()).toHaveLength(1);
	expect(retryLetters(db, {}, () => undefined, ada)).toMatchObject({
		letters: 1,
		action: { by: 'ada', what: 'dead-letters retry: 1 dead letter' },
	});
	expect(openGaps()).toEqual([]);
});

test('a source that is no longer configured: its letters can be discarded, and only the state says so', async () => {
	discardLetters(db, {}, ada, () => []);
	expect(letters()).toBe(0);
	expect([...(await drain('siem')), ...(await drain('lake'))]).toEqual([]);
	expect(listGaps(db, { reason: 'skipped' }, { limit: 9, all: true }).total).toBe(2);
});

describe('retention', () => {
	const expire = () => store.expireLetters(fromMillis(30 * DAY_MS), 'removed after 30d', everywhere);
	const watermark = (ms: number) => streamOf(store, dr).commit({ watermark: fromMillis(ms) });

	test('what is old enough is removed, with gap records that wait for somebody', async () => {
		now = BEGIN + 30 * DAY_MS;
		await watermark(now);
		expect(await expire()).toEqual([]);
		now += 1;
		await watermark(now);
		expect(await expire()).toEqual([
			{ stream: 'dr', letters: 1 },
			{ stream: 'dr', destination: 'siem', letters: 1 },
		]);
		expect(letters()).toBe(0);
		expect(await drain('lake')).toHaveLength(1);
		expect(openGaps()).toEqual([
			'skipped: 1 dead letter of destination siem (rejected): removed after 30d',
			'skipped: 1 dead letter (invalid_event): removed after 30d',
			expect.stringMatching(/^rejected: /),
		]);
	});

	test('a clock that runs ahead of every provider removes nothing', async () => {
		now = BEGIN + 400 * DAY_MS;
		expect(await expire()).toEqual([]);
		expect(letters()).toBe(2);
	});
});
