import { arpioApi, arpioSandboxKey, type ArpioOptions } from '../../../sandbox/arpio/api';
import { arpioAccountId, arpioEvent } from '../../../sandbox/arpio/events';
import { eventLog } from '../../../sandbox/eventLog';
import { seededLogs } from '../../../sandbox/seed';
import { asker, at, ids, testClock, type Asked } from '../support';

export const account = `/api/accounts/${arpioAccountId}`;
export const events = `${account}/auditEvents`;
export const key = { 'X-Api-Key': `${arpioSandboxKey.id}:${arpioSandboxKey.secret}` };

export function setup(switches: ArpioOptions['switches'] = {}, options: ArpioOptions = {}) {
	const clock = testClock();
	const api = arpioApi({ clock, log: seededLogs().arpio, ...options, switches });
	return { clock, api, ask: asker(api, key) };
}

/** Ids of all pages, and how many pages there were. */
export function walk(ask: (url: string) => Asked, query: string, between: () => void = () => undefined) {
	const found: string[] = [];
	for (let pages = 1, token = ''; ; pages++) {
		const reply = ask(`${events}?${query}${token && `&nextToken=${encodeURIComponent(token)}`}`);
		expect(reply.status).toBe(200);
		found.push(...ids(reply.data['events'], 'eventId'));
		token = (reply.data['nextToken'] as string | undefined) ?? '';
		if (!token || pages > 50) return { found, pages };
		between();
	}
}

export const five = () => eventLog([0, 1, 2, 3, 4].map((n) => arpioEvent({ id: `e${n}`, micros: at(n) })));
