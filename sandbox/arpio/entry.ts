import type { Entry, Story } from '../entry';
import { pick } from '../entry';
import { arpioEvents } from '../fixtures';
import { arpioApi, arpioSandboxKey, type ArpioApi } from './api';
import { arpioAccountId, arpioEvent, type ArpioEventFields } from './events';
import type { ArpioSwitches } from './switches';

const story: Story<Omit<ArpioEventFields, 'id' | 'micros'>> = [
	[12, {}],
	[4, { type: 'getRecoveryPoints' }],
	[2, { type: 'updateApplication', access: 'write' }],
	[1, { type: 'concludeApplicationRecovery', access: 'write', statusCode: 202 }],
	[1, { type: 'startApplicationTest', access: 'write', statusCode: 202 }],
	[1, { type: 'endApplicationTest', access: 'write', statusCode: 202 }],
	[1, { type: 'startApplicationRecovery', access: 'write', statusCode: 202 }],
	[1, { type: 'createApiKey', access: 'write', result: 'failure', statusCode: 403 }],
];

export const arpio = {
	provider: 'arpio',
	basePath: '',
	apiKey: `${arpioSandboxKey.id}:${arpioSandboxKey.secret}`,
	settings: { accountId: arpioAccountId },
	seed: { texts: arpioEvents, idKey: 'eventId', timeKey: 'timestamp' },
	list: { at: 'events', size: 'pageSize', isAscending: true },
	create: arpioApi,
	happen: (log, random, { hex }, micros) =>
		void log.add(arpioEvent({ ...pick(story, random), id: hex.slice(0, 22), micros })),
} as const satisfies Entry<ArpioApi, ArpioSwitches>;
