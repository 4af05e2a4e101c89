/** What every store must do, whatever it is made of. */
import { getEventListeners } from 'node:events';
import type { SourceEvent } from '../../../core/contract';
import { StaleLeaseError } from '../../../forwarder/store/contract';
import type { Store } from '../../../forwarder/store/contract';
import { streamOf } from '../../support/streamOf';

export const event = (id: string, time: bigint, raw = `{"id":"${id}","n":9007199254740993}`): SourceEvent => ({
	id,
	time,
	raw,
	json: JSON.parse(raw) as SourceEvent['json'],
});

export interface Harness {
	/** Opens the same state again, as after a restart; earlier handles are closed first when `exclusive`. */
	open: (options?: { maxOutboxSize?: number }) => Store | Promise<Store>;
	/** Another process takes the state over while this one still holds it. */
	takeOver: () => void | Promise<void>;
	/** Ids are forgotten one by one as soon as they may be; else later and many at a time. */
	forgetsAtOnce: boolean;
}

const dr = (destinations = ['siem']) => ({ name: 'dr', fingerprint: 'f1', destinations });

export function storeConformance(harness: () => Harness): void {
	test('a stream that was never begun has no state', async () => {
		expect(await streamOf(await harness().open(), dr()).load()).toBeUndefined();
	});

	test('what was committed is there after a restart, to the nanosecond', async () => {
		const { open } = harness();
		const stream = streamOf(await open(), dr());
		await stream.commit({ start: 1n, watermark: 1n });
		const walk = {
			windows: [{ lower: 1n, upper: 1770796934217018999n }, { lower: 1770796934217018999n }] as const,
			position: { token: 'opaque', n: 3 },
			startedAt: 5n,
			oldest: 4n,
			pages: 2,
			rejections: 1,
		};
		const kept = { anchors: [['a', '7']], text: '7n', neverClimb: true };
		await stream.commit({ walk, kept });
		const state = await streamOf(await open(), dr()).load();
		expect(state).toEqual({ start: 1n, watermark: 1n, walk, kept });
		await streamOf(await open(), dr()).commit({ walk: null, watermark: 9n });
		expect(await streamOf(await open(), dr()).load()).toMatchObject({ watermark: 9n, walk: undefined, kept });
	});

	test('an event is in the outbox of every destination until each has acknowledged it', async () => {
		const { open } = harness();
		const store = await open();
		const fresh = [event('a', 10n), event('b', 11n, '{"id":"b","text":"Zürich ☁️ 🚨"}')];
		await streamOf(store, dr(['siem', 'lake'])).commit({ fresh, observed: 99n });
		const [batch] = await store.outbox('siem').pending(0, 10);
		expect(batch).toMatchObject({ stream: 'dr', observed: 99n, events: fresh, gaps: [] });
		await store.outbox('siem').acknowledge([batch!], 2);
		expect(await store.outbox('siem').pending(0, 10)).toEqual([]);
		expect(await (await open()).outbox('lake').pending(0, 10)).toEqual([batch]);
	});

	test('batches come in commit order, after the one asked for', async () => {
		const store = await harness().open();
		for (const id of ['a', 'b', 'c']) await streamOf(store, dr()).commit({ fresh: [event(id, 1n)] });
		const all = await store.outbox('siem').pending(0, 10);
		expect(all.map(({ events }) => events[0]!.id)).toEqual(['a', 'b', 'c']);
		expect(await store.outbox('siem').pending(all[0]!.id, 1)).toEqual([all[1]]);
	});

	test('large batches come in commit order too, whether they are still at hand or not', async () => {
		const store = await harness().open();
		const large = (id: string) => event(id, 1n, JSON.stringify({ id, text: 'x'.repeat(1_500_000) }));
		for (const id of ['a', 'b', 'c']) await streamOf(store, dr()).commit({ fresh: [large(id)] });
		const outbox = store.outbox('siem');
		const all = await outbox.pending(0, 10);
		expect(all.flatMap(({ events }) => events)).toEqual(['a', 'b', 'c'].map(large));
		await outbox.acknowledge(all.slice(0, 1), 1);
		await streamOf(store, dr()).commit({ fresh: [event('d', 1n)] });
		expect((await outbox.pending(0, 10)).map(({ events }) => events[0]!.id)).toEqual(['b', 'c', 'd']);
	});

	test('seen ids are known until they are forgotten, as repeats and as what was stored', async () => {
		const stream = streamOf(await harness().open(), { ...dr(), keepLedger: 10n });
		const [old, edge, recent] = [1n, 5n, 1770796934217018999n].map((time) => ({ id: `at ${time}`, time }));
		await stream.commit({ seen: [old!, edge!, recent!] });
		await stream.commit({ forgetBelow: 5n });
		expect(await stream.seen([old!, edge!, recent!])).toEqual(new Set([old!.id, edge!.id, recent!.id]));
		await stream.commit({ watermark: 12n });
		const others = ['never', "' OR 1"].map((id) => ({ id, time: 5n }));
		expect(await stream.seen([old!, edge!, recent!, ...others])).toEqual(
			new Set(['at 5', 'at 1770796934217018999', ...(harness().forgetsAtOnce ? [] : ['at 1'])]),
		);
		expect(await stream.settled(5n, 3)).toEqual([edge]);
	});

	test('what is not an event has no time, and is known by its id until it is forgotten', async () => {
		const stream = streamOf(await harness().open(), dr());
		await stream.commit({ seen: [{ id: '?h:1', time: 5n }] });
		expect(await stream.seen([{ id: '?h:1' }, { id: '?h:2' }])).toEqual(new Set(['?h:1']));
		await stream.commit({ forgetBelow: 6n });
		expect(await stream.seen([{ id: '?h:1' }])).toEqual(new Set(harness().forgetsAtOnce ? [] : ['?h:1']));
	});

	test('a commit that fails half-way changes nothing', async () => {
		const store = await harness().open();
		const stream = streamOf(store, dr());
		await stream.commit({ start: 1n, watermark: 1n });
		const broken = { ...event('b', 2n), time: 'no instant' as unknown as bigint };
		const seen = [
			{ id: 'a', time: 2n },
			{ id: 'b', time: {} as unknown as bigint },
		];
		await expect(stream.commit({ watermark: 5n, fresh: [broken], seen })).rejects.toThrow();
		expect(await stream.load()).toMatchObject({ watermark: 1n });
		expect(await store.outbox('siem').pending(0, 10)).toEqual([]);
		expect(await stream.seen([{ id: 'a', time: 2n }])).toEqual(new Set());
	});

	test('a pause of a rate limit is known after a restart for as long as it lasts, until it is ended', async () => {
		const { open } = harness();
		const store = await open();
		await store.notePause('arpio A', 60_000);
		await store.notePause('arpio B', 90_000);
		await store.notePause('arpio B', 0);
		const left = await (await open()).pauses();
		expect([...left.keys()]).toEqual(['arpio A']);
		expect(left.get('arpio A')).toBeGreaterThan(30_000);
		expect(left.get('arpio A')).toBeLessThanOrEqual(60_000);
	});

	test('a former owner notes no pause', async () => {
		const { open, takeOver } = harness();
		const store = await open();
		await takeOver();
		await store.notePause('arpio A', 60_000).catch(() => undefined);
		expect((await store.pauses().catch(() => new Map())).size).toBe(0);
	});

	test('a writer whose lease was taken over changes nothing', async () => {
		const { open, takeOver } = harness();
		const store = await open();
		const stream = streamOf(store, dr());
		await stream.commit({ start: 1n, watermark: 1n, fresh: [event('a', 1n)] });
		const [batch] = await store.outbox('siem').pending(0, 1);
		await takeOver();
		await expect(stream.commit({ watermark: 2n, fresh: [event('b', 2n)] })).rejects.toThrow(StaleLeaseError);
		await expect(store.outbox('siem').acknowledge([batch!], 1)).rejects.toThrow(StaleLeaseError);
		const after = await open();
		expect(await streamOf(after, dr()).load()).toMatchObject({ watermark: 1n });
		expect(await after.outbox('siem').pending(0, 2)).toHaveLength(1);
	});

	test('another fingerprint under the same name is refused with a way out, and nothing is opened', async () => {
		const store = await harness().open();
		await store.streams([dr()]);
		const others = [
			{ ...dr(), name: 'erp' },
			{ ...dr(), fingerprint: 'f2' },
		];
		await expect(store.streams(others)).rejects.toThrow(/dr: .*state adopt dr.*state reset dr/s);
		expect((await store.summary()).streams.map(({ name }) => name)).toEqual(['dr']);
	});

	test('an invalid element and a rejected record become dead letters once', async () => {
		const store = await harness().open();
		const stream = streamOf(store, dr());
		const invalid = [{ id: 'x', raw: '{"no":"time"}', reason: 'no timestamp' }];
		await stream.commit({ invalid });
		await stream.commit({ invalid, fresh: [event('a', 1n)] });
		const [batch] = await store.outbox('siem').pending(0, 1);
		const letter = {
			stream: 'dr',
			destination: 'siem',
			eventId: 'a',
			raw: '{}',
			observed: 1n,
			reason: 'rejected',
			detail: 'bad',
		};
		await store.outbox('siem').acknowledge([batch!], 0, [letter]);
		expect((await store.summary()).streams).toMatchObject([{ name: 'dr', deadLetters: 2 }]);
	});

	test('a rejected record also becomes a gap record for that destination; a refused gap record makes no other', async () => {
		const store = await harness().open();
		await streamOf(store, dr(['siem', 'lake'])).commit({ fresh: [event('a', 1n)] });
		const [batch] = await store.outbox('siem').pending(0, 1);
		const letter = { stream: 'dr', destination: 'siem', raw: '{}', observed: 1n, reason: 'rejected', detail: 'bad' };
		await store.outbox('siem').acknowledge([batch!], 0, [{ ...letter, eventId: 'a', time: 1n }]);
		const [gap] = await store.outbox('siem').pending(0, 2);
		expect(gap).toMatchObject({ events: [], gaps: [{ reason: 'rejected', from: 1n, to: 1n }] });
		expect(await store.outbox('lake').pending(0, 2)).toHaveLength(1);
		await store.outbox('siem').acknowledge([gap!], 0, [{ ...letter, eventId: 'audit-relay:gap:dr:rejected:1' }]);
		expect(await store.outbox('siem').pending(0, 2)).toEqual([]);
	});

	test('the same acknowledgement again, because the answer to the first was lost, changes nothing more', async () => {
		const { open } = harness();
		const store = await open();
		await streamOf(store, dr(['siem', 'lake'])).commit({ fresh: [event('a', 1n), event('b', 2n)] });
		const batches = await store.outbox('siem').pending(0, 1);
		const letter = { stream: 'dr', destination: 'siem', raw: '{}', observed: 1n, reason: 'rejected', detail: 'bad' };
		const acknowledge = (to: Store) =>
			to.outbox('siem').acknowledge(batches, 1, [{ ...letter, eventId: 'a', time: 1n }]);
		await acknowledge(store);
		const once = await store.summary();
		expect(once.destinations).toMatchObject([
			{ name: 'lake', waiting: 2, shipped: 0 },
			{ name: 'siem', waiting: 1, shipped: 1, deadLetters: 1 },
		]);
		await acknowledge(store);
		expect(await store.summary()).toEqual(once);
		const later = await open();
		await acknowledge(later);
		expect(await later.summary()).toEqual(once);
	});

	test('how a poll ended is noted in its commit, or beside it', async () => {
		const store = await harness().open();
		const stream = streamOf(store, dr());
		const noted = async () => (await store.summary()).streams[0]!;
		await stream.commit({ start: 1n, watermark: 1n, walk: null, polled: {} });
		const { lastSuccess, lastError } = await noted();
		expect([typeof lastSuccess, lastError]).toEqual(['bigint', undefined]);
		await store.notePoll('dr', 'status 500');
		expect(await noted()).toMatchObject({ lastSuccess, lastError: 'status 500' });
		await stream.commit({ polled: { error: 'status 503' } });
		expect(await noted()).toMatchObject({ lastSuccess, lastError: 'status 503', watermark: 1n });
	});

	test('streams are opened in their order, and what they were is known also when they are not opened again', async () => {
		const { open } = harness();
		const names = ['b', 'a', 'c'];
		const of = (name: string) => ({ ...dr(), name, settings: `{"name":"${name}"}` });
		const streams = await (await open()).streams(names.map(of));
		for (const [at, stream] of streams.entries()) await stream.commit({ start: BigInt(at), watermark: BigInt(at) });
		const later = await open();
		expect(await later.settings()).toEqual(new Map(names.map((name) => [name, `{"name":"${name}"}`])));
		const [a, b] = await later.streams([of('a'), of('b')]);
		expect([await a!.load(), await b!.load()]).toMatchObject([{ start: 1n }, { start: 0n }]);
	});

	test('the ledger tells of a page what was shipped, what was dropped and what was never there', async () => {
		const store = await harness().open();
		const [a, b, c, never] = [event('a', 5n), event('b', 5n), event('c', 8n), event('n', 6n)];
		const invalid = [{ id: 'x', raw: '{"no":"time"}', reason: 'no timestamp' }];
		const seen = [a, b, c].map(({ id, time }) => ({ id, time }));
		const stream = streamOf(store, dr());
		await stream.commit({ start: 1n, watermark: 1n });
		await stream.commit({ fresh: [a, c], seen, invalid, watermark: 9n });
		const { ledger } = store.verdicts(dr());
		expect(await ledger.find([c, never, b, a])).toEqual(['shipped', undefined, 'dropped', 'shipped']);
		expect(await ledger.anywhere([{ id: 'n' }, { id: 'a' }])).toEqual([{ id: 'a' }]);
		expect(await ledger.kept(['x', 'y'])).toEqual(new Set(['x']));
		expect([await ledger.count({ from: 1n, to: 8n }), await ledger.count({ from: 1n, to: 9n })]).toEqual([2, 3]);
		expect([await ledger.timeAfter(1n, 2), await ledger.timeAfter(1n, 3)]).toEqual([8n, undefined]);
		expect(await ledger.waiting({ from: 1n, to: 9n })).toBe(2);
		expect(await ledger.spans()).toEqual({ spans: [{ from: 1n, to: 9n }], watermark: 9n });
	});

	test('a verdict is kept and shipped, and what it found is said once', async () => {
		const { open } = harness();
		const store = await open();
		await streamOf(store, dr()).commit({ start: 1n, watermark: 1n });
		const broken = { verdict: 'broken' as const, findings: [] };
		const gaps = [{ reason: 'skipped' as const, from: 5n, detail: 'never shipped' }];
		expect(await store.verdicts(dr()).lastAt()).toBeUndefined();
		await store.verdicts(dr()).note(broken, gaps, ['re-walk a']);
		await store.verdicts(dr()).note(broken, gaps, ['re-walk a']);
		const later = await open();
		expect(await later.outbox('siem').pending(0, 9)).toMatchObject([
			{ events: [], gaps, verified: broken },
			{ events: [], gaps: [], verified: broken },
		]);
		expect(typeof (await later.verdicts(dr()).lastAt())).toBe('bigint');
		expect((await later.summary()).streams).toMatchObject([{ lastVerdict: 'broken', gaps: 1 }]);
	});

	test('old letters are removed with a gap record, and none by a clock that is ahead of what was read', async () => {
		const store = await harness().open();
		const stream = streamOf(store, dr());
		await stream.commit({ start: 1n, watermark: 1n, invalid: [{ id: 'x', raw: '{}', reason: 'no timestamp' }] });
		// less than no time: what has come until now is old enough
		const expire = () => store.expireLetters(-1n, 'removed after 0d', () => ['siem']);
		expect(await expire()).toEqual([]);
		await stream.commit({ watermark: 2n ** 62n });
		expect(await expire()).toEqual([{ stream: 'dr', letters: 1 }]);
		expect(await expire()).toEqual([]);
		const [batch] = await store.outbox('siem').pending(0, 9);
		expect(batch).toMatchObject({ gaps: [{ reason: 'skipped' }] });
		expect(batch!.gaps[0]!.detail).toContain('removed after 0d');
	});

	test('gaps are kept, counted and shipped', async () => {
		const store = await harness().open();
		const gaps = [{ reason: 'collection_start' as const, to: 5n, detail: 'starts' }];
		await streamOf(store, dr()).commit({ gaps, observed: 3n });
		expect(await store.outbox('siem').pending(0, 1)).toMatchObject([{ events: [], gaps }]);
		expect((await store.summary()).streams).toMatchObject([{ gaps: 1 }]);
	});

	test('a full outbox holds the next page back until there is room, and never drops', async () => {
		const store = await harness().open({ maxOutboxSize: 10 });
		const stream = streamOf(store, dr());
		await stream.room();
		await stream.commit({ fresh: [event('a', 1n)] });
		let passed = false;
		const waiting = stream.room().then(() => (passed = true));
		// whatever needs no room would be over
		await new Promise(setImmediate);
		expect(passed).toBe(false);
		const [batch] = await store.outbox('siem').pending(0, 1);
		await store.outbox('siem').acknowledge([batch!], 1);
		await waiting;
		const stop = new AbortController();
		await stream.commit({ fresh: [event('b', 1n)] });
		const resumed = stream.room(stop.signal);
		const [next] = await store.outbox('siem').pending(0, 1);
		await store.outbox('siem').acknowledge([next!], 1);
		await resumed;
		expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
		await stream.commit({ fresh: [event('c', 1n)] });
		const aborted = stream.room(stop.signal);
		stop.abort();
		await aborted;
	});
}
