/** One of several processes on one database: it runs a relay for each shard whose lease it holds. */
import type { Clock } from '../../../core/contract';
import type { Config, SourceConfig } from '../../config/types';
import { StaleLeaseError, type Store } from '../../store/contract';
import type { Lease } from '../../store/lease';
import { holdingOf, together, type Holding } from '../holding';
import type { Outlet } from '../outlets';
import { firstPolls } from '../pollTimes';
import { createRelay, type RelayDeps } from '../relay';
import type { RelayReport } from '../report';
import { watchStore } from '../watchStore';
import type { Holder, Leases } from './leases';
import { ofShard } from './ofShard';

export interface WorkerDeps extends Pick<RelayDeps, 'clock' | 'random' | 'open'> {
	config: Config;
	leases: Leases;
	outlets: readonly Outlet[];
	/** Reads what a shard holds. */
	openShard: (lease: Lease) => Promise<ShardStore>;
	/** The sources whose shard this is. Undefined: nothing of it was ever configured, and nothing waits in it. */
	sourcesOf: (shard: number) => Promise<readonly SourceConfig[] | undefined>;
	report: RelayReport;
}

export interface Worker {
	/** Until `stop` aborts, then for at most `graceMs` to ship what is safe already, and to give every shard back. */
	run(stop: AbortSignal, graceMs: number): Promise<void>;
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

interface Work {
	stop: AbortController;
	/** Nothing of it can be stored any more, so nothing must be sent any more. */
	isLost: boolean;
	over: Promise<void>;
	at?: { store: ShardStore; holding: Holding };
}

export function createWorker(deps: WorkerDeps): Worker {
	const { leases, clock, report } = deps;
	const works = new Map<number, Work>();
	const takeover = { firstInMs: firstPolls(deps.config.sources) };
	const open = () => [...works.values()].flatMap(({ at }) => at ?? []);

	async function relayOf(lease: Lease, work: Work, graceMs: number): Promise<void> {
		const sources = await deps.sourcesOf(lease.shard);
		const { signal } = work.stop;
		if (!sources) return aborted(signal);
		const shard = await deps.openShard(lease);
		try {
			const watched = watchStore(shard, () => clock.now());
			const config = { ...deps.config, sources: [...sources] };
			const relay = await createRelay({
				...deps,
				report: ofShard(report),
				config,
				store: watched.store,
				takeover,
			});
			if (work.isLost) return;
			work.at = { store: shard, holding: holdingOf(sources, relay, watched) };
			await relay.run(signal, graceMs);
		} finally {
			work.at = undefined;
			await shard.close();
		}
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
		holding: {
			...together(() => open().map(({ holding }) => holding)),
			deliveries: () => deliveries(deps.outlets, open()),
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

function aborted(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return Promise.resolve();
	return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
