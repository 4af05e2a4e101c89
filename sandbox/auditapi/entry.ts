import type { Entry, Story } from '../entry';
import { pick } from '../entry';
import { auditapiEvents } from '../fixtures';
import { auditApi, auditApiSandboxKey, type AuditApiApi } from './api';
import { auditApiEvent } from './events';
import type { AuditApiSwitches } from './switches';

const story: Story<Record<string, unknown>> = [
	[8, { action: 'account.updated', account_id: 1234, user_id: 5678 }],
	[4, { action: 'login', outcome: 'success', ip: '198.51.100.20' }],
	[2, { action: 'login', outcome: 'failure', ip: '198.51.100.200' }],
	[2, { action: 'invoice.paid', invoice_id: 40213, amount: '1190.50' }],
	[1, { action: 'dr.failover.started', severity: 'critical', application: 'checkout' }],
];

export const auditapi = {
	provider: 'auditapi',
	basePath: '/v1',
	apiKey: auditApiSandboxKey,
	settings: {},
	seed: { texts: auditapiEvents, idKey: 'id', timeKey: 'timestamp' },
	list: { at: 'data', size: 'limit', isAscending: false },
	create: auditApi,
	happen: (log, random, { uuid }, micros) =>
		void log.add(auditApiEvent({ id: uuid, at: micros, payload: pick(story, random) })),
} as const satisfies Entry<AuditApiApi, AuditApiSwitches>;
