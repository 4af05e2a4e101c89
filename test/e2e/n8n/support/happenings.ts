/** What happens in the three services while triggers watch them. */
import { randomUUID } from 'node:crypto';
import { arcusEntry } from '../../../../sandbox/arcus/events';
import { arpioEvent } from '../../../../sandbox/arpio/events';
import { auditApiEvent } from '../../../../sandbox/auditapi/events';
import type { Sandbox } from '../../../../sandbox/scenario';

export interface Trigger {
	/** Of the node, and the name of its workflow. */
	readonly type: string;
	readonly service: 'arpio' | 'arcus' | 'auditapi';
	/** Field of the event's id. */
	readonly id: string;
	add(sandbox: Sandbox, id: string, moment: Moment): void;
}

/** Of an event: when it happened, and from which millisecond on it is listed. */
export interface Moment {
	readonly micros: number;
	readonly visibleAt: number;
}

export const TRIGGERS: readonly Trigger[] = [
	{
		type: 'arpioTrigger',
		service: 'arpio',
		id: 'eventId',
		add: ({ arpio: { api } }, id, { micros, visibleAt }) =>
			void api.log.add({ ...arpioEvent({ id, micros, type: 'updateApplication', access: 'write' }), visibleAt }),
	},
	{
		type: 'arcusErpTrigger',
		service: 'arcus',
		id: 'id',
		add: ({ arcus: { api } }, id, { micros, visibleAt }) =>
			void api.log.add({ ...arcusEntry(api.log, { id, micros, action: 'order.created' }), visibleAt }),
	},
	{
		type: 'auditApiTrigger',
		service: 'auditapi',
		id: 'id',
		add: ({ auditapi: { api } }, id, { micros, visibleAt }) =>
			void api.log.add({ ...auditApiEvent({ id, at: micros, payload: { action: 'account.updated' } }), visibleAt }),
	},
];

export const single = (agoMs = 0, now = Date.now()): Moment[] => [{ micros: (now - agoMs) * 1000, visibleAt: now }];

/** So many of one microsecond. */
export const tied = (count: number, now = Date.now()): Moment[] =>
	Array.from({ length: count }, () => ({ micros: now * 1000, visibleAt: now }));

/** Three of one microsecond, one of which is listed only after that time, when what came after them has long been read. */
export const lateAndTied = (lateMs: number, now = Date.now()): Moment[] => [
	...tied(2, now),
	{ micros: now * 1000, visibleAt: now + lateMs },
	{ micros: now * 1000 + 1, visibleAt: now },
];

export interface Happened {
	readonly id: string;
	readonly visibleAt: number;
}

/** In each service. Returns what to expect of each trigger. */
export function happen(sandbox: Sandbox, moments: readonly Moment[]): Map<Trigger, Happened[]> {
	return new Map(
		TRIGGERS.map((trigger) => [
			trigger,
			moments.map((moment) => {
				const id = randomUUID();
				trigger.add(sandbox, id, moment);
				return { id, visibleAt: moment.visibleAt };
			}),
		]),
	);
}
