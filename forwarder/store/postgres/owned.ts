/** Changes for which nobody else may write a shard: its owner is asked for it, and gets it back when they are done. */
import type { Gap } from '../../../core/walk/contract';
import type { OwnedState } from '../admin';
import type { Lease } from '../lease';
import { adminOf, type AdminOptions } from './admin';
import { insert, waits } from './batches';
import { Beside } from './beside';
import { Fence } from './fence';
import { grouped } from '../../grouped';
import { countRows, importState } from './importState';
import { gapsOf } from './letters';
import type { Queries } from './queries';
import { sql, type Sql } from './sql';

export interface OwnOptions extends AdminOptions {
	/** Where a stream goes, of so many shards. */
	shardOf(shards: number): (stream: string) => number;
	/** Has these shards for as long as `work` lasts. */
	hold<T>(shards: readonly number[], work: (leases: readonly Lease[]) => Promise<T>): Promise<T>;
}

type Told = Parameters<OwnedState['reset']>[2];

export function ownedOf(queries: Queries, options: OwnOptions): OwnedState {
	const { schema, hold } = options;
	const state = new Beside(queries, schema);
	const fenceOf = (lease: Lease) => new Fence(queries, schema, lease);

	/** In one commit of the shard of the stream. */
	async function change(stream: string, effects: readonly Sql[], gap: Gap | undefined, told: Told): Promise<void> {
		const shard = await state.shardOf(stream);
		if (shard === undefined) return;
		await hold([shard], async ([lease]) => {
			await fenceOf(lease!).write(() => ({ effects: [...effects, ...(gap ? telling(shard, stream, gap, told) : [])] }));
		});
	}

	return {
		...adminOf(queries, options),
		// ids of a former stream of that name do not count
		reset: (stream, gap, told) =>
			change(
				stream,
				[
					sql`DELETE FROM @streams USING fence WHERE name = ${stream}::text`,
					sql`UPDATE @backfills b SET ended = ${told.now}::bigint, cancelled = true FROM fence WHERE stream = ${stream}::text AND ended IS NULL`,
					sql`DELETE FROM @rereads USING fence WHERE stream = ${stream}::text`,
				],
				gap,
				told,
			),
		// what was stored says nothing of the new settings; of another log it may have the same ids
		adopt: ({ name, fingerprint, settings }, gap, told) =>
			change(
				name,
				[
					sql`UPDATE @streams s SET fingerprint = ${fingerprint}::text, settings = ${settings}::text, walk = NULL, kept = NULL,
						ledger_from = watermark, generation = generation + ${gap ? 1 : 0}::int FROM fence WHERE name = ${name}::text`,
					sql`UPDATE @backfills b SET walk = NULL FROM fence WHERE stream = ${name}::text AND ended IS NULL`,
				],
				gap,
				told,
			),
		async giveUp(destination, told) {
			const rows = await state.read<{ shard: number }>(
				sql`SELECT shard FROM @cursors WHERE destination = ${destination}::text ORDER BY shard`,
			);
			const shards = rows.map(({ shard }) => shard);
			if (shards.length === 0) return 0;
			return hold(shards, async (leases) => {
				let events = 0;
				for (const lease of leases) events += await giveUp(fenceOf(lease), destination, told);
				return events;
			});
		},
		async import(imported) {
			const all = await state.read<{ shard: number }>(sql`SELECT shard FROM @shards ORDER BY shard`);
			await hold(
				all.map(({ shard }) => shard),
				(leases) => importState(queries, schema, leases, options.shardOf(all.length), imported),
			);
		},
		counts: () => countRows(state),
	};
}

function telling(shard: number, stream: string, gap: Gap, { destinations, now }: Told): Sql[] {
	const batch = { stream, destinations, observed: now, events: [], gaps: [gap] };
	return [gapsOf(stream, [gap], now), ...(destinations.length > 0 ? [insert(shard, batch).effect] : [])];
}

/**
 * A batch has the number of its commit, so that each source has one of its own. The last one moves the cursor behind everything: without a
 * cursor all that was ever stored would wait for the destination.
 */
async function giveUp(
	fence: Fence,
	destination: string,
	{ now, destinationsOf }: Parameters<OwnedState['giveUp']>[1],
): Promise<number> {
	const { shard } = fence.lease;
	const waiting = await fence.read<{ stream: string; events: number }>(
		sql`SELECT stream, records - json_array_length(gaps::json) - (verified IS NOT NULL)::int AS events FROM @batches b
			WHERE ${waits(sql`${shard}::int`)} AND ${destination}::text = ANY(for_destinations)
				AND seq > (SELECT acked FROM @cursors WHERE shard = ${shard}::int AND destination = ${destination}::text)`,
	);
	const lost = [...grouped(waiting, ({ stream }) => stream)].map(([stream, batches]) => ({
		stream,
		events: batches.reduce((sum, { events }) => sum + events, 0),
	}));
	for (const { stream, events } of lost) {
		const detail = `given up by operator: ${events} events for destination ${destination}, which is no longer configured`;
		const told = { destinations: destinationsOf(stream), now };
		await fence.write(() => ({ effects: telling(shard, stream, { reason: 'skipped', detail }, told) }));
	}
	const cursor = sql`shard = ${shard}::int AND destination = ${destination}::text`;
	await fence.write(() => ({
		effects: [
			sql`UPDATE @cursors c SET acked = fence.seq FROM fence WHERE ${cursor}`,
			sql`DELETE FROM @destinations USING fence WHERE shard = ${shard}::int AND name = ${destination}::text`,
		],
	}));
	return lost.reduce((sum, { events }) => sum + events, 0);
}
