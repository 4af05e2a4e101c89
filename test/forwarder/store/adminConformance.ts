/** What commands may ask of every state, and what the process that owns it makes of that. */
import { formatInstant } from '../../../core/time';
import { BackfillEnded } from '../../../forwarder/store/backfill';
import type { StateAdmin } from '../../../forwarder/store/admin';
import { StaleLeaseError, type Store } from '../../../forwarder/store/contract';
import type { Letter, LetterFilter } from '../../../forwarder/store/deadLetters';
import { streamOf } from '../../support/streamOf';
import { event } from './conformance';

export interface AdminHarness {
	open: () => Store | Promise<Store>;
	/** Beside the process that has it open. */
	beside: () => StateAdmin | Promise<StateAdmin>;
	/** What the process has after it has noticed a change: absent where it looks each time. */
	noticed?: () => Promise<Store>;
}

const dr = { name: 'dr', fingerprint: 'f1', settings: '{"provider":"x"}', destinations: ['siem'] };
const ada = { by: 'ada', at: 99n };
const everywhere = () => ['siem'];

export function adminConformance(harness: () => AdminHarness): void {
	async function opened(): Promise<{ store: Store; state: StateAdmin }> {
		const { open, beside } = harness();
		const store = await open();
		await streamOf(store, dr).commit({ start: 1n, watermark: 5n, walk: null });
		return { store, state: await beside() };
	}

	const noticed = async (store: Store) => (await harness().noticed?.()) ?? store;

	/** Events that the receiver refused, each with a letter of its own. */
	async function refused(store: Store, ...ids: string[]): Promise<void> {
		for (const [at, id] of ids.entries()) {
			await streamOf(store, dr).commit({ fresh: [event(id, BigInt(at + 1))], observed: 7n });
			for (const batch of await store.outbox('siem').pending(0, 9)) {
				const { raw, time } = batch.events[0] ?? {};
				const letter = {
					stream: 'dr',
					destination: 'siem',
					eventId: id,
					observed: 7n,
					reason: 'rejected',
					detail: 'bad',
				};
				const letters = raw === undefined ? [] : [{ ...letter, raw, time: time! }];
				await store.outbox('siem').acknowledge([batch], 0, letters);
			}
		}
		for (const batch of await store.outbox('siem').pending(0, 9)) await store.outbox('siem').acknowledge([batch], 1);
	}

	test('positions, owner and counts are seen beside the process', async () => {
		const { state } = await opened();
		expect(await state.positions()).toMatchObject([
			{ name: 'dr', fingerprint: 'f1', settings: dr.settings, start: 1n, watermark: 5n, covered: [] },
		]);
		expect(await state.owner()).toMatchObject({ running: true });
		expect(await state.inspect()).toMatchObject({ streams: [{ name: 'dr' }], batches: 0, deadLetters: 0, gaps: 0 });
		expect(await state.summary()).toMatchObject({ streams: [{ name: 'dr', watermark: 5n }] });
		await state.close();
	});

	test('what is seen beside the process is what it says itself', async () => {
		const { store, state } = await opened();
		await refused(store, 'a', 'b');
		const gap = { reason: 'retention', from: 2n, to: 3n, detail: 'gone' } as const;
		const seen = [
			{ id: 'c', time: 3n },
			{ id: 'left out', time: 4n },
		];
		await streamOf(store, dr).commit({ fresh: [event('c', 3n)], seen, gaps: [gap], observed: 8n, watermark: 5n });
		await store.noteDestination('siem', { state: 'failing', since: 5, lastError: { at: 6, message: 'down' } });
		expect(await state.summary()).toEqual(await store.summary());
		const [own, beside] = [store.verdicts(dr).ledger, state.ledger('dr')];
		const span = { from: 1n, to: 9n };
		const events = [...seen, { id: 'none', time: 3n }, { id: 'c', time: 9n }];
		for (const ledger of [own, beside]) {
			expect(await ledger.find(events)).toEqual(['shipped', 'dropped', undefined, undefined]);
			expect((await ledger.anywhere(events)).map(({ id }) => id)).toEqual(['c', 'left out', 'c']);
			expect([await ledger.count(span), await ledger.waiting(span)]).toEqual([4, 1]);
		}
		expect(await beside.spans()).toEqual(await own.spans());
		expect(await beside.gaps(span)).toEqual(await own.gaps(span));
		expect(await beside.deadLettered(span)).toBe(2);
		await streamOf(store, dr).commit({ fresh: [event('d', 6n)], seen: [{ id: 'd', time: 6n }], observed: 9n });
		expect(await beside.find([{ id: 'd', time: 6n }])).toEqual(['shipped']);
		expect(await state.ledger('never opened').spans()).toBeUndefined();
		await state.close();
	});

	test('letters are found by what they say, a page at a time, with the beginning of their texts', async () => {
		const { store, state } = await opened();
		await refused(store, 'a', 'B%', 'c');
		const read = async (filter: LetterFilter, offset = 0, limit = 9) => {
			const { total, letters } = await state.readLetters(filter, { offset, limit, textLength: 5 });
			return [total, letters.map(({ eventId }) => eventId)];
		};
		expect(await read({})).toEqual([3, ['c', 'B%', 'a']]);
		expect(await read({}, 1, 1)).toEqual([3, ['B%']]);
		expect(await read({ text: 'b%' })).toEqual([1, ['B%']]);
		expect(await read({ text: '_' })).toEqual([0, []]);
		expect(await read({ text: 'BAD', reason: 'rejected' })).toEqual([3, ['c', 'B%', 'a']]);
		expect(await read({ text: 'bad', reason: 'too_old' })).toEqual([0, []]);
		const { letters } = await state.readLetters({ text: event('c', 3n).raw }, { offset: 0, limit: 9, textLength: 5 });
		expect(letters).toMatchObject([{ eventId: 'c', raw: event('c', 3n).raw.slice(0, 5), isCut: true }]);
		const hasty = { offset: 0, limit: 9, textLength: 5, limitMs: 0 };
		// all of them are looked at in the first step already
		expect(await state.readLetters({ text: 'B%' }, hasty)).not.toHaveProperty('looked');
		expect((await state.findLetters({ text: 'b%' })).map(({ eventId }) => eventId)).toEqual(['B%']);
		await state.close();
	});

	test('what is searched for is found with all that is in doubt with it, so that none is settled alone', async () => {
		const { store, state } = await opened();
		await streamOf(store, dr).commit({ fresh: [event('a', 1n), event('b', 2n)], observed: 7n });
		const batches = await store.outbox('siem').pending(0, 9);
		const doubt = { stream: 'dr', destination: 'siem', observed: 7n, reason: 'doubtful', detail: 'one of two' };
		const letters = ['a', 'b'].map((id, at) => ({
			...doubt,
			eventId: id,
			raw: `{"only":"${id}","u":"ü\\\\"}`,
			time: BigInt(at),
		}));
		await store.outbox('siem').acknowledge(batches, 0, letters);
		const found = async (text: string) =>
			(await state.readLetters({ text }, { offset: 0, limit: 9, textLength: 9 })).total;
		const [{ id } = { id: 0 }] = await state.findLetters({});
		expect([await found('"only":"b"'), await found(String(id)), await found('ü\\')]).toEqual([2, 2, 2]);
		expect(await state.retryLetters({ text: '"only":"b"' }, () => undefined, ada)).toMatchObject({ letters: 2 });
		await state.close();
	});

	test('a letter that is retried is in the outbox again, as it was received', async () => {
		const { store, state } = await opened();
		await refused(store, 'a', 'b');
		const { total, letters } = await state.listLetters({}, 1);
		expect([total, letters]).toMatchObject([2, [{ eventId: 'b', reason: 'rejected', records: 1 }]]);
		const kind = { stream: 'dr', destination: 'siem', reason: 'rejected' };
		expect(await state.countLetters({})).toEqual([{ ...kind, records: 2 }]);
		expect(await state.countLetters({ destination: 'other' })).toEqual([]);
		const { id } = letters[0]!;
		expect(await state.letter(id)).toMatchObject({ eventId: 'b', raw: event('b', 2n).raw });
		expect(await state.letter(4711)).toBeUndefined();
		const retried = await state.retryLetters([id, 4711], () => undefined, ada);
		expect(retried).toMatchObject({ letters: 1, batches: 1, refused: [{ id: 4711 }], action: { by: 'ada' } });
		expect(await (await noticed(store)).outbox('siem').pending(0, 9)).toMatchObject([
			{ stream: 'dr', observed: 7n, retried: true, events: [event('b', 2n)] },
		]);
		expect(await state.retryLetters({}, () => 'not now', ada)).toMatchObject({
			letters: 0,
			refused: [{ reason: 'not now' }],
		});
		expect((await state.findLetters({})).map(({ eventId }) => eventId)).toEqual(['a']);
		await state.close();
	});

	test('letters are exported with their texts, and discarded with a gap record', async () => {
		const { store, state } = await opened();
		await refused(store, 'a', 'b');
		const written: Letter[] = [];
		expect(await state.exportLetters({}, (letter) => written.push(letter), ada)).toMatchObject({ letters: 2 });
		expect(written.map(({ raw }) => raw)).toEqual(['a', 'b'].map((id) => event(id, 1n).raw));
		const which = { stream: 'dr' };
		expect(await state.discardLetters(which, ada, everywhere)).toMatchObject({ letters: 2, action: { by: 'ada' } });
		expect(await state.discardLetters(which, ada, everywhere)).toEqual({ letters: 0 });
		const outbox = (await noticed(store)).outbox('siem');
		expect(await outbox.pending(0, 9)).toMatchObject([{ events: [], gaps: [{ reason: 'skipped' }] }]);
		await state.close();
	});

	test('a gap waits until somebody acknowledges it; what was done by hand is told to the process once', async () => {
		const { store, state } = await opened();
		const gap = (reason: 'retention' | 'collection_start') => ({ reason, from: 2n, detail: reason });
		await streamOf(store, dr).commit({ gaps: [gap('collection_start'), gap('retention')] });
		const open = () => state.listGaps({}, { limit: 9, all: false });
		const { total, gaps } = await open();
		expect([total, gaps]).toMatchObject([1, [{ stream: 'dr', reason: 'retention', from: 2n }]]);
		expect(await state.acknowledgeGaps([gaps[0]!.id, 4711], ada)).toMatchObject({ gaps: 1, unknown: [4711] });
		expect((await open()).total).toBe(0);
		expect(await state.listGaps({}, { limit: 9, all: true })).toMatchObject({
			total: 2,
			gaps: [{ acknowledged: 99n, acknowledgedBy: 'ada' }, {}],
		});
		expect(await store.newActions()).toMatchObject([{ by: 'ada', at: 99n }]);
		expect(await store.newActions()).toEqual([]);
		await state.close();
	});

	test('a source that was paused stays so until it is resumed, whoever owns the state; each change is said once', async () => {
		const { store, state } = await opened();
		expect(await state.pauseSources(['dr', 'new'], 'key rotation', ada)).toEqual({
			sources: ['dr', 'new'],
			action: { ...ada, what: 'pause: dr, new (key rotation)' },
		});
		expect(await state.pauseSources(['dr'], undefined, { by: 'bob', at: 100n })).toEqual({ sources: [] });
		const dr = { source: 'dr', since: 99n, by: 'ada', note: 'key rotation' };
		// one that was never opened too
		expect((await state.summary()).paused).toEqual([dr, { ...dr, source: 'new' }]);
		expect((await store.summary()).paused).toContainEqual(dr);
		expect(await state.pausedSources()).toEqual([dr, { ...dr, source: 'new' }]);
		const { open, beside } = harness();
		await open();
		const after = await beside();
		expect(await after.resumeSources(['dr', 'erp'], ada)).toMatchObject({ sources: ['dr'] });
		expect(await after.resumeSources(['dr'], ada)).toEqual({ sources: [] });
		expect((await after.summary()).paused).toMatchObject([{ source: 'new' }]);
		await after.close();
		await state.close();
	});

	test('what somebody has had done at once is kept with who it was', async () => {
		const { store, state } = await opened();
		await store.newActions();
		await state.wish({ kind: 'poll', source: 'dr' }, ada);
		await state.wish({ kind: 'probe', destination: 'siem' }, ada);
		await state.note('reload: nothing has changed', ada);
		expect(await store.newActions()).toEqual([
			{ ...ada, what: 'poll: dr' },
			{ ...ada, what: 'probe: siem' },
			{ ...ada, what: 'reload: nothing has changed' },
		]);
		await state.close();
	});

	test('a broken verdict waits until it is acknowledged', async () => {
		const { store, state } = await opened();
		await store.verdicts(dr).note({ verdict: 'broken', findings: [] }, [], ['re-walk a']);
		expect(await state.acknowledgeVerdicts('erp', ada)).toEqual({ streams: [] });
		expect(await state.acknowledgeVerdicts(undefined, ada)).toMatchObject({ streams: ['dr'], action: { by: 'ada' } });
		expect(await state.acknowledgeVerdicts(undefined, ada)).toEqual({ streams: [] });
		await state.close();
	});

	test('a back-fill that was asked for is worked on, survives a restart and ends', async () => {
		const { store, state } = await opened();
		const asked = { stream: 'dr', asked: '9d to start', from: -100n, to: 1n };
		const span = [asked.from, asked.to].map((at) => formatInstant(at, 0)).join(' to ');
		expect(await store.backfills(dr).load()).toBeUndefined();
		await store.newActions();
		expect(await state.askForBackfill(asked, ada)).toBe(true);
		expect(await state.askForBackfill(asked, ada)).toBe(false);
		expect(await store.newActions()).toEqual([{ ...ada, what: `backfill: dr, ${span}` }]);
		const jobs = (await noticed(store)).backfills(dr);
		expect(await jobs.load()).toMatchObject({ from: -100n, to: 1n, done: -100n });
		const seen = [{ id: 'old', time: -60n }];
		await jobs.commit({
			done: -50n,
			fresh: [event('old', -60n)],
			seen,
			observed: 3n,
			covered: { from: -100n, to: -50n },
		});
		const [{ id } = { id: 0 }] = await state.backfills();
		expect(await state.backfill(id)).toMatchObject({
			job: { done: -50n, events: 1, pages: 1 },
			waiting: 1,
			tooOld: [],
		});
		await state.close();

		const { open, beside } = harness();
		const again = (await open()).backfills(dr);
		expect(await again.load()).toMatchObject({ done: -50n, to: 1n });
		expect(await again.covered()).toEqual([{ from: -100n, to: -50n }]);
		expect(await again.seen(seen)).toEqual(new Set(['old']));
		await again.commit({ done: 1n, covered: { from: -50n, to: 1n } });
		await again.commit({ done: 1n, finished: true });
		expect(await again.load()).toBeUndefined();
		const after = await beside();
		expect(await after.backfill(id)).toMatchObject({ job: { cancelled: false, ended: expect.anything() as unknown } });
		expect((await after.positions())[0]!.covered).toEqual([{ from: -100n, to: 1n }]);
		await after.close();
	});

	test('a back-fill that was cancelled meanwhile keeps nothing of the page that was being read', async () => {
		const { store, state } = await opened();
		await state.askForBackfill({ stream: 'dr', asked: 'x', from: -100n, to: 1n }, { by: 'ada', at: 9n });
		const jobs = (await noticed(store)).backfills(dr);
		await jobs.load();
		expect(await state.cancelBackfill('dr', ada)).toBe(true);
		expect(await state.cancelBackfill('dr', ada)).toBe(false);
		const page = jobs.commit({ done: -50n, fresh: [event('old', -60n)], observed: 3n });
		// who is refused does not know why
		await expect(page).rejects.toThrow(harness().noticed ? StaleLeaseError : BackfillEnded);
		expect(await (await noticed(store)).outbox('siem').pending(0, 9)).toEqual([]);
		await state.close();
	});
}
