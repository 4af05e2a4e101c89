/** A disk that our own outbox fills: what waits there can still be acknowledged. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../../../forwarder/store/sqlite/store';
import type { Store } from '../../../../forwarder/store/contract';
import { event } from '../conformance';
import type { StreamStore } from '../../../../core/walk/contract';

const dr = { name: 'dr', fingerprint: 'f', destinations: ['siem'] };

let folder: string;
let free: number;
let store: Store;
let stream: StreamStore;
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'audit-relay-'));
	free = 1e9;
	const options = { maxOutboxSize: 1e9, now: () => 5, freeBytes: () => free };
	store = openStore(join(folder, 'state.db'), options);
	[stream] = (await store.streams([dr])) as [StreamStore];
});
afterEach(() => {
	void store.close();
	rmSync(folder, { recursive: true });
});

/** Whether polling may go on now, without waiting for it. */
async function hasRoom(): Promise<boolean> {
	const isOpen = new AbortController();
	const waiting = stream.room(isOpen.signal).then(() => !isOpen.signal.aborted);
	await Promise.resolve();
	isOpen.abort();
	return waiting;
}

test('polling waits while little is left, and goes on when a delivery looks and finds more', async () => {
	await stream.commit({ start: 0n, watermark: 0n, fresh: [event('a', 1n)] });
	expect([await hasRoom(), store.isFull()]).toEqual([true, false]);
	free = 5_000;
	expect([await hasRoom(), store.isFull(), store.isDiskLow()]).toEqual([false, true, true]);
	const room = stream.room();
	free = 1e9;
	await store.outbox('siem').pending(0, 1);
	await room;
	expect(store.isFull()).toBe(false);
});

test('polling goes on when somebody has made room, while no delivery looks because its destination is down', async () => {
	await stream.commit({ start: 0n, watermark: 0n, fresh: [event('a', 1n)] });
	free = 5_000;
	const room = stream.room();
	store.lookForRoom();
	expect(store.isFull()).toBe(true);
	free = 1e9;
	store.lookForRoom();
	await room;
	expect(store.isFull()).toBe(false);
});

test('what waits is acknowledged although polling waits, and polling goes on then', async () => {
	await stream.commit({ start: 0n, watermark: 0n, fresh: [event('a', 1n)] });
	free = 5_000;
	const room = stream.room();
	const batches = await store.outbox('siem').pending(0, 9);
	expect(await store.isWaiting()).toBe(true);
	free = 1e9;
	await store.outbox('siem').acknowledge(batches, 1);
	await room;
	expect(await store.isWaiting()).toBe(false);
});

test('the reserve of a small disk is a quarter of what the state could take there', async () => {
	await stream.commit({ start: 0n, watermark: 0n });
	for (const [bytes, isLow] of [
		[100_000, false],
		[20_000, true],
	] as const) {
		free = bytes;
		expect([bytes, store.isDiskLow()]).toEqual([bytes, isLow]);
	}
});
