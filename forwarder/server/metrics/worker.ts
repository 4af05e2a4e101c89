/** Metrics of a worker that shares a database: `audit_relay.*`. None of them is there over a state file. */
import type { WorkerSnapshot } from '../../run/cluster/watch';
import { seconds, type Instrument } from './instrument';

export const WORKER: readonly Instrument<WorkerSnapshot>[] = [
	{
		name: 'worker.shards',
		unit: '{shard}',
		description: 'Shards that this worker holds',
		read: ({ held }) => held,
	},
	{
		name: 'worker.peers',
		unit: '{worker}',
		description: 'Workers that share the work, as this one sees it, itself included',
		read: ({ living }) => living,
	},
	{
		name: 'worker.beat_age',
		unit: 's',
		description: 'Time since the last beat that succeeded; from lease.ttl on others take its shards',
		read: ({ beatAgeMs }) => seconds(beatAgeMs),
	},
	{
		name: 'shards.unowned',
		unit: '{shard}',
		description: 'Shards that nobody alive holds, as this worker sees it',
		read: ({ unowned }) => unowned,
	},
	{
		name: 'shard.takeovers',
		counter: true,
		unit: '{shard}',
		description: 'Shards that this worker has taken, by what they were: free, of a dead worker, or its own again',
		read: ({ takeovers }) => Object.entries(takeovers).map(([reason, count]) => [count, { reason }]),
	},
	{
		name: 'commits.refused',
		counter: true,
		unit: '{commit}',
		description: 'Writes that were refused, or whose outcome was unknown; the shard was read again',
		read: ({ refused }) => refused,
	},
	{
		name: 'state.connections',
		unit: '{connection}',
		description: 'Connections to the database that are open',
		read: ({ connections }) => connections,
	},
	{
		name: 'outbox.slots_in_use',
		unit: '{slot}',
		description: 'Partitions of the outbox that hold something, of 8',
		read: ({ partitions }) => partitions?.slotsInUse,
	},
	{
		name: 'ledger.days_ahead',
		unit: '{day}',
		description: 'Days to come for which ids have a partition already',
		read: ({ partitions }) => partitions?.daysAhead,
	},
];
