import type { DatabaseSync } from 'node:sqlite';
import {
	findLetter,
	findLetters,
	listLetters,
	readLetters,
	retryLetters,
	searchLetters,
} from '../../../../forwarder/store/sqlite/deadLetters';
import { amendState, readState } from '../../../../forwarder/store/sqlite/open';
import type { Gap } from '../../../../core/walk/contract';
import { gapRecord } from '../../../../forwarder/records/gapRecord';
import { verifyRecord } from '../../../../forwarder/records/verifyRecord';
import type { Verified } from '../../../../forwarder/store/verified';
import type { DeadLetter } from '../../../../forwarder/store/contract';
import type { Store } from '../../../../forwarder/store/contract';
import { stateFile, type StateFile } from '../../../support/stateFile';
import { sealAll } from '../../../../forwarder/store/sqlite/sums';
import { event } from '../conformance';
import { streamOf } from '../../../support/streamOf';

let file: StateFile;
let store: Store;
let db: DatabaseSync;
let clock = 1_770_796_934_217;

beforeEach(() => {
	file = stateFile(() => clock++);
	store = file.open();
	streamOf(store, { name: 'dr', fingerprint: 'f', destinations: ['siem'] });
	db = amendState(file.path);
});
afterEach(() => {
	db.close();
	file.remove();
});

const anything = () => undefined;

const letter = (eventId: string, more: Partial<DeadLetter> = {}): DeadLetter => ({
	stream: 'dr',
	destination: 'siem',
	eventId,
	raw: `{"id":"${eventId}","n":9007199254740993}`,
	time: 5n,
	observed: 7n,
	reason: 'rejected',
	detail: 'status 400',
	...more,
});

/** Letters as a delivery writes them. */
async function refused(...letters: DeadLetter[]): Promise<void> {
	const stream = streamOf(store, { name: 'dr', fingerprint: 'f', destinations: ['siem'] });
	await stream.commit({ fresh: [event('x', 1n)] });
	const [batch] = await store.outbox('siem').pending(0, 1);
	await store.outbox('siem').acknowledge([batch!], 0, letters);
	// the gap record that says so
	const [gap] = await store.outbox('siem').pending(batch!.id, 1);
	if (gap) await store.outbox('siem').acknowledge([gap], 1);
}

const waiting = () => store.outbox('siem').pending(0, 100);

test('the list is newest first, can be narrowed, and counts what it does not show', async () => {
	await refused(letter('a'), letter('b', { reason: 'too_large' }), letter('c'));
	expect(listLetters(db, {}, 2)).toMatchObject({ total: 3, letters: [{ eventId: 'c' }, { eventId: 'b' }] });
	expect(listLetters(db, { reason: 'too_large' }, 9)).toMatchObject({ total: 1, letters: [{ eventId: 'b' }] });
	expect(listLetters(db, { destination: 'lake' }, 9)).toEqual({ total: 0, records: 0, letters: [] });
	expect(listLetters(db, { stream: "' OR 1" }, 9).total).toBe(0);
});

test('a search that has no time looks at the newest, and says of how many; what is chosen by it is looked for to the end', async () => {
	await refused(...Array.from({ length: 250 }, (_, i) => letter(`e${i}`)));
	const page = { offset: 0, limit: 3, textLength: 9 };
	const all = { text: 'status 400' };
	const cut = await readLetters(db, all, { ...page, limitMs: 0 });
	expect(cut).toMatchObject({ total: 100, looked: { at: 100, of: 250 } });
	expect(cut.letters.map(({ eventId }) => eventId)).toEqual(['e249', 'e248', 'e247']);
	const whole = await readLetters(db, all, page);
	expect([whole.total, 'looked' in whole]).toEqual([250, false]);
	expect((await searchLetters(db, { ...all, stream: 'other' })).ids).toEqual([]);
});

test('a retried event is the same event with the same time of receipt, and its letter is gone', async () => {
	await refused(letter('a', { time: 1770796934217018999n, observed: 99n }));
	const { id } = listLetters(db, {}, 1).letters[0]!;
	expect(retryLetters(db, [id], anything)).toEqual({ letters: 1, batches: 1, refused: [] });
	const expected = event('a', 1770796934217018999n, letter('a').raw);
	expect(await waiting()).toMatchObject([{ stream: 'dr', observed: 99n, events: [expected], gaps: [] }]);
	expect(findLetter(db, id)).toBeUndefined();
});

test('records of one receipt travel together, those of others apart, the oldest first', async () => {
	await refused(letter('late', { observed: 9n }), letter('a'), letter('b'), letter('c', { destination: 'siem' }));
	expect(retryLetters(db, {}, anything)).toMatchObject({ letters: 4, batches: 2 });
	expect((await waiting()).map(({ observed, events }) => [observed, events.map(({ id }) => id)])).toEqual([
		[7n, ['a', 'b', 'c']],
		[9n, ['late']],
	]);
});

test('letters of two destinations never travel in one batch, though they were received together', async () => {
	await refused(letter('a'), letter('b', { destination: 'lake' }), letter('c'));
	// a delivery writes letters of its own destination only; a state that was put together from two has both
	db.prepare("UPDATE dead_letters SET destination = 'lake' WHERE event_id = 'b'").run();
	sealAll(db);
	expect(retryLetters(db, {}, anything)).toMatchObject({ letters: 3, batches: 2 });
	const arrived = async (name: string) =>
		(await store.outbox(name).pending(0, 9)).map(({ events }) => events.map(({ id }) => id));
	expect([await arrived('siem'), await arrived('lake')]).toEqual([[['a', 'c']], [['b']]]);
});

describe('in doubt', () => {
	const doubt = (eventId: string, more: Partial<DeadLetter> = {}) =>
		letter(eventId, { reason: 'doubtful', detail: '1 of 3 refused: too long', ...more });

	test('letters are one entry, apart from the refused ones of the same batch', async () => {
		await refused(doubt('a'), letter('r'), doubt('b', { observed: 9n }), doubt('c'));
		const { letters, ...counts } = listLetters(db, {}, 9);
		expect(counts).toEqual({ total: 2, records: 4 });
		expect(letters).toMatchObject([
			{ eventId: 'r', reason: 'rejected', records: 1 },
			{ eventId: 'a', reason: 'doubtful', records: 3, detail: '1 of 3 refused: too long' },
		]);
		expect((await store.summary()).streams).toMatchObject([{ deadLetters: 4, doubtful: 3 }]);
		expect((await store.summary()).destinations).toMatchObject([{ deadLetters: 4, doubtful: 3 }]);
	});

	test('those of another batch are another entry, with the same words too', async () => {
		await refused(doubt('a'), doubt('b'));
		await refused(doubt('c'));
		expect(listLetters(db, {}, 9).letters).toMatchObject([{ records: 1 }, { records: 2 }]);
	});

	test('whichever of its numbers is given, an entry is retried as a whole', async () => {
		await refused(doubt('a'), letter('r'), doubt('b'), doubt('c'));
		const second = listLetters(db, { reason: 'doubtful' }, 1).letters[0]!.id + 2;
		expect(findLetters(db, [second]).map(({ eventId }) => eventId)).toEqual(['a', 'b', 'c']);
		expect(retryLetters(db, [second], anything)).toEqual({ letters: 3, batches: 1, refused: [] });
		expect(listLetters(db, {}, 9).letters).toMatchObject([{ eventId: 'r' }]);
	});

	test('one gap record tells of refused and doubtful ones', async () => {
		const stream = streamOf(store, { name: 'dr', fingerprint: 'f', destinations: ['siem'] });
		await stream.commit({ fresh: [event('x', 1n)] });
		const [batch] = await waiting();
		await store
			.outbox('siem')
			.acknowledge([batch!], 0, [letter('r'), letter('s'), doubt('a'), letter('t', { reason: 'too_old' })]);
		expect((await waiting()).map(({ gaps }) => gaps.map(({ detail }) => detail))).toEqual([
			[
				'3 events are dead letters of destination siem (2 rejected, 1 too_old); 1 event may be missing at destination siem, ' +
					'which took a part and did not say which; see audit-relay dead-letters list',
			],
		]);
	});
});

test('many letters become batches of a size that a page might have', async () => {
	await refused(...Array.from({ length: 1201 }, (_, n) => letter(`e${n}`)));
	expect(retryLetters(db, {}, anything)).toMatchObject({ letters: 1201, batches: 3 });
	const ids = (await waiting()).flatMap(({ events }) => events.map(({ id }) => id));
	expect(new Set(ids).size).toBe(1201);
});

test('a refused gap record travels again as a gap, under the same id', async () => {
	const gaps: Gap[] = [
		{ reason: 'retention', from: 1_000n, to: 2_000_000n, detail: 'gone' },
		{ reason: 'chain_break', detail: 'no span' },
	];
	const batch = { id: 1, stream: 'dr', observed: 7_000n, events: [], gaps };
	const records = gaps.map((gap) => gapRecord(gap, batch, 'arpio'));
	const uid = (record: { attributes: Record<string, unknown> }) => String(record.attributes['log.record.uid']);
	await refused(
		...records.map((record) => letter(uid(record), { raw: record.body, time: undefined, observed: 7_000n })),
	);
	retryLetters(db, {}, anything);
	const [again] = await waiting();
	expect(again).toMatchObject({ observed: 7_000n, events: [] });
	expect(again!.gaps.map((gap) => gapRecord(gap, again!, 'arpio'))).toEqual(records);
});

test('a refused outcome of a completeness check travels again as one', async () => {
	const findings = [
		{ check: 're-walk', verdict: 'broken', detail: '1 missing', where: [{ id: 'a', time: 5_000n, why: 'missing' }] },
	] as const;
	const verified: Verified = { verdict: 'broken', reason: '1 missing', from: 1_000n, findings: [...findings] as never };
	const batch = { id: 1, stream: 'dr', observed: 7_000n, events: [], gaps: [] };
	const record = verifyRecord(verified, batch, 'arpio');
	await refused(letter('u', { raw: record.body, time: undefined, observed: 7_000n }));
	retryLetters(db, {}, anything);
	const [again] = await waiting();
	expect(again).toMatchObject({ observed: 7_000n, events: [], gaps: [], verified });
	expect(verifyRecord(again!.verified!, again!, 'arpio')).toEqual(record);
});

test('what cannot be shipped stays, with the reason', async () => {
	const stream = streamOf(store, { name: 'dr', fingerprint: 'f', destinations: ['siem'] });
	await stream.commit({ invalid: [{ id: 'x', raw: '{"no":"time"}', reason: 'no timestamp' }] });
	await refused(letter('cut', { raw: '{"id":' }), letter('kept'), letter('odd', { time: undefined, raw: '{}' }));
	const result = retryLetters(db, {}, ({ eventId }) => (eventId === 'kept' ? 'not now' : undefined));
	expect(result).toMatchObject({ letters: 0, batches: 0 });
	expect(result.refused.map(({ reason }) => reason)).toEqual([
		'its text is not a JSON object',
		'not now',
		'its text is not a record of our own',
		'it never became an event, so there is nothing to ship',
	]);
	expect(listLetters(db, {}, 9).total).toBe(4);
	expect(await waiting()).toEqual([]);
});

test('a number that is not there is told, the others are retried', async () => {
	await refused(letter('a'));
	const { id } = listLetters(db, {}, 1).letters[0]!;
	expect(retryLetters(db, [id, 4711], anything)).toEqual({
		letters: 1,
		batches: 1,
		refused: [{ id: 4711, reason: 'there is no such dead letter' }],
	});
});

test('a letter that cannot be removed leaves no batch behind', async () => {
	await refused(letter('a'));
	db.exec("CREATE TEMP TRIGGER stay BEFORE DELETE ON dead_letters BEGIN SELECT RAISE(ABORT, 'no'); END");
	expect(() => retryLetters(db, {}, anything)).toThrow('no');
	expect(await waiting()).toEqual([]);
	expect(listLetters(db, {}, 9).total).toBe(1);
});

test('retrying beside the owner does not disturb what it has counted', async () => {
	await refused(letter('a'));
	const stream = streamOf(store, { name: 'dr', fingerprint: 'f', destinations: ['siem'] });
	retryLetters(db, {}, anything);
	const before = readState(file.path);
	expect(before.prepare('SELECT sum(size) AS size FROM batches').get()).toEqual({ size: 0 });
	before.close();
	const [batch] = await waiting();
	await store.outbox('siem').acknowledge([batch!], 1);
	await stream.commit({ fresh: [event('b', 1n)] });
	expect(await waiting()).toHaveLength(1);
});
