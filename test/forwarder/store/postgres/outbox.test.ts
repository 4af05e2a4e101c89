/** What waits, and the ring of partitions that it waits in. */
import type { Store } from '../../../../forwarder/store/contract';
import { event, idsIn, lite, page, type Database } from './support';

let db: Database;

beforeAll(async () => {
	db = await lite();
});
afterAll(() => db.close());
afterEach(async () => {
	await db.clear();
	await db.run('UPDATE @ring SET slot = 0');
});

const both = { name: 'dr', fingerprint: 'f1', destinations: ['siem', 'lake'] };

const turn = async () => (await db.run<{ turned: string }>("SELECT @turn_ring('0 s') AS turned"))[0]!.turned;

async function acknowledgeAll(store: Store, destination: string): Promise<void> {
	const outbox = store.outbox(destination);
	for (let batches = await outbox.pending(0, 1); batches.length > 0; batches = await outbox.pending(0, 1))
		await outbox.acknowledge(batches, 1);
}

const rows = async () => Number((await db.run<{ n: bigint }>('SELECT count(*) AS n FROM @batches'))[0]!.n);

test('one destination is far ahead of another: each goes on from its own place, also after a takeover', async () => {
	const store = await db.open();
	const [stream] = await store.streams([both]);
	for (let n = 1; n <= 40; n++) await stream!.commit(page(event(`e${n}`, BigInt(n))));
	await acknowledgeAll(store, 'siem');
	const next = await db.open();
	await next.streams([both]);
	expect(await next.outbox('siem').pending(0, 100)).toEqual([]);
	const waiting = await next.outbox('lake').pending(0, 100);
	expect(idsIn(waiting)).toEqual(Array.from({ length: 40 }, (_, n) => `e${n + 1}`));
	expect(await next.outbox('lake').pending(waiting[9]!.id, 1)).toEqual([waiting[10]]);
	await acknowledgeAll(next, 'lake');
	expect(await next.isWaiting()).toBe(false);
	expect((await next.summary()).destinations).toMatchObject([
		{ name: 'lake', shipped: 40, waiting: 0 },
		{ name: 'siem', shipped: 40, waiting: 0 },
	]);
});

test('a batch for one destination is no affair of the other, which goes past it', async () => {
	const store = await db.open();
	const [own, all] = await store.streams([{ ...both, name: 'erp', destinations: ['lake'] }, both]);
	await own!.commit(page(event('a', 1n)));
	await all!.commit(page(event('b', 2n)));
	expect(idsIn(await store.outbox('siem').pending(0, 10))).toEqual(['b']);
	await acknowledgeAll(store, 'siem');
	expect(idsIn(await (await db.open()).outbox('lake').pending(0, 10))).toEqual(['a', 'b']);
});

test('a destination that comes later gets what is stored from then on', async () => {
	const store = await db.open();
	const [stream] = await store.streams([{ ...both, destinations: ['siem'] }]);
	await stream!.commit(page(event('a', 1n)));
	const next = await db.open();
	const [again] = await next.streams([both]);
	await again!.commit(page(event('b', 2n)));
	expect(idsIn(await next.outbox('lake').pending(0, 10))).toEqual(['b']);
	expect(idsIn(await next.outbox('siem').pending(0, 10))).toEqual(['a', 'b']);
});

test('the ring turns in the middle of a walk, and what was acknowledged is gone when its slot comes again', async () => {
	const store = await db.open();
	const [stream] = await store.streams([both]);
	for (let n = 1; n <= 16; n++) {
		await stream!.commit(page(event(`e${n}`, BigInt(n))));
		for (const name of ['siem', 'lake']) await acknowledgeAll(store, name);
		expect(await turn()).toBe('turned');
	}
	expect(await rows()).toBeLessThan(8);
});

test('a slot in which something waits is not emptied: the present one grows on', async () => {
	const store = await db.open();
	const [stream] = await store.streams([both]);
	await stream!.commit(page(event('kept', 1n)));
	await acknowledgeAll(store, 'siem');
	const turned = [];
	for (let n = 0; n < 9; n++) turned.push(await turn());
	expect(turned).toEqual([...Array.from({ length: 7 }, () => 'turned'), 'waits', 'waits']);
	expect(idsIn(await (await db.open()).outbox('lake').pending(0, 10))).toEqual(['kept']);
	const next = await db.open();
	await acknowledgeAll(next, 'lake');
	expect(await turn()).toBe('turned');
});

test('the ring does not turn where what was written meanwhile would not be seen', async () => {
	const isolated = `BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT "audit_relay".turn_ring('0 s'); COMMIT`;
	await expect(db.script(isolated)).rejects.toThrow(/would not be seen/);
	await db.script('ROLLBACK');
});

test('a full shard holds its own polls back, while another has its share', async () => {
	const waits = { one: 0, other: 0 };
	const options = { maxOutboxSize: 40, shards: 2 };
	const one = await db.open(await db.take('worker-1', 1), { ...options, elsewhere: () => waits.other });
	const other = await db.open(await db.take('worker-1', 2), { ...options, elsewhere: () => waits.one });
	const [dr] = await one.streams([both]);
	const [erp] = await other.streams([{ ...both, name: 'erp' }]);
	for (let n = 0; n < 5; n++) await dr!.commit(page(event(`d${n}`, 1n)));
	waits.one = 50;
	expect([one.isFull(), other.isFull()]).toEqual([true, false]);
	await erp!.commit(page(event('e1', 1n), event('e2', 1n)));
	expect(other.isFull()).toBe(true);
});
