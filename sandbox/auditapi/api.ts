/** Simulated AuditAPI (docs/providers/auditapi.md). */
import {
	dated,
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
import { create } from './create';
import { auditApiError } from './errors';
import { list } from './list';
import { auditApiDefaults, type AuditApiSwitches } from './switches';

export interface AuditApiOptions {
	readonly clock?: Clock;
	readonly log?: EventLog;
	readonly keys?: readonly string[];
	readonly switches?: Partial<AuditApiSwitches>;
}

export interface AuditApiApi extends SimulatedApi {
	readonly log: EventLog;
	/** May be changed between requests. */
	readonly switches: AuditApiSwitches;
}

export const auditApiSandboxKey = '5a4db0c5000000000000000000000000';

export function auditApi(options: AuditApiOptions = {}): AuditApiApi {
	const { clock = systemClock, log = eventLog(), keys = [auditApiSandboxKey] } = options;
	const switches: AuditApiSwitches = { ...auditApiDefaults, ...options.switches };
	let recent: number[] = [];

	function route(call: Call): SimReply {
		const now = clock.now();
		if (!keys.includes(keyOf(call) ?? '')) return auditApiError(401, 'Unauthorized', switches);
		const refusal = throttled(now);
		if (refusal) return refusal;
		const [version, collection, id, ...rest] = call.segments;
		if (version !== 'v1' || collection !== 'events' || rest.length > 0)
			return auditApiError(404, 'Not found', switches);
		if (call.method === 'POST' && id === undefined) return create(call, log, switches, now);
		if (call.method !== 'GET') return auditApiError(405, 'Method not allowed', switches);
		if (id === undefined || id === 'search') return list(call, id === 'search', log, switches, now);
		const event = log.get(id, now);
		return event ? jsonText(200, event.raw) : auditApiError(404, 'Not found', switches);
	}

	function throttled(now: number): SimReply | undefined {
		if (switches.requestsPerMinute === 0) return undefined;
		recent = recent.filter((at) => at > now - 60_000);
		if (recent.length < switches.requestsPerMinute) {
			recent.push(now);
			return undefined;
		}
		const free = recent[0]! + 60_000;
		const headers: Record<AuditApiSwitches['retryAfter'], Record<string, string>> = {
			seconds: { 'retry-after': String(Math.ceil((free - now) / 1000)) },
			// whole seconds, rounded up so that the date is never too early
			date: { 'retry-after': new Date(Math.ceil(free / 1000) * 1000).toUTCString() },
			absent: {},
		};
		return auditApiError(429, 'Too many requests', switches, 'base', headers[switches.retryAfter]);
	}

	return { log, switches, handle: (request) => dated(route(parseCall(request)), clock, switches.dateSkewMs) };
}

/** Bearer, or Basic with the key as user name and an empty password. */
function keyOf(call: Call): string | undefined {
	const [scheme, value = ''] = splitOnce(call.header('authorization') ?? '', ' ');
	if (/^bearer$/i.test(scheme)) return value.trim();
	if (!/^basic$/i.test(scheme)) return undefined;
	const [user, password] = splitOnce(Buffer.from(value, 'base64').toString(), ':');
	return password === '' ? user : undefined;
}
