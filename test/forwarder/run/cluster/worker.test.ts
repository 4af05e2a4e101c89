import { createReceiver } from '../../../../forwarder/delivery/receiver';
import type { Answer } from '../../../../forwarder/export/answer';
import type { Item } from '../../../../forwarder/records/item';
import { admittance, createWorker } from '../../../../forwarder/run/cluster/worker';
import type { Holder, Leases } from '../../../../forwarder/run/cluster/leases';
import type { Outlet } from '../../../../forwarder/run/outlets';
import { StaleLeaseError, type Store } from '../../../../forwarder/store/contract';
import { stateFile, type StateFile } from '../../../support/stateFile';
import { settle, TestClock } from '../../delivery/support/clock';
import { event } from '../../delivery/support/events';

const clock = new TestClock();
let files: StateFile[] = [];
beforeEach(() => (files = []));
afterEach(() => files.forEach((file) => file.remove()));

/** A shard with one event that waits; a file stands for its part of the database. */
async function shardWith(id: string): Promise<Store & { size(): number; readonly isClosed: boolean }> {
	const file = stateFile(() => clock.now());
	files.push(file);
	const store = file.open();
	const settings = JSON.stringify({ provider: 'arpio', settings: {} });
	const [stream] = await store.streams([{ name: `tenant-${id}`, fingerprint: 'f', settings, destinations: ['siem'] }]);
	await stream!.commit({ start: 1n, watermark: 2n, fresh: [event(id)], observed: 3n });
	let isClosed = false;
	return {
		...store,
		size: () => 10,
		// as one whose lease has ended
		outbox: (destination) => {
			const outbox = store.outbox(destination);
			const open = <T>(work: () => Promise<T>) =>
				isClosed ? Promise.reject(new StaleLeaseError('the lease has ended')) : work();
			return {
				pending: (...given) => open(() => outbox.pending(...given)),
				acknowledge: (...given) => open(() => outbox.acknowledge(...given)),
			};
		},
		close: async () => void (isClosed = true),
		get isClosed() {
			return isClosed;
		},
	};
}

async function scene(ids: readonly string[], answer: () => Answer | undefined = () => ({ kind: 'accepted' })) {
	const shards = await Promise.all(ids.map(shardWith));
	const sent: string[] = [];
	const answers: ((answer: Answer) => void)[] = [];
	const failed: [number, unknown][] = [];
	const renewed: number[] = [];
	const send = (items: readonly Item[], signal: AbortSignal) =>
		new Promise<Answer>((resolve, reject) => {
			sent.push(...items.map(({ eventId }) => eventId));
			answers.push(resolve);
			signal.addEventListener('abort', () => reject(signal.reason as Error));
			const now = answer();
			if (now) resolve(now);
		});
	const random = () => 0.5;
	const outlet = {
		config: { name: 'siem', inFlight: 4, timeoutMs: 1000 },
		receiver: createReceiver({ send, clock, random }),
		report: () => undefined,
	} as unknown as Outlet;
	let holder: Holder | undefined;
	const leases: Leases = {
		run: (signal, given) => {
			holder = given;
			return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
		},
		mayAct: () => true,
		renew: (shard) => renewed.push(shard),
		status: () => ({ id: 'w', held: [], beatAgeMs: 0 }),
	};
	const opens = new Map<number, () => Promise<(typeof shards)[number]>>();
	const worker = createWorker({
		...{ leases, clock, random, outlets: () => [outlet], sources: () => [] },
		config: { sources: [], resourceAttributes: {} } as never,
		open: () => Promise.reject(new Error('there are no sources')),
		openShard: ({ shard }) => opens.get(shard)?.() ?? Promise.resolve(shards[shard]!),
		sourcesOf: async (shard) => (shard < shards.length ? [] : undefined),
		report: { shardFailed: (shard, error) => failed.push([shard, error]) },
	});
	const stop = new AbortController();
	const running = worker.run(stop.signal, 1000);
	const taken = (shard: number, epoch = 1) => holder!.taken({ shard, epoch, owner: 'w', seq: 0 });
	const end = async () => {
		for (const shard of shards.keys()) holder!.lost(shard);
		stop.abort();
		await running;
		await clock.pass(10);
	};
	return { worker, shards, sent, answers, failed, renewed, opens, taken, holder: () => holder!, end };
}

test('a shard that is taken ships what waits in it; one that is given back is closed before anybody else may have it', async () => {
	const { worker, shards, sent, taken, holder, end } = await scene(['a', 'b']);
	taken(0);
	await clock.pass(100);
	expect(sent).toEqual(['a']);
	expect(worker.outboxSize()).toBe(10);
	const released = holder().release(0);
	await clock.pass(2000);
	await released;
	expect(shards[0]!.isClosed).toBe(true);
	expect(worker.stores()).toEqual([]);
	expect(sent).toEqual(['a']);
	await end();
});

test('after a shard is lost nothing of it is sent any more, and what is on its way is cut off', async () => {
	const { shards, sent, taken, holder, end } = await scene(['a', 'b'], () => undefined);
	taken(0);
	taken(1);
	await clock.pass(100);
	expect(sent.sort()).toEqual(['a', 'b']);
	holder().lost(0);
	await clock.pass(10);
	expect(shards.map(({ isClosed }) => isClosed)).toEqual([true, false]);
	expect(sent).toHaveLength(2);
	await end();
});

test('a shard that cannot be opened is said, and taken again after a while; the others go on', async () => {
	const { sent, failed, renewed, opens, taken, end } = await scene(['a', 'b']);
	opens.set(0, () => Promise.reject(new Error('a table is missing')));
	taken(0);
	taken(1);
	await clock.pass(1000);
	expect(sent).toEqual(['b']);
	expect(failed).toEqual([[0, new Error('a table is missing')]]);
	expect(renewed).toEqual([]);
	await clock.pass(5000);
	expect(renewed).toEqual([0]);
	await end();
});

test('a lease that ended under its relay is renewed at once', async () => {
	const { shards, failed, renewed, taken, answers, end } = await scene(['a'], () => undefined);
	taken(0);
	await clock.pass(100);
	// as after a commit that was refused: the next call of the store says so
	await shards[0]!.close();
	answers[0]!({ kind: 'accepted' });
	await clock.pass(100);
	expect(failed).toEqual([[0, expect.any(StaleLeaseError)]]);
	expect(renewed).toEqual([0]);
	await end();
});

test('a shard in which nothing was ever stored costs no store and no relay', async () => {
	const { worker, opens, taken, holder, end } = await scene(['a']);
	opens.set(7, () => Promise.reject(new Error('was opened')));
	taken(7);
	await settle();
	expect(worker.stores()).toEqual([]);
	await holder().release(7);
	await end();
});

test('what no fence can reach waits until the next beat has succeeded', async () => {
	let mayAct = false;
	const admitted = admittance({ mayAct: () => mayAct }, clock);
	let isOn = false;
	const on = admitted().then(() => (isOn = true));
	await clock.pass(1000);
	expect(isOn).toBe(false);
	mayAct = true;
	await clock.pass(100);
	await on;
	expect(isOn).toBe(true);
});

test('whoever stops does not wait for it', async () => {
	const stop = new AbortController();
	const admitted = admittance({ mayAct: () => false }, clock)(stop.signal);
	stop.abort(new Error('stopped'));
	await expect(admitted).rejects.toThrow('stopped');
});
