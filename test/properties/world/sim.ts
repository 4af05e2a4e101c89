/** The three simulated providers under one roof. */
import { arcusErp } from '../../../providers/arcus-erp/provider';
import { arpio } from '../../../providers/arpio/provider';
import { auditApi } from '../../../providers/auditapi/provider';
import type { Nanos } from '../../../core/contract';
import type { Provider, Settings } from '../../../core/provider';
import { DAY, SECOND, utcDay, parseInstant } from '../../../core/time';
import type { Clock, SimulatedApi } from '../../../sandbox/api';
import { arcusApi } from '../../../sandbox/arcus/api';
import { arcusEntry } from '../../../sandbox/arcus/events';
import { arcusSandboxKey } from '../../../sandbox/arcus/keys';
import type { ArcusSwitches } from '../../../sandbox/arcus/switches';
import { arpioApi, arpioSandboxKey } from '../../../sandbox/arpio/api';
import { arpioAccountId, arpioEvent } from '../../../sandbox/arpio/events';
import type { ArpioSwitches } from '../../../sandbox/arpio/switches';
import { auditApi as auditApiApi, auditApiSandboxKey } from '../../../sandbox/auditapi/api';
import { auditApiEvent } from '../../../sandbox/auditapi/events';
import type { AuditApiSwitches } from '../../../sandbox/auditapi/switches';
import type { EventLog, NewEvent } from '../../../sandbox/eventLog';

const HOUR: Nanos = 3600n * SECOND;

export type Switches = Partial<ArpioSwitches> | Partial<ArcusSwitches> | Partial<AuditApiSwitches>;

export interface Sim {
	provider: Provider;
	settings: Settings;
	api: SimulatedApi & { log: EventLog };
	apiKey: string;
	/** Path of the base URL. */
	basePath: string;
	event(id: string, micros: number): NewEvent;
	/** An element without a time. */
	invalid(id: string): string;
	set(switches: Switches): void;
	/** Oldest event time that a query from `lower` on can return, by the documentation read in the widest way. */
	oldestReturned(lower: Nanos): Nanos;
	/** A deleted row would hide another one from a walk in progress: offsets promise no more than that. */
	deletionHides(): boolean;
	/** Ends what the provider does wrong. */
	calm(): void;
}

export type SimName = 'arpio' | 'arcus' | 'auditapi';

export const sims: Record<SimName, (clock: Clock) => Sim> = {
	arpio(clock) {
		const api = arpioApi({ clock });
		return {
			provider: arpio,
			settings: { accountId: arpioAccountId },
			api,
			apiKey: `${arpioSandboxKey.id}:${arpioSandboxKey.secret}`,
			basePath: '',
			event: (id, micros) => arpioEvent({ id, micros }),
			invalid: (id) => `{"eventId":"${id}","timestamp":"soon"}`,
			set: (switches) => Object.assign(api.switches, switches),
			oldestReturned: (lower) => lower,
			deletionHides: () => api.switches.tokenKind === 'offset',
			calm: () => Object.assign(api.switches, { repeatToken: false, tokenExpiryMs: 15 * 60_000 }),
		};
	},
	arcus(clock) {
		const api = arcusApi({ clock, switches: { rateLimit: 'off' } });
		return {
			provider: arcusErp,
			settings: {},
			api,
			apiKey: arcusSandboxKey.key,
			basePath: '/v1',
			event: (id, micros) => arcusEntry(api.log, { id, micros }),
			invalid: (id) => `{"id":"${id}","object":"audit_log_entry","created_at":"soon"}`,
			set: (switches) => Object.assign(api.switches, switches),
			oldestReturned: (lower) => lower - SECOND,
			deletionHides: () => false,
			calm: () => undefined,
		};
	},
	auditapi(clock) {
		const api = auditApiApi({ clock });
		return {
			provider: auditApi,
			settings: {},
			api,
			apiKey: auditApiSandboxKey,
			basePath: '/v1',
			event: (id, micros) => auditApiEvent({ id, at: micros, payload: { action: 'login', n: id } }),
			invalid: (id) => `{"id":"${id}","object":"event","timestamp":"soon","payload":{}}`,
			set: (switches) => Object.assign(api.switches, switches),
			// the source asks from the day before the one that it is 12 hours earlier, and that may be a day of UTC+14
			oldestReturned: (lower) => parseInstant(`${utcDay(lower - DAY - 12n * HOUR)}T00:00:00Z`)! - 14n * HOUR,
			deletionHides: () => false,
			calm: () => undefined,
		};
	},
};
