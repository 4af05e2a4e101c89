import { KEEP } from '../../../../forwarder/store/ledger';
import { askForBackfill, newestBackfills, tooOldOf, waitingOf } from '../../../../forwarder/store/sqlite/backfills';
import { StaleLeaseError } from '../../../../forwarder/store/contract';
import { amendState } from '../../../../forwarder/store/sqlite/open';
import { openStore } from '../../../../forwarder/store/sqlite/store';
import type { Store } from '../../../../forwarder/store/contract';
import type { StreamStore } from '../../../../core/walk/contract';
import type { JobStore } from '../../../../core/walk/backfill';
import { stateFile, type StateFile } from '../../../support/stateFile';
import { event } from '../conformance';
import { streamOf } from '../../../support/streamOf';

let file: StateFile;
let store: Store;
let stream: StreamStore;
let jobs: JobStore;
beforeEach(async () => {
	file = stateFile(() => 5);
	store = file.open();
	stream = streamOf(store, { name: 'dr', fingerprint: 'f', destinations: ['siem'] });
	jobs = store.backfills({ name: 'dr', destinations: ['siem'] });
	await stream.commit({ start: 1000n, watermark: 1000n });
	beside((db) => askForBackfill(db, { stream: 'dr', asked: 'a', from: 10n, to: 1000n, now: 5n }));
});
afterEach(() => file.remove());

function beside<T>(work: (db: ReturnType<typeof amendState>) => T): T {
	const db = amendState(file.path);
	try {
		return work(db);
	} finally {
		db.close();
	}
}

test('a job asked for beside the owner is found by it', async () => {
	expect(await jobs.load()).toMatchObject({ from: 10n, to: 1000n, done: 10n, walk: undefined });
});

test('events, ids, position and what is covered are one commit, there after a restart', async () => {
	const walk = { windows: [{ lower: 20n, upper: 30n }] as const, pages: 1, rejections: 0, position: { token: 't' } };
	const fresh = [event('a', 15n)];
	await jobs.commit({
		fresh,
		seen: [{ id: 'a', time: 15n }],
		observed: 5n,
		walk,
		done: 20n,
		covered: { from: 10n, to: 20n },
	});
	store = file.open();
	jobs = store.backfills({ name: 'dr', destinations: ['siem'] });
	expect(await jobs.load()).toMatchObject({ done: 20n, walk });
	expect(await jobs.covered()).toEqual([{ from: 10n, to: 20n }]);
	expect(await jobs.seen(at15('a', 'b'))).toEqual(new Set(['a']));
	expect(await store.outbox('siem').pending(0, 9)).toMatchObject([{ stream: 'dr', events: fresh }]);
	expect((await store.summary()).past).toMatchObject([{ start: 1000n, backfill: { events: 1, pages: 1, done: 20n } }]);
});

const at15 = (...ids: string[]) => ids.map((id) => ({ id, time: 15n }));

test('ids of the live walk and of the past are forgotten apart, and what one has shipped the other knows', async () => {
	await stream.commit({ seen: [{ id: 'live', time: 15n }] });
	await jobs.commit({ done: 20n, seen: [{ id: 'past', time: 15n }] });
	for (const { seen } of [stream, jobs]) expect(await seen(at15('live', 'past'))).toEqual(new Set(['live', 'past']));
	// the ledger forgets both; the back-fill still has its own
	await stream.commit({ forgetBelow: 900n, watermark: KEEP + 900n });
	expect(await jobs.seen(at15('live', 'past'))).toEqual(new Set(['past']));
	await jobs.commit({ done: 1000n, finished: true });
	expect(await jobs.seen(at15('past'))).toEqual(new Set());
});

test('a commit that fails half-way changes nothing', async () => {
	const broken = { ...event('b', 2n), time: 'no instant' as unknown as bigint };
	const seen = [{ id: 'b', time: {} as unknown as bigint }];
	await expect(jobs.commit({ done: 500n, fresh: [broken], seen, covered: { from: 10n, to: 500n } })).rejects.toThrow();
	expect(await jobs.load()).toMatchObject({ done: 10n });
	expect(await jobs.covered()).toEqual([]);
});

test('an owner that was replaced changes nothing', async () => {
	beside((db) => db.exec('UPDATE lease SET epoch = epoch + 1'));
	await expect(jobs.commit({ done: 500n })).rejects.toThrow(StaleLeaseError);
	expect(await jobs.load()).toMatchObject({ done: 10n });
});

test('a finished job makes room for the next one, and both are remembered', async () => {
	const next = () => beside((db) => askForBackfill(db, { stream: 'dr', asked: 'b', from: 1n, to: 10n, now: 6n }));
	expect(next()).toBe(false);
	await jobs.commit({ done: 1000n, finished: true });
	expect(next()).toBe(true);
	expect(beside(newestBackfills)).toMatchObject([{ asked: 'b', from: 1n }]);
});

test('what waits for a destination is counted up to the last batch of the job, and what was too old by its range', async () => {
	await jobs.commit({ done: 20n, fresh: [event('past', 15n)] });
	await stream.commit({ fresh: [event('live', 1001n)] });
	const newest = async () => (await store.summary()).past[0]!.backfill!;
	let job = await newest();
	expect(beside((db) => waitingOf(db, job))).toBe(1);
	const [past, live] = await store.outbox('siem').pending(0, 2);
	const letter = { stream: 'dr', destination: 'siem', raw: '{}', observed: 1n, reason: 'too_old', detail: '' };
	await store.outbox('siem').acknowledge([past!], 0, [{ ...letter, eventId: 'past', time: 15n }]);
	await store.outbox('siem').acknowledge([live!], 0, [{ ...letter, eventId: 'live', time: 1001n }]);
	job = await newest();
	expect(beside((db) => waitingOf(db, job))).toBe(0);
	expect(beside((db) => tooOldOf(db, job))).toMatchObject([{ destination: 'siem', count: 1 }]);
});

test('the past fills a small part of the outbox only, so that live events need not wait behind it', async () => {
	file.remove();
	file = stateFile(() => 5);
	const small = openStore(file.path, { maxOutboxSize: 6400, now: () => 5 });
	const live = streamOf(small, { name: 'dr', fingerprint: 'f', destinations: ['siem'] });
	const past = small.backfills({ name: 'dr', destinations: ['siem'] });
	await live.commit({ fresh: [event('a', 1n, JSON.stringify({ text: 'x'.repeat(100) }))] });
	await live.room();
	const waiting = jest.fn();
	const room = past.room().then(waiting);
	await new Promise(setImmediate);
	expect(waiting).not.toHaveBeenCalled();
	const [batch] = await small.outbox('siem').pending(0, 1);
	await small.outbox('siem').acknowledge([batch!], 1);
	await room;
	await small.close();
});
