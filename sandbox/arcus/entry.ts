import type { Entry, Story } from '../entry';
import { pick } from '../entry';
import { arcusEntries } from '../fixtures';
import { arcusApi, type ArcusApi } from './api';
import { arcusEntry, type ArcusEntryFields } from './events';
import { arcusSandboxKey } from './keys';
import type { ArcusSwitches } from './switches';

const story: Story<Omit<ArcusEntryFields, 'id' | 'micros'>> = [
	[8, {}],
	[6, { action: 'order.created', description: 'Created SO-001042' }],
	[
		3,
		{ action: 'payment.received', resource: { type: 'payment', label: 'PMT-88214' }, description: 'Payment received' },
	],
	[
		2,
		{
			action: 'user.login',
			severity: 'security',
			outcome: 'failure',
			description: 'Wrong password',
			resource: { type: 'user' },
		},
	],
	[1, { action: 'order.deleted', severity: 'warning', description: 'Deleted SO-001042' }],
	[
		1,
		{ action: 'system.failover_started', severity: 'critical', actor: { type: 'system', id: null, label: 'Platform' } },
	],
];

export const arcus = {
	provider: 'arcus-erp',
	basePath: '/v1',
	apiKey: arcusSandboxKey.key,
	settings: {},
	seed: { texts: arcusEntries, idKey: 'id', timeKey: 'created_at' },
	list: { at: 'data', size: 'limit', isAscending: false },
	create: arcusApi,
	happen: (log, random, { uuid }, micros) =>
		void log.add(arcusEntry(log, { ...pick(story, random), id: uuid, micros })),
} as const satisfies Entry<ArcusApi, ArcusSwitches>;
