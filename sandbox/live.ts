/** Made-up but realistic traffic: mostly routine, now and then something that deserves attention. */
import { createHash } from 'node:crypto';
import { arcusEntry, type ArcusEntryFields } from './arcus/events';
import { arpioEvent, type ArpioEventFields } from './arpio/events';
import { auditApiEvent } from './auditapi/events';
import { randomFrom } from './faults';
import type { SeededLogs } from './seed';

type Story<T> = readonly (readonly [weight: number, fields: T])[];

const arpio: Story<Omit<ArpioEventFields, 'id' | 'micros'>> = [
	[12, {}],
	[4, { type: 'getRecoveryPoints' }],
	[3, { type: 'updateApplication', access: 'write' }],
	[2, { type: 'startApplicationTest', access: 'write', statusCode: 202 }],
	[1, { type: 'startApplicationRecovery', access: 'write', statusCode: 202 }],
	[1, { type: 'createApiKey', access: 'write', result: 'failure', statusCode: 403 }],
];

const arcus: Story<Omit<ArcusEntryFields, 'id' | 'micros'>> = [
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

const auditapi: Story<Record<string, unknown>> = [
	[8, { action: 'account.updated', account_id: 1234, user_id: 5678 }],
	[4, { action: 'login', outcome: 'success', ip: '198.51.100.20' }],
	[2, { action: 'login', outcome: 'failure', ip: '198.51.100.200' }],
	[2, { action: 'invoice.paid', invoice_id: 40213, amount: '1190.50' }],
	[1, { action: 'dr.failover.started', severity: 'critical', application: 'checkout' }],
];

/** Each call adds one event, happening at `nowMs`, to one of the three logs. The same seed tells the same story. */
export function liveEvents(logs: SeededLogs, seed = 1): (nowMs: number) => void {
	const random = randomFrom(seed);
	let count = 0;
	return (nowMs) => {
		const micros = Math.round(nowMs * 1000);
		const hex = createHash('sha256').update(`live ${seed} ${count++}`).digest('hex');
		const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
		switch (Math.floor(random() * 3)) {
			case 0:
				return void logs.arpio.add(arpioEvent({ ...pick(arpio, random()), id: hex.slice(0, 22), micros }));
			case 1:
				return void logs.arcus.add(arcusEntry(logs.arcus, { ...pick(arcus, random()), id: uuid, micros }));
			default:
				return void logs.auditapi.add(auditApiEvent({ id: uuid, at: micros, payload: pick(auditapi, random()) }));
		}
	};
}

function pick<T>(story: Story<T>, random: number): T {
	let left = random * story.reduce((sum, [weight]) => sum + weight, 0);
	for (const [weight, fields] of story) if ((left -= weight) < 0) return fields;
	return story[0]![1];
}
