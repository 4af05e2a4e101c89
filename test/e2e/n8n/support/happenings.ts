/** What happens in the three services while triggers watch them. */
import { randomUUID } from 'node:crypto';
import { arcusEntry } from '../../../../sandbox/arcus/events';
import { arpioEvent } from '../../../../sandbox/arpio/events';
import { auditApiEvent } from '../../../../sandbox/auditapi/events';
import type { Sandbox } from '../../../../sandbox/scenario';

export interface Trigger {
	/** Of the node, and the name of its workflow. */
	readonly type: string;
	/** Field of the event's id. */
	readonly id: string;
	add(sandbox: Sandbox, id: string, micros: number, visibleAt: number): void;
}

export const TRIGGERS: readonly Trigger[] = [
	{
		type: 'arpioTrigger',
		id: 'eventId',
		add: ({ arpio: { api } }, id, micros, visibleAt) =>
			void api.log.add({ ...arpioEvent({ id, micros, type: 'updateApplication', access: 'write' }), visibleAt }),
	},
	{
		type: 'arcusErpTrigger',
		id: 'id',
		add: ({ arcus: { api } }, id, micros, visibleAt) =>
			void api.log.add({ ...arcusEntry(api.log, { id, micros, action: 'order.created' }), visibleAt }),
	},
	{
		type: 'auditApiTrigger',
		id: 'id',
		add: ({ auditapi: { api } }, id, micros, visibleAt) =>
			void api.log.add({ ...auditApiEvent({ id, at: micros, payload: { action: 'account.updated' } }), visibleAt }),
	},
];

/** Longer than the triggers of the tests wait between two polls. */
const LATE_MS = 15_000;

export interface Happened {
	/** Ids by trigger. */
	readonly all: Map<string, string[]>;
	/** Those that could be seen at once. */
	readonly atOnce: Map<string, string[]>;
}

export const nothingYet = (): Happened => ({ all: new Map(), atOnce: new Map() });

/** In each service three events of one microsecond, one of which shows up only after the next poll, and an event after them. */
export function happen(sandbox: Sandbox, { all, atOnce }: Happened): void {
	const now = Date.now();
	for (const { type, add } of TRIGGERS) {
		for (const [micros, visibleAt] of [
			[now * 1000, now],
			[now * 1000, now + LATE_MS],
			[now * 1000, now],
			[now * 1000 + 1, now],
		] as const) {
			const id = randomUUID();
			add(sandbox, id, micros, visibleAt);
			for (const ids of visibleAt > now ? [all] : [all, atOnce]) ids.set(type, [...(ids.get(type) ?? []), id]);
		}
	}
}
