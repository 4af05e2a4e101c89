/** What commands may do to every state that nobody else writes meanwhile. */
import type { OwnedState } from '../../../forwarder/store/admin';
import type { Store } from '../../../forwarder/store/contract';
import { streamOf } from '../../support/streamOf';
import { event } from './conformance';

export interface OwnedHarness {
	open: () => Store | Promise<Store>;
	/** Instead of the process that had it open. */
	own: () => OwnedState | Promise<OwnedState>;
}

const dr = { name: 'dr', fingerprint: 'f1', settings: '{"provider":"x"}', destinations: ['siem', 'lake'] };
const told = { destinations: ['siem', 'lake'], now: 50n };
const seen = [{ id: 'a', time: 5n }];

export function ownedConformance(harness: () => OwnedHarness): void {
	/** A page that both destinations wait for, in the middle of a walk. */
	async function filled(): Promise<Store> {
		const store = await harness().open();
		const walk = { windows: [{ lower: 1n, upper: 9n }], pages: 1, rejections: 0, position: { page: 2 } } as never;
		const page = { fresh: [event('a', 5n)], seen, observed: 7n };
		await streamOf(store, dr).commit({ ...page, start: 1n, watermark: 6n, walk, kept: { last: 'x' } });
		return store;
	}

	const owned = async <T>(work: (state: OwnedState) => Promise<T>): Promise<T> => {
		const state = await harness().own();
		try {
			return await work(state);
		} finally {
			await state.close();
		}
	};
	const gapsIn = async (store: Store, destination: string) =>
		(await store.outbox(destination).pending(0, 9)).flatMap(({ gaps }) => gaps);

	test('a reset forgets where the stream is and what it has seen, ends its back-fill, and keeps what waits', async () => {
		await filled();
		await owned(async (state) => {
			await state.askForBackfill({ stream: 'dr', asked: 'x', from: -9n, to: 1n }, { by: 'ada', at: 9n });
			await state.reset('dr', { reason: 'skipped', from: 6n, detail: 'reset' }, told);
			expect(await state.positions()).toEqual([]);
			expect(await state.backfills()).toMatchObject([{ cancelled: true }]);
		});
		const store = await harness().open();
		// whatever its settings are now
		const stream = streamOf(store, { ...dr, fingerprint: 'f2' });
		expect(await stream.load()).toBeUndefined();
		expect(await stream.seen(seen)).toEqual(new Set());
		expect((await store.outbox('siem').pending(0, 9)).flatMap(({ events }) => events)).toEqual([event('a', 5n)]);
		expect(await gapsIn(store, 'lake')).toEqual([{ reason: 'skipped', from: 6n, detail: 'reset' }]);
		expect(await store.backfills(dr).load()).toBeUndefined();
	});

	test('new settings of the same log go on from the watermark, with the ids that are known', async () => {
		await filled();
		await owned((state) =>
			state.adopt({ name: 'dr', fingerprint: 'f2', settings: '{"provider":"y"}' }, undefined, told),
		);
		const store = await harness().open();
		const stream = streamOf(store, { ...dr, fingerprint: 'f2', settings: '{"provider":"y"}' });
		const state = await stream.load();
		expect(state).toMatchObject({ start: 1n, watermark: 6n });
		expect([state!.walk, state!.kept]).toEqual([undefined, undefined]);
		expect(await stream.seen(seen)).toEqual(new Set(['a']));
		expect(await stream.rememberedFrom()).toBe(6n);
		expect(await gapsIn(store, 'siem')).toEqual([]);
	});

	test('another log goes on from the watermark, with no id of the former one, and a gap record says so', async () => {
		await filled();
		const gap = { reason: 'collection_start', to: 6n, detail: 'adopted' } as const;
		await owned((state) => state.adopt({ name: 'dr', fingerprint: 'f2', settings: '{}' }, gap, told));
		const store = await harness().open();
		const stream = streamOf(store, { ...dr, fingerprint: 'f2', settings: '{}' });
		expect(await stream.load()).toMatchObject({ watermark: 6n });
		expect(await stream.seen(seen)).toEqual(new Set());
		expect(await gapsIn(store, 'siem')).toEqual([gap]);
	});

	test('a destination that is given up gets nothing of what waited for it, also when it comes back; the others all', async () => {
		const former = await filled();
		await former.noteDestination('lake', { state: 'failing', since: 5 });
		const destinationsOf = () => ['siem'];
		await owned(async (state) => {
			expect((await state.inspect()).waiting.map(({ destination }) => destination)).toEqual(['lake', 'siem']);
			expect(await state.giveUp('lake', { now: 50n, destinationsOf })).toBe(1);
			expect((await state.inspect()).waiting).toMatchObject([{ destination: 'siem', records: 2 }]);
			expect((await state.summary()).destinations.map(({ name }) => name)).toEqual(['siem']);
			expect(await state.giveUp('lake', { now: 50n, destinationsOf })).toBe(0);
			expect(await state.giveUp('never there', { now: 50n, destinationsOf })).toBe(0);
		});
		const store = await harness().open();
		const stream = streamOf(store, dr);
		await stream.load();
		expect(await store.outbox('lake').pending(0, 9)).toEqual([]);
		expect(await gapsIn(store, 'siem')).toMatchObject([
			{ reason: 'skipped', detail: expect.stringContaining('1 events for destination lake') as unknown },
		]);
		await stream.commit({ fresh: [event('b', 8n)], seen: [{ id: 'b', time: 8n }], observed: 9n });
		expect((await store.outbox('lake').pending(0, 9)).flatMap(({ events }) => events)).toEqual([event('b', 8n)]);
	});
}
