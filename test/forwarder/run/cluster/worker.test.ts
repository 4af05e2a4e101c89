import type { Source } from '../../../../core/contract';
import { createDomain } from '../../../../core/http/politeness';
import { fromMillis } from '../../../../core/time';
import type { SourceConfig } from '../../../../forwarder/config/types';
import { createReceiver } from '../../../../forwarder/delivery/receiver';
import type { Answer } from '../../../../forwarder/export/answer';
import type { Item } from '../../../../forwarder/records/item';
import { admittance, createWorker } from '../../../../forwarder/run/cluster/worker';
import type { Holder, Leases } from '../../../../forwarder/run/cluster/leases';
import type { Outlet } from '../../../../forwarder/run/outlets';
import { StaleLeaseError, type Store } from '../../../../forwarder/store/contract';
import { arpio } from '../../../../providers/arpio/provider';
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
	const outletTo = (name: string) =>
		({
			config: { name, inFlight: 4, timeoutMs: 1000, renameAttributes: {} },
			receiver: createReceiver({ send, clock, random }),
			report: () => undefined,
			noteIn: (store: Store) => store.noteDestination(name, { state: 'ok', since: 7 }),
		}) as unknown as Outlet;
	/** What is configured; sources by shard, undefined: nothing was ever. */
	const configured = {
		outlets: [outletTo('siem')],
		sourcesOf: async (shard: number): Promise<SourceConfig[] | undefined> => (shard < shards.length ? [] : undefined),
	};
	const polled = new Set<string>();
	const open = async ({ name, provider, rateLimit }: SourceConfig) => {
		const source: Source = {
			onRejected: 'restart',
			page: async () => {
				polled.add(name);
				return { events: [], invalid: [] };
			},
		};
		return { provider, source, background: () => ({ source }), domain: createDomain({ ...rateLimit, clock, random }) };
	};
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
		...{ leases, clock, random, outlets: () => configured.outlets, sources: () => [] },
		config: { sources: [], resourceAttributes: {} } as never,
		open,
		openShard: ({ shard }) => opens.get(shard)?.() ?? Promise.resolve(shards[shard]!),
		sourcesOf: (shard) => configured.sourcesOf(shard),
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
	const parts = { configured, outletTo, polled, opens };
	return { worker, shards, sent, answers, failed, renewed, ...parts, taken, holder: () => holder!, end };
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

test('what a dead owner has seen of a receiver is not said of it any more', async () => {
	const { shards, taken, end } = await scene(['a']);
	await shards[0]!.noteDestination('siem', { state: 'failing', since: 5, lastError: { at: 6, message: 'no route' } });
	taken(0);
	await clock.pass(100);
	const { destinations } = await shards[0]!.summary();
	expect(destinations).toEqual([expect.objectContaining({ name: 'siem', state: 'ok' })]);
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

describe('a changed configuration', () => {
	const source = (name: string): SourceConfig => ({
		...{ name, provider: arpio, baseUrl: 'https://api.example.com', settings: { accountId: name }, secrets: {} },
		...{ sizes: { pageSize: 100, maxPageSize: 100 }, start: fromMillis(clock.now() - 1000), pollIntervalMs: 60_000 },
		...{ latenessMs: 0, pastLatenessMs: 0, dropReads: false, redact: [], destinations: ['siem'] },
		rateLimit: { requestsPerMinute: 60_000, maxConcurrent: 4, retries: 0, reserve: 0 },
	});
	const gives = (sources: Record<number, SourceConfig[]>) => async (shard: number) => sources[shard];

	test('reaches the shards that are held, each with its own sources', async () => {
		const { worker, configured, polled, taken, failed, end } = await scene(['a', 'b']);
		taken(0);
		taken(1);
		await clock.pass(100);
		configured.sourcesOf = gives({ 0: [source('acme')], 1: [source('beta')] });
		await clock.until(worker.change());
		await clock.pass(100);
		expect([...polled].sort()).toEqual(['acme', 'beta']);
		const names = () => worker.holding.sources().map(({ name }) => name);
		expect(names().sort()).toEqual(['acme', 'beta']);
		// gone again: no poll follows, and the other goes on
		configured.sourcesOf = gives({ 0: [], 1: [source('beta')] });
		await clock.until(worker.change());
		expect(names()).toEqual(['beta']);
		expect(failed).toEqual([]);
		await end();
	});

	test('ships what waits to a destination that is there now', async () => {
		const { worker, configured, outletTo, sent, taken, end } = await scene(['a']);
		const siem = configured.outlets;
		configured.outlets = [];
		taken(0);
		await clock.pass(100);
		expect(sent).toEqual([]);
		configured.outlets = [...siem, outletTo('lake')];
		await clock.until(worker.change());
		await clock.pass(100);
		expect(sent).toEqual(['a']);
		expect([...worker.holding.deliveries().keys()].sort()).toEqual(['lake', 'siem']);
		await end();
	});

	test('that comes while a shard is being opened is not missed', async () => {
		const { worker, shards, configured, polled, opens, taken, end } = await scene(['a']);
		let opened = (): void => undefined;
		const door = new Promise<void>((resolve) => (opened = resolve));
		opens.set(0, () => door.then(() => shards[0]!));
		taken(0);
		await settle();
		configured.sourcesOf = gives({ 0: [source('acme')] });
		await clock.until(worker.change());
		opened();
		await clock.pass(100);
		expect([...polled]).toEqual(['acme']);
		await end();
	});

	test('makes work of a shard that had none', async () => {
		const { worker, configured, renewed, taken, end } = await scene(['a']);
		configured.sourcesOf = gives({});
		taken(0);
		await settle();
		configured.sourcesOf = gives({ 0: [source('acme')] });
		await clock.until(worker.change());
		await clock.pass(10);
		// taken anew, with what is configured now
		expect(renewed).toEqual([0]);
		await end();
	});

	test('that cannot be applied to a shard has it taken anew, and the others have theirs', async () => {
		const { worker, configured, polled, failed, renewed, taken, end } = await scene(['a', 'b']);
		taken(0);
		taken(1);
		await clock.pass(100);
		configured.sourcesOf = async (shard) => {
			if (shard === 0) throw new Error('the database is away');
			return [source('beta')];
		};
		await clock.until(worker.change());
		await clock.pass(100);
		expect(failed).toEqual([[0, new Error('the database is away')]]);
		expect(renewed).toEqual([0]);
		expect([...polled]).toEqual(['beta']);
		await end();
	});
});
