/** Metrics of every destination: `audit_relay.destination.*`, attribute `destination`. */
import type { DestinationSnapshot } from '../../run/snapshot';
import { seconds, type Instrument } from './instrument';

const STATES = { ok: 0, failing: 0, degraded: 1, halted: 2 } as const;

export const DESTINATION: readonly Instrument<DestinationSnapshot>[] = [
	{
		name: 'state',
		description: '0 ok or failing, 1 degraded (nothing but failures for 5 minutes), 2 halted (somebody has to act)',
		read: ({ state }) => STATES[state],
	},
	{
		name: 'records.shipped',
		counter: true,
		unit: '{record}',
		description: 'Records that the destination acknowledged',
		read: ({ shipped }) => shipped,
	},
	{
		name: 'oldest_unacknowledged.age',
		unit: 's',
		description: 'Time that the oldest batch has waited for the destination; 0 when none waits',
		read: ({ oldestUnacknowledgedMs }) => seconds(oldestUnacknowledgedMs),
	},
	{
		name: 'outbox.records',
		unit: '{record}',
		description: 'Records that the destination has not acknowledged',
		read: ({ waiting }) => waiting,
	},
	{
		name: 'in_flight',
		unit: '{record}',
		description: 'Records being sent, or waiting for their next attempt',
		read: ({ inFlight }) => inFlight,
	},
	{
		name: 'consecutive_failures',
		unit: '{attempt}',
		description: 'Failed attempts since the destination last took something',
		read: ({ consecutiveFailures }) => consecutiveFailures,
	},
	{
		name: 'dead_letters',
		unit: '{record}',
		description: 'Dead letters of the destination kept in the state',
		read: ({ deadLetters }) => deadLetters,
	},
	{
		name: 'dead_letters.doubtful',
		unit: '{record}',
		description: 'Those of the dead letters that the destination may have stored: it took a part and did not say which',
		read: ({ doubtful }) => doubtful,
	},
];
