/** Simulated Arpio (docs/providers/arpio.md). */
import {
	dated,
	json,
	jsonText,
	parseCall,
	splitOnce,
	systemClock,
	type Call,
	type Clock,
	type SimReply,
	type SimulatedApi,
} from '../api';
import { eventLog, type EventLog } from '../eventLog';
import { auditEvents } from './auditEvents';
import { accountEndpoint, notFound } from './account';
import { arpioKeys, arpioLogin, arpioSandboxUser, type ArpioUser } from './login';
import { arpioAccountId, arpioEvent } from './events';
import { arpioDefaults, type ArpioSwitches } from './switches';

export interface ArpioKey {
	readonly id: string;
	readonly secret: string;
	/** What it is called in lists. */
	readonly name?: string;
	/** A key for some applications only; without it the key sees the account. */
	readonly appIds?: readonly string[];
}

export interface ArpioOptions {
	readonly clock?: Clock;
	readonly log?: EventLog;
	readonly accountId?: string;
	readonly keys?: readonly ArpioKey[];
	/** Who may log in. */
	readonly users?: readonly ArpioUser[];
	readonly switches?: Partial<ArpioSwitches>;
}

export interface ArpioApi extends SimulatedApi {
	readonly log: EventLog;
	/** May be changed between requests. */
	readonly switches: ArpioSwitches;
}

export const arpioSandboxKey: ArpioKey = { id: 'sandboxArpioKeyId00000', secret: 'not-a-real-secret' };

export function arpioApi(options: ArpioOptions = {}): ArpioApi {
	const { clock = systemClock, log = eventLog(), accountId = arpioAccountId, users = [arpioSandboxUser] } = options;
	const keys = [...(options.keys ?? [arpioSandboxKey])];
	const login = arpioLogin(users, clock);
	const switches: ArpioSwitches = { ...arpioDefaults, ...options.switches };
	let ownReads = 0;

	function route(call: Call): SimReply {
		if (call.segments[0] !== 'api') return notFound();
		if (call.segments[1] === 'info') return resourceTypes(call, switches);
		const step = login.answer(call);
		if (step) return step;
		const key = keyOf(call, keys, switches);
		const isSession = login.isLoggedIn(call);
		if (!key && !isSession) {
			// relative on purpose: clients have to resolve it against the request
			const authenticateUrl = '/api/auth/authenticate?identityProviderId=native';
			return json(401, { message: 'Authentication required', authenticateUrl });
		}
		const [, collection, account, ...rest] = call.segments;
		if (collection !== 'accounts') return notFound();
		if (account === accountId && rest.length === 1 && rest[0] === 'apiKeys' && (isSession || call.method === 'GET')) {
			return arpioKeys(call, keys);
		}
		if (call.method !== 'GET') return json(405, { message: 'The sandbox answers reads only' });
		if (account === undefined) return json(200, [{ accountId, name: 'Sandbox' }]);
		if (account !== accountId) return notFound();
		if (rest.length === 0) return json(200, { accountId, name: 'Sandbox' });
		const reply =
			rest[0] === 'auditEvents' && rest.length === 1
				? auditEvents(call, { log, switches, secret: accountId, now: clock.now(), appIds: key?.appIds })
				: accountEndpoint(call, rest, switches);
		if (switches.auditsOwnReads) audit(call, reply);
		return reply;
	}

	function audit(call: Call, reply: SimReply): void {
		const name = call.segments.at(-1) === 'auditEvents' ? 'getAuditEvents' : 'getApplications';
		const id = `ownRead${String(ownReads++).padStart(15, '0')}`;
		const url = `https://api.arpio.io${call.path}`;
		log.add(
			arpioEvent({ id, micros: Math.round(clock.now() * 1000), accountId, type: name, url, statusCode: reply.status }),
		);
	}

	return { log, switches, handle: (request) => dated(route(parseCall(request)), clock, switches.dateSkewMs) };
}

function keyOf(call: Call, keys: readonly ArpioKey[], switches: ArpioSwitches): ArpioKey | undefined {
	const sent = call.header('x-api-key') ?? '';
	const plain = switches.keyEncoding === 'base64' ? Buffer.from(sent, 'base64').toString() : sent;
	const [id, secret] = splitOnce(plain, ':');
	return keys.find((key) => key.id === id && key.secret === secret);
}

function resourceTypes(call: Call, switches: ArpioSwitches): SimReply {
	if (switches.resourceTypes === 'gone' || call.segments[2] !== 'resourceTypes.json') return notFound();
	return jsonText(200, '["acmCertificate","k8sResource"]');
}
