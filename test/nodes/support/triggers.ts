/** The three triggers with a way to make something happen at their provider. */
import { randomUUID } from 'node:crypto';
import type { INodeType } from 'n8n-workflow';
import { ArcusErpTrigger } from '../../../nodes/ArcusErp/ArcusErpTrigger.node';
import { ArpioTrigger } from '../../../nodes/Arpio/ArpioTrigger.node';
import { AuditApiTrigger } from '../../../nodes/AuditApi/AuditApiTrigger.node';
import { arcusEntry } from '../../../sandbox/arcus/events';
import { arpioEvent } from '../../../sandbox/arpio/events';
import { auditApiEvent } from '../../../sandbox/auditapi/events';
import type { World } from './world';

export interface Happening {
	/** Milliseconds before now. */
	ago?: number;
	/** Milliseconds from now until the provider shows it. */
	visibleIn?: number;
	kind?: 'failover' | 'routine' | 'deletion' | 'failedLogin' | 'role' | 'drill';
}

const WORDS = {
	arpio: {
		failover: { type: 'startApplicationRecovery' },
		routine: { type: 'updateApplication' },
		deletion: { type: 'deleteNotificationRule' },
		failedLogin: { type: 'loginUser', result: 'failure', statusCode: 401 },
		role: { type: 'updateRole' },
		drill: { type: 'startApplicationTest' },
	},
	arcus: {
		failover: { action: 'system.failover_started', severity: 'critical' },
		routine: { action: 'order.updated' },
		deletion: { action: 'order.deleted' },
		failedLogin: { action: 'user.login', severity: 'security', outcome: 'failure' },
		role: { action: 'user.role_changed' },
		drill: { action: 'dr.test_started' },
	},
	auditapi: {
		failover: { action: 'dr.failover.started' },
		routine: { action: 'account.updated' },
		deletion: { action: 'account.deleted' },
		failedLogin: { action: 'login', outcome: 'failure' },
		role: { action: 'role.changed' },
		drill: { action: 'dr.test.started' },
	},
} as const;

/** Makes an event, and returns its id. */
type Happen = (world: World, happening?: Happening) => string;

const at = ({ clock }: World, { ago = 0, visibleIn }: Happening) => ({
	micros: (clock.now() - ago) * 1000,
	visible: visibleIn === undefined ? {} : { visibleAt: clock.now() + visibleIn },
});

const inArpio: Happen = (world, happening = {}) => {
	const { micros, visible } = at(world, happening);
	const id = randomUUID().slice(0, 22);
	world.logs.arpio.add({
		...arpioEvent({ id, micros, access: 'write', ...WORDS.arpio[happening.kind ?? 'failover'] }),
		...visible,
	});
	return id;
};

const inArcus: Happen = (world, happening = {}) => {
	const { micros, visible } = at(world, happening);
	const id = randomUUID();
	const fields = { id, micros, ...WORDS.arcus[happening.kind ?? 'failover'] };
	world.logs.arcus.add({ ...arcusEntry(world.logs.arcus, fields), ...visible });
	return id;
};

const inAuditApi: Happen = (world, happening = {}) => {
	const { micros, visible } = at(world, happening);
	const id = randomUUID();
	const payload = WORDS.auditapi[happening.kind ?? 'failover'];
	world.logs.auditapi.add({ ...auditApiEvent({ id, at: micros, payload }), ...visible });
	return id;
};

export const triggers: [title: string, type: INodeType, happen: Happen, credential: string][] = [
	['Arpio Trigger', new ArpioTrigger(), inArpio, 'arpioApi'],
	['Arcus ERP Trigger', new ArcusErpTrigger(), inArcus, 'arcusErpApi'],
	['AuditAPI Trigger', new AuditApiTrigger(), inAuditApi, 'auditApi'],
];
