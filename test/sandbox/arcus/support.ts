import { arcusApi, type ArcusOptions } from '../../../sandbox/arcus/api';
import { arcusSandboxKey, type ArcusKey } from '../../../sandbox/arcus/keys';
import { seededLogs } from '../../../sandbox/seed';
import { asker, ids, testClock, type Asked } from '../support';

export const list = '/v1/audit_log_entries';
export const all = 'expand[]=data.actor&expand[]=data.resource&expand[]=data.diff&expand[]=data.chain';
export const bearer = (key: ArcusKey) => ({ Authorization: `Bearer ${key.key}` });

export function setup(switches: ArcusOptions['switches'] = {}, options: ArcusOptions = {}) {
	const clock = testClock();
	const key = options.keys?.[0] ?? arcusSandboxKey;
	const api = arcusApi({ clock, log: seededLogs().arcus, ...options, switches });
	return { clock, api, ask: asker(api, bearer(key)) };
}

export const found = (reply: Asked) => ids(reply.data['data']);
export const count = (reply: Asked) => (reply.data['data'] as unknown[]).length;

export function walk(ask: (url: string) => Asked, query: string) {
	const seen: string[] = [];
	for (let cursor = ''; ; cursor = `&starting_after=${seen.at(-1)}`) {
		const reply = ask(`${list}?${query}${cursor}`);
		seen.push(...found(reply));
		if (reply.data['has_more'] !== true) return seen;
	}
}
