import { auditApi, auditApiSandboxKey, type AuditApiOptions } from '../../../sandbox/auditapi/api';
import { auditApiEvent } from '../../../sandbox/auditapi/events';
import { eventLog } from '../../../sandbox/eventLog';
import { seededLogs } from '../../../sandbox/seed';
import { asker, at, ids, testClock, type Asked } from '../support';

export const list = '/v1/events';
export const key = { Authorization: `Bearer ${auditApiSandboxKey}` };

export function setup(switches: AuditApiOptions['switches'] = {}, options: AuditApiOptions = {}) {
	const clock = testClock();
	const api = auditApi({ clock, log: seededLogs().auditapi, ...options, switches });
	return { clock, api, ask: asker(api, key) };
}

export const found = (reply: Asked) => ids(reply.data['data']);
export const six = () =>
	eventLog([0, 1, 2, 3, 4, 5].map((n) => auditApiEvent({ id: `e${n}`, at: at(n), payload: { n } })));
export const post = (ask: (url: string, more: object) => Asked, body: string) => ask(list, { method: 'POST', body });
