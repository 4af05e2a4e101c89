/** `audit-relay cluster move`: the state of a source into another shard, with all sources that share its rate limit. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Command } from 'commander';
import { fingerprint, kept } from '../../config/fingerprint';
import { limitGroup } from '../../config/limitGroup';
import type { Config, SourceConfig } from '../../config/types';
import { borrow, ShardLost, type BorrowDeps } from '../../run/cluster/borrow';
import type { Lease } from '../../store/lease';
import { moveStreams, placeStream } from '../../store/postgres/move';
import { readCluster } from '../../store/postgres/cluster';
import { SCHEMA } from '../../store/postgres/schema';
import { VERSION } from '../../version';
import { contextOf, examples } from '../context';
import { CommandFailed, UsageError } from '../exit';
import type { Io } from '../io';
import { limiterOf } from '../sources';
import { counted } from '../ui';
import { inCluster, type OpenCluster } from './open';

const HELP = `
The owners of both shards are asked to give them back, ship what they have first (as long as their --grace), and take them again afterwards.
What still waits goes along; a destination that has a page which another one still waits for may get it twice.
`;

interface Moved {
	shard: number;
	moved: string[];
	/** Batches that waited. */
	batches: number;
}

export function addMove(group: Command, io: Io): void {
	group
		.command('move')
		.description('move a source, and those that share its rate limit, into another shard')
		.argument('<source>', 'its name in the configuration')
		.argument('<shard>', 'the number of the shard')
		.addHelpText('after', HELP + examples(['audit-relay cluster move dr 12', 'when `run` says that two have one key']))
		.action(async (name: string, number: string, _options: unknown, command: Command) => {
			const { json, config: load } = contextOf(command, io);
			const config = await load();
			const source = config.sources.find((one) => one.name === name);
			if (!source) throw new UsageError(`${name}: is no source of the configuration`);
			const all = await sharing(source, config);
			const result = await inCluster(config, io, (cluster) => move(all, shardOf(number, cluster.shards), cluster, io));
			io.stdout.write(json ? `${JSON.stringify(result)}\n` : told(result));
		});
}

function told({ shard, moved, batches }: Moved): string {
	if (moved.length === 0) return `nothing to move: all that share the rate limit are in shard ${shard}\n`;
	return `moved into shard ${shard}: ${moved.join(', ')}${batches > 0 ? `, with ${counted(batches, 'batch', 'batches')} that wait` : ''}\n`;
}

function shardOf(text: string, shards: number): number {
	const shard = /^\d+$/.test(text) ? Number(text) : NaN;
	if (shard < shards) return shard;
	throw new UsageError(`${text}: is no shard; they are numbered from 0 to ${shards - 1}`);
}

/** By the name of the key, and by the key itself. */
async function sharing(source: SourceConfig, { sources }: Config): Promise<SourceConfig[]> {
	const limiter = (one: SourceConfig) => limiterOf(one).catch(() => undefined);
	const own = await limiter(source);
	const shares = async (one: SourceConfig) =>
		limitGroup(one) === limitGroup(source) || (own !== undefined && (await limiter(one)) === own);
	const found = await Promise.all(sources.map(async (one) => ((await shares(one)) ? [one] : [])));
	return found.flat();
}

async function move(sources: readonly SourceConfig[], shard: number, cluster: OpenCluster, io: Io): Promise<Moved> {
	const { beside, leases: table, config } = cluster;
	const { shards } = await readCluster(beside);
	const placeOf = (name: string) => shards.find((one) => one.sources.includes(name))?.shard;
	const unplaced = sources.filter(({ name }) => placeOf(name) === undefined);
	for (const one of unplaced) {
		await placeStream(beside, { name: one.name, fingerprint: fingerprint(one), settings: kept(one) }, shard);
	}
	const elsewhere = shards
		.map((one) => ({
			shard: one.shard,
			names: sources.map(({ name }) => name).filter((name) => one.sources.includes(name)),
		}))
		.filter((one) => one.shard !== shard && one.names.length > 0);
	const deps = (of: number): BorrowDeps => ({
		id: `cli-${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}-${of}`,
		...{ table, ttlMs: config.leaseTtlMs, sleep: io.clock.sleep },
		about: { version: VERSION, schema: SCHEMA, config: '', host: hostname() },
		// one that is set back or forward says nothing of how long somebody was silent
		now: () => performance.now(),
	});
	const held = new Map<number, Lease>();
	const work = async (): Promise<number> => {
		let batches = 0;
		for (const one of elsewhere)
			batches += await moveStreams(beside, one.names, held.get(one.shard)!, held.get(shard)!);
		return batches;
	};
	// always in the same order: two commands that wait for each other would wait for ever
	const wanted = elsewhere.length > 0 ? [shard, ...elsewhere.map((one) => one.shard)].sort((a, b) => a - b) : [];
	const within = wanted.reduceRight<() => Promise<number>>(
		(inner, one) => () =>
			borrow(one, deps(one), io.stop, (lease) => {
				held.set(one, lease);
				return inner();
			}),
		work,
	);
	if (wanted.length > 0) io.stderr.write(`waiting until ${counted(wanted.length, 'shard')} are given back\n`);
	const batches = await within().catch((error: unknown) => {
		throw error instanceof ShardLost ? new CommandFailed(`${error.message}; do it again`) : error;
	});
	return { shard, moved: [...unplaced.map(({ name }) => name), ...elsewhere.flatMap(({ names }) => names)], batches };
}
