/** A configuration put to work on a state that other processes work on too. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import { fingerprint } from '../config/fingerprint';
import { likeness } from '../config/likeness';
import { limitGroup } from '../config/limitGroup';
import type { Config, DatabaseConfig, SourceConfig } from '../config/types';
import { admittance, createWorker } from '../run/cluster/worker';
import { BEATS_PER_TTL, createLeases, type Leases } from '../run/cluster/leases';
import { leaseLog } from '../run/cluster/leaseLog';
import { watchLeases } from '../run/cluster/watch';
import { both } from '../run/monitor';
import { createWishReader } from '../run/wishes';
import { createSnapshots } from '../run/snapshot';
import type { RelayReport } from '../run/report';
import type { Nanos } from '../../core/contract';
import { fromMillis } from '../../core/time';
import { keptByCost, keptFor } from '../kept';
import { KEEP } from '../store/ledger';
import { Beside } from '../store/postgres/beside';
import { summaryOf } from '../store/postgres/inspect';
import { openDatabase } from '../store/postgres/database';
import { partitionsOf } from '../store/postgres/partitions';
import { shardFor, shardsInUse, streamsIn, type Placed } from '../store/postgres/placement';
import { SCHEMA } from '../store/postgres/schema';
import { openShard } from '../store/postgres/store';
import { followWishes } from '../store/postgres/wishes';
import { timed } from '../store/postgres/timed';
import { openTold } from '../store/postgres/told';
import { anotherLog, StateError } from '../store/stateError';
import { VERSION } from '../version';
import type { Io } from './io';
import type { Logger } from './log';
import {
	alsoReading,
	MAX_OUTBOX_SIZE,
	openParts,
	pausesLog,
	refuseUseless,
	type HowToOpen,
	type Working,
} from './parts';
import { limiterOf } from './sources';

/** Many shards are taken at once, and all are looked up in one list. One that a source has left since is refused by its state, and tried again. */
const DIVIDED_MS = 500;

/** What others hold is read from the database only while somebody looks, and not often. */
const OTHERS_MS = 5000;
const OTHERS_FACTOR = 50;

/** Throws `StateError` when the database cannot be used, or when no source can be read with what it holds. */
export async function openCluster(
	config: Config,
	database: DatabaseConfig,
	io: Io,
	log: Logger,
	report: RelayReport,
	{ isStrict = false, mistakes }: HowToOpen = {},
): Promise<Working> {
	const { clock, random } = io;
	const { schema, leaseTtlMs: ttlMs } = database;
	const warn = (message: string) => log.warn(message);
	const opened = await openDatabase(database, { clock, random, warn });
	const { shards, close } = opened;
	const { queries, onRoundtrip } = timed(opened.queries);
	const watch = watchLeases(() => clock.now(), ttlMs);
	try {
		let { sources } = config;
		let hash = likeness(config);
		const homes = new WeakMap<SourceConfig, number>();
		const homeOf = (source: SourceConfig) => {
			const home = homes.get(source) ?? shardFor(limitGroup(source), shards);
			homes.set(source, home);
			return home;
		};
		const shardOf = (source: SourceConfig, known: Placed) => known.get(source.name)?.shard ?? homeOf(source);
		const divide = async () => {
			const [known, inUse] = await Promise.all([streamsIn(queries, schema), shardsInUse(queries, schema)]);
			const result = new Map(inUse.map((shard): [number, SourceConfig[]] => [shard, []]));
			for (const source of sources) {
				const shard = shardOf(source, known);
				const those = result.get(shard) ?? [];
				result.set(shard, those);
				those.push(source);
			}
			return result;
		};
		let divided = keptFor(DIVIDED_MS, clock, divide);
		let torn: ReadonlyMap<string, StateError> = new Map();
		const check = async () => {
			const placed = await streamsIn(queries, schema);
			torn = await tornLimiters(sources, (source) => shardOf(source, placed));
			return new Map([...otherStreams(sources, placed), ...torn].map(([name, error]) => [name, { error }]));
		};
		const refused = await check();
		refuseUseless({ sources: sources.filter(({ name }) => !refused.has(name)), refused }, isStrict);

		const leases = createLeases({
			id: `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`,
			...{ table: opened.leases, ttlMs },
			about: {
				...{ version: VERSION, schema: SCHEMA, host: hostname() },
				get config() {
					return hash;
				},
			},
			// one that is set back or forward says nothing of how long somebody was silent
			now: () => performance.now(),
			wall: () => clock.now(),
			sleep: clock.sleep,
			random,
			outbox: () => worker.outboxSize(),
			report: both(leaseLog(log), watch.leases),
		});
		const admitted = admittance(leases, clock);
		const parts = openParts(config, io, log, {
			report: both(report, watch.shards),
			stores: () => worker.stores(),
			admitted,
		});
		const { gates } = parts;
		const wishes = createWishReader({
			...{
				look: followWishes(queries, schema),
				everyMs: ttlMs / BEATS_PER_TTL,
				clock,
				gates,
				outlets: parts.outlets.all,
			},
			onChange: pausesLog(log),
		});
		await wishes.look();
		const worker = createWorker({
			...{ config, leases, clock, random, gates },
			...{
				outlets: parts.outlets.all,
				report: parts.reports,
				storeListener: parts.storeListener,
				sources: () => sources,
			},
			open: async (source) => {
				const why = torn.get(source.name);
				if (why) throw why;
				return parts.open(source);
			},
			openShard: (lease) =>
				openShard(queries, lease, {
					...{ schema, clock, shards, maxOutboxSize: MAX_OUTBOX_SIZE, keepLedger: longestLedger(sources) },
					elsewhere: () => outboxElsewhere(leases),
				}),
			sourcesOf: async (shard) => (await divided()).get(shard),
		});
		const { holding } = worker;
		const { monitor, known } = parts;
		const partitions = partitionsOf(queries, schema, clock);
		const look = createSnapshots({
			...{ clock, env: io.env, holding, monitor, stop: io.stop, mistakes },
			destinations: () => parts.outlets.all().map(({ config }) => config),
			worker: async () => ({ ...watch.look(leases), connections: opened.connections(), ...(await partitions()) }),
		});
		const beside = new Beside(queries, schema);
		const others = keptByCost(OTHERS_MS, OTHERS_FACTOR, clock, async () => {
			const [summary, placed] = await Promise.all([summaryOf(beside), streamsIn(queries, schema)]);
			const owners = new Map(leases.status().view?.shards.map(({ shard, owner }) => [shard, owner]));
			const shards = new Map(sources.map((source) => [source.name, shardOf(source, placed)]));
			return { summary, workerOf: (name: string) => owners.get(shards.get(name) ?? -1) ?? undefined };
		});
		return {
			run: alsoReading(wishes, worker.run),
			async change(next, destinations) {
				sources = [...next];
				hash = likeness({ sources, destinations });
				divided = keptFor(DIVIDED_MS, clock, divide);
				parts.configured(next, destinations);
				const closeOld = parts.outlets.change(destinations);
				// without the database nothing is read; whoever takes a shard then has what is configured
				await check().catch(() => undefined);
				await worker.change();
				await closeOld();
			},
			observed: { look, monitor, known, others, wishes, onRoundtrip, worker: leases.status().id },
			told: openTold(queries, schema),
			close: async () => {
				await parts.outlets.close();
				close();
			},
			state: { database: schema, worker: leases.status().id },
		};
	} catch (error) {
		close();
		throw error;
	}
}

/** Whoever holds their shards refuses them, too. */
function otherStreams(sources: readonly SourceConfig[], placed: Placed): [string, StateError][] {
	return sources.flatMap((source): [string, StateError][] => {
		const known = placed.get(source.name);
		const isOther = known !== undefined && known.fingerprint !== fingerprint(source);
		return isOther ? [[source.name, anotherLog(source.name)]] : [];
	});
}

/** A rate limit is kept by one process: all sources with one key have to be in one shard. Those that are not with the first, by name. */
async function tornLimiters(
	sources: readonly SourceConfig[],
	shardOf: (source: SourceConfig) => number,
): Promise<Map<string, StateError>> {
	const torn = new Map<string, StateError>();
	const first = new Map<string, SourceConfig>();
	for (const source of sources) {
		// a key that cannot be read now is said when it is used
		const limiter = await limiterOf(source).catch(() => undefined);
		const other = limiter === undefined ? undefined : first.get(limiter);
		if (limiter !== undefined && !other) first.set(limiter, source);
		if (!other || shardOf(other) === shardOf(source)) continue;
		const shard = shardOf(other);
		const error = new StateError(
			`sources ${other.name} and ${source.name}: have the same key and are in different shards (${shard} and ${shardOf(source)}), ` +
				`so that no process can keep its rate limit. \`audit-relay cluster move ${source.name} ${shard}\` puts them together`,
		);
		torn.set(source.name, error);
	}
	return torn;
}

function longestLedger(sources: readonly SourceConfig[]): Nanos {
	const each = sources.map(({ keepLedgerMs: ms }) => (ms === undefined ? KEEP : fromMillis(ms)));
	return each.reduce((longest, one) => (one > longest ? one : longest), 0n) || KEEP;
}

function outboxElsewhere(leases: Leases): number {
	const { id, view } = leases.status();
	return (view?.workers ?? []).reduce((sum, worker) => (worker.id === id ? sum : sum + worker.outbox), 0);
}
