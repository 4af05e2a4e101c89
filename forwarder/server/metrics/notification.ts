/** Metrics of every notification: `audit_relay.notification.*`, attribute `notification`. */
import type { NotificationStatus } from '../../notify/status';
import type { Instrument } from './instrument';

export const NOTIFICATION: readonly Instrument<NotificationStatus>[] = [
	{
		name: 'messages',
		counter: true,
		unit: '{message}',
		description: 'Messages, by whether they were taken',
		read: ({ sent, failed }) => [
			[sent, { outcome: 'sent' }],
			[failed, { outcome: 'failed' }],
		],
	},
	{
		name: 'failing',
		description: '1 when the last message was not taken, else 0',
		read: ({ failure }) => Number(failure !== undefined),
	},
];
