/** A configuration put to work on a state that other processes work on too. */
import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import { fingerprint } from '../config/fingerprint';
import { limitGroup } from '../config/limitGroup';
import type { Config, DatabaseConfig, SourceConfig } from '../config/types';
import { admittance, createWorker } from '../run/cluster/worker';
import { createLeases, type Leases } from '../run/cluster/leases';
import { leaseLog } from '../run/cluster/leaseLog';
import { watchLeases } from '../run/cluster/watch';
import { both } from '../run/monitor';
import { createSnapshots } from '../run/snapshot';
import type { RelayReport } from '../run/report';
import type { Nanos } from '../../core/contract';
import { fromMillis } from '../../core/time';
import { keptFor } from '../kept';
import { KEEP } from '../store/ledger';
import { openDatabase } from '../store/postgres/database';
import { partitionsOf } from '../store/postgres/partitions';
import { shardFor, shardsInUse, streamsIn, type Placed } from '../store/postgres/placement';
import { SCHEMA } from '../store/postgres/schema';
import { openShard } from '../store/postgres/store';
import { timed } from '../store/postgres/timed';
import { openTold } from '../store/postgres/told';
import { anotherLog, StateError } from '../store/stateError';
import { VERSION } from '../version';
import type { Io } from './io';
import type { Logger } from './log';
import { closeAll, MAX_OUTBOX_SIZE, openParts, type Working } from './parts';
import { limiterOf } from './sources';

/** Many shards are taken at once, and all are looked up in one list. One that a source has left since is refused by its state, and tried again. */
const DIVIDED_MS = 500;

/** Throws `StateError` when the database cannot be used, or holds other streams under these names. */
export async function openCluster(
	config: Config,
	database: DatabaseConfig,
	io: Io,
	log: Logger,
	report: RelayReport,
): Promise<Working> {
	const { clock, random } = io;
	const { schema, leaseTtlMs: ttlMs } = database;
	const warn = (message: string) => log.warn(message);
	const opened = await openDatabase(database, { clock, random, warn });
	const { shards, close } = opened;
	const { queries, onRoundtrip } = timed(opened.queries);
	const watch = watchLeases(() => clock.now(), ttlMs);
	try {
		const placed = await streamsIn(queries, schema);
		checkStreams(config.sources, placed);
		const homes = new Map(config.sources.map((source) => [source, shardFor(limitGroup(source), shards)]));
		const shardOf = (source: SourceConfig, known: Placed) => known.get(source.name)?.shard ?? homes.get(source)!;
		const divided = keptFor(DIVIDED_MS, clock, async () => {
			const [known, inUse] = await Promise.all([streamsIn(queries, schema), shardsInUse(queries, schema)]);
			const result = new Map(inUse.map((shard): [number, SourceConfig[]] => [shard, []]));
			for (const source of config.sources) {
				const shard = shardOf(source, known);
				const those = result.get(shard) ?? [];
				result.set(shard, those);
				those.push(source);
			}
			return result;
		});
		await checkLimiters(config.sources, (source) => shardOf(source, placed));

		const leases = createLeases({
			id: `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`,
			...{ table: opened.leases, ttlMs },
			about: { version: VERSION, schema: SCHEMA, config: hashOf(config), host: hostname() },
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
		const worker = createWorker({
			...{ config, leases, clock, random },
			...{ outlets: parts.outlets, open: parts.open, report: parts.reports, storeListener: parts.storeListener },
			openShard: (lease) =>
				openShard(queries, lease, {
					...{ schema, clock, shards, maxOutboxSize: MAX_OUTBOX_SIZE, keepLedger: longestLedger(config) },
					elsewhere: () => outboxElsewhere(leases),
				}),
			sourcesOf: async (shard) => (await divided()).get(shard),
		});
		const { holding } = worker;
		const { monitor, known } = parts;
		const partitions = partitionsOf(queries, schema, clock);
		const look = createSnapshots({
			...{ destinations: config.destinations, clock, holding, monitor, stop: io.stop },
			worker: async () => ({ ...watch.look(leases), connections: opened.connections(), ...(await partitions()) }),
		});
		return {
			run: worker.run,
			observed: { look, monitor, known, onRoundtrip, worker: leases.status().id },
			told: openTold(queries, schema),
			close: async () => {
				await closeAll(parts.outlets);
				close();
			},
			state: { database: schema, worker: leases.status().id },
		};
	} catch (error) {
		close();
		throw error;
	}
}

function checkStreams(sources: readonly SourceConfig[], placed: Placed): void {
	for (const source of sources) {
		const known = placed.get(source.name);
		if (known && known.fingerprint !== fingerprint(source)) throw anotherLog(source.name);
	}
}

/** A rate limit is kept by one process: all sources with one key have to be in one shard. */
async function checkLimiters(
	sources: readonly SourceConfig[],
	shardOf: (source: SourceConfig) => number,
): Promise<void> {
	const first = new Map<string, SourceConfig>();
	for (const source of sources) {
		// a key that cannot be read now is said when it is used
		const limiter = await limiterOf(source).catch(() => undefined);
		const other = limiter === undefined ? undefined : first.get(limiter);
		if (limiter !== undefined && !other) first.set(limiter, source);
		if (!other || shardOf(other) === shardOf(source)) continue;
		const shard = shardOf(other);
		throw new StateError(
			`sources ${other.name} and ${source.name}: have the same key and are in different shards (${shard} and ${shardOf(source)}), ` +
				`so that no process can keep its rate limit. \`audit-relay cluster move ${source.name} ${shard}\` puts them together`,
		);
	}
}

/** Differs between workers whose configuration differs. No secret goes into it. */
function hashOf({ sources, destinations }: Config): string {
	const parts = [...sources.map(fingerprint), ...destinations.map(({ name, endpoint }) => `${name} ${endpoint}`)];
	return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

function longestLedger({ sources }: Config): Nanos {
	const each = sources.map(({ keepLedgerMs: ms }) => (ms === undefined ? KEEP : fromMillis(ms)));
	return each.reduce((longest, one) => (one > longest ? one : longest), 0n) || KEEP;
}

function outboxElsewhere(leases: Leases): number {
	const { id, view } = leases.status();
	return (view?.workers ?? []).reduce((sum, worker) => (worker.id === id ? sum : sum + worker.outbox), 0);
}
