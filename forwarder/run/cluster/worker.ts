/** One of several processes on one database: it runs a relay for each shard whose lease it holds. */
import type { Clock } from '../../../core/contract';
import { Semaphore } from '../../../core/http/semaphore';
import type { Config, SourceConfig } from '../../config/types';
import { StaleLeaseError, type Store } from '../../store/contract';
import type { Lease } from '../../store/lease';
import { holdingOf, together, type Holding } from '../holding';
import type { Outlet } from '../outlets';
import { firstPolls } from '../pollTimes';
import { createRelay, type Relay, type RelayDeps } from '../relay';
import type { RelayReport } from '../report';
import { watchStore, type StoreListener } from '../watchStore';
import type { Holder, Leases } from './leases';
import { ofShard } from './ofShard';
import { aborted } from '../../waits';

export interface WorkerDeps extends Pick<RelayDeps, 'clock' | 'random' | 'open' | 'gates'> {
	config: Config;
	leases: Leases;
	outlets: () => readonly Outlet[];
	/** All that are configured. */
	sources: () => readonly SourceConfig[];
	/** Reads what a shard holds. */
	openShard: (lease: Lease) => Promise<ShardStore>;
	/** The sources whose shard this is. Undefined: nothing of it was ever configured, and nothing waits in it. */
	sourcesOf: (shard: number) => Promise<readonly SourceConfig[] | undefined>;
	report: RelayReport;
	storeListener?: StoreListener;
}

export interface Worker {
	/** Until `stop` aborts, then for at most `graceMs` to ship what is safe already, and to give every shard back. */
	run(stop: AbortSignal, graceMs: number): Promise<void>;
	/** Sources and destinations are others now. */
	change(): Promise<void>;
	holding: Holding;
	/** Of the shards at work. */
	stores(): Store[];
	/** Bytes of event text that wait in them. */
	outboxSize(): number;
}

/** Before a shard is taken again that could not be opened, or whose relay failed for no reason of the lease. */
const FAILED_AGAIN_MS = 5_000;

interface ShardStore extends Store {
	/** Bytes of event text that wait in it. */
	size(): number;
}

/** Shards that are read at the same time: there are few connections, and beats must not wait for all of that. */
const OPENED_AT_ONCE = 4;

interface Work {
	stop: AbortController;
	/** Nothing of it can be stored any more, so nothing must be sent any more. */
	isLost: boolean;
	over: Promise<void>;
	at?: { store: ShardStore; relay: Relay; holding: Holding };
	/** There was nothing to work on: called when there may be. */
	lookAgain?: () => void;
}

export function createWorker(deps: WorkerDeps): Worker {
	const { leases, clock, report } = deps;
	const works = new Map<number, Work>();
	const places = new Semaphore(OPENED_AT_ONCE);
	/** Counts the changes of sources and destinations. */
	let changes = 0;
	let takeover = { firstInMs: firstPolls(deps.sources()) };
	const open = () => [...works.values()].flatMap(({ at }) => at ?? []);

	/** Reads what the shard holds. Undefined: there is nothing to work on, or the lease has ended meanwhile. */
	async function opened(lease: Lease, work: Work) {
		const { signal } = work.stop;
		if (!(await places.enter(signal))) return undefined;
		let shard: ShardStore | undefined;
		try {
			const sources = await deps.sourcesOf(lease.shard);
			if (!sources) return undefined;
			shard = await deps.openShard(lease);
			const watched = watchStore(shard, () => clock.now(), deps.storeListener);
			const config = { ...deps.config, sources: [...sources] };
			const relay = await createRelay({
				...deps,
				report: ofShard(report),
				config,
				outlets: deps.outlets(),
				store: watched.store,
				takeover,
			});
			return { shard, relay, holding: holdingOf(relay, watched), close: watched.store.close };
		} catch (error) {
			await shard?.close();
			throw error;
		} finally {
			places.leave();
		}
	}

	async function relayOf(lease: Lease, work: Work, graceMs: number): Promise<void> {
		const { signal } = work.stop;
		const begun = changes;
		const at = await opened(lease, work);
		if (!at) {
			const changed = new AbortController();
			work.lookAgain = () => changed.abort();
			if (begun === changes) await aborted(AbortSignal.any([signal, changed.signal]));
			return;
		}
		try {
			if (work.isLost) return;
			work.at = { store: at.shard, relay: at.relay, holding: at.holding };
			// what cannot be noted is of a lease that has ended
			for (const outlet of deps.outlets()) void outlet.noteIn(at.shard).catch(() => undefined);
			if (begun !== changes) await brought(lease.shard, at.relay);
			await at.relay.run(signal, graceMs);
		} finally {
			work.at = undefined;
			await at.close();
		}
	}

	/** To what is configured now. */
	async function brought(shard: number, relay: Relay): Promise<void> {
		await relay.change((await deps.sourcesOf(shard)) ?? [], deps.outlets());
	}

	async function worked(lease: Lease, work: Work, graceMs: number): Promise<void> {
		try {
			await relayOf(lease, work, graceMs);
		} catch (error) {
			report.shardFailed?.(lease.shard, error);
			if (!(error instanceof StaleLeaseError)) await clock.sleep(FAILED_AGAIN_MS, work.stop.signal);
		}
		if (works.get(lease.shard) !== work) return;
		works.delete(lease.shard);
		if (!work.stop.signal.aborted) leases.renew(lease.shard);
	}

	const holder = (graceMs: number): Holder => ({
		taken(lease) {
			const before = works.get(lease.shard)?.over;
			const work: Work = { stop: new AbortController(), isLost: false, over: Promise.resolve() };
			works.set(lease.shard, work);
			// what runs on under the former lease can store nothing, but it may still be sending
			work.over = Promise.resolve(before).then(() => worked(lease, work, graceMs));
		},
		lost(shard) {
			const work = works.get(shard);
			if (!work) return;
			work.isLost = true;
			// whatever asks it again, to read or to ship, ends with that
			void work.at?.store.close();
			work.stop.abort();
		},
		async release(shard) {
			const work = works.get(shard);
			work?.stop.abort();
			await work?.over;
		},
	});

	return {
		run: (stop, graceMs) => leases.run(stop, holder(graceMs)),
		async change() {
			changes++;
			takeover = { firstInMs: firstPolls(deps.sources()) };
			await Promise.all(
				[...works].map(async ([shard, { at, lookAgain, stop }]) => {
					if (!at) return lookAgain?.();
					try {
						await brought(shard, at.relay);
					} catch (error) {
						// it is taken anew, and has what is configured then
						if (error instanceof StaleLeaseError) return;
						report.shardFailed?.(shard, error);
						stop.abort();
						leases.renew(shard);
					}
				}),
			);
		},
		holding: {
			...together(() => open().map(({ holding }) => holding)),
			deliveries: () => deliveries(deps.outlets(), open()),
		},
		stores: () => open().map(({ store }) => store),
		outboxSize: () => open().reduce((sum, { store }) => sum + store.size(), 0),
	};
}

/** How a receiver is doing is known also while no shard is held. */
function deliveries(
	outlets: readonly Outlet[],
	at: readonly { holding: Holding }[],
): ReturnType<Holding['deliveries']> {
	const idle = outlets.map(({ config, receiver }) => [config.name, receiver.health.status({})] as const);
	return new Map([...idle, ...together(() => at.map(({ holding }) => holding)).deliveries()]);
}

/** Resolves when no other can have taken our shards yet: what no fence can reach begins only then. */
export function admittance({ mayAct }: Pick<Leases, 'mayAct'>, clock: Clock): (signal?: AbortSignal) => Promise<void> {
	return async (signal) => {
		for (; !mayAct(); signal?.throwIfAborted()) await clock.sleep(LOOK_AGAIN_MS, signal);
	};
}

const LOOK_AGAIN_MS = 50;
