/** Whether what comes can be stored, as /readyz and the metrics say it. */
import { watchStore } from '../../../forwarder/run/watchStore';
import type { Store } from '../../../forwarder/store/contract';
import type { Change, StreamStore } from '../../../core/walk/contract';
import { event } from '../delivery/support/events';

/** A database whose disk has room for `room` more events; rows that are there can still be changed. */
async function scene() {
	const disk = { room: Infinity };
	const commit = async ({ fresh = [] }: Change) => {
		if (fresh.length > disk.room) throw new Error('No space left on device');
	};
	const inner = {
		streams: async (identities: readonly unknown[]) => identities.map(() => ({ commit }) as unknown as StreamStore),
		notePoll: async () => undefined,
		outbox: () => ({ acknowledge: async () => undefined }),
	} as unknown as Store;
	const { store, failure } = watchStore(inner, () => 5);
	const identity = (name: string) => ({ name, fingerprint: 'f', settings: '{}', destinations: ['siem'] });
	const [erp, dr] = await store.streams([identity('erp'), identity('dr')]);
	const page = (id: string): Change => ({ fresh: [event(id)], observed: 1n });
	return { disk, store, failure, erp: erp!, dr: dr!, page };
}

test('a full disk shows for as long as events find no room, whatever needs none', async () => {
	const { disk, store, failure, erp, dr, page } = await scene();
	disk.room = 0;
	await expect(erp.commit(page('a'))).rejects.toThrow();
	await store.notePoll('erp', 'No space left on device');
	await dr.commit({ watermark: 9n });
	await store.notePoll('dr');
	expect(failure()).toEqual({ at: 5, message: 'No space left on device' });
	disk.room = 9;
	await dr.commit(page('b'));
	expect(failure()).toBeUndefined();
});

test('what had failed for another reason is over when it succeeds, with or without events', async () => {
	const { disk, failure, erp } = await scene();
	disk.room = -1;
	await expect(erp.commit({ watermark: 8n })).rejects.toThrow();
	expect(failure()).toBeDefined();
	disk.room = 0;
	await erp.commit({ watermark: 9n });
	expect(failure()).toBeUndefined();
});
