/** Simulated Arcus ERP (docs/providers/arcus-erp.md). */
import { createHash } from 'node:crypto';
import { dated, parseCall, systemClock, type Call, type Clock, type SimReply, type SimulatedApi } from '../api';
import { eventLog, type EventLog } from '../eventLog';
import { activity } from './activity';
import { getEntry, listEntries, stats, type EntryContext } from './entries';
import { arcusEntityId, arcusError, arcusSandboxKey, bearer, lacking, notFound, type ArcusKey } from './keys';
import { limiter } from './rateLimit';
import { arcusDefaults, type ArcusSwitches } from './switches';
import { verifier } from './verify';
import { webhooks } from './webhooks';

export interface ArcusOptions {
	readonly clock?: Clock;
	readonly log?: EventLog;
	readonly entityId?: string;
	readonly keys?: readonly ArcusKey[];
	readonly switches?: Partial<ArcusSwitches>;
}

export interface ArcusApi extends SimulatedApi {
	readonly log: EventLog;
	/** May be changed between requests. */
	readonly switches: ArcusSwitches;
	readonly webhooks: Webhooks;
}

type Webhooks = Omit<ReturnType<typeof webhooks>, 'handle'>;

export function arcusApi(options: ArcusOptions = {}): ArcusApi {
	const { clock = systemClock, log = eventLog(), entityId = arcusEntityId, keys = [arcusSandboxKey] } = options;
	const switches: ArcusSwitches = { ...arcusDefaults, ...options.switches };
	const limits = limiter(switches);
	const chain = verifier(log);
	const hooks = webhooks(switches);

	function handle(call: Call): SimReply {
		const key = keys.find((candidate) => candidate.key === bearer(call));
		const anonymous: ArcusKey = { key: 'anonymous', scopes: [], tier: 'test' };
		const { headers, refusal } = limits.take(key ?? anonymous, clock.now());
		const reply = key ? (refusal ?? route(call, key)) : unauthenticated();
		// only a refused request is told to wait
		if (reply !== refusal) delete headers['retry-after'];
		return conditional(call, { ...reply, headers: { ...reply.headers, ...headers } });
	}

	function route(call: Call, key: ArcusKey): SimReply {
		if (key.addressRefused) return arcusError(403, 'ip_not_allowlisted');
		if (call.segments[0] !== 'v1') return notFound();
		const inEntity = call.segments[1] === 'entities';
		if (switches.paths !== 'both' && inEntity !== (switches.paths === 'entity')) return notFound();
		if (inEntity && call.segments[2] !== entityId) return arcusError(403, 'entity_mismatch');
		const [collection, ...path] = call.segments.slice(inEntity ? 3 : 1);
		const scope = key.scopes.includes('audit:read:own') ? undefined : lacking(key, 'audit:read');
		const context: EntryContext = { log, switches, key, now: clock.now(), url: call.path };
		switch (collection) {
			case 'audit_log_entries':
				return scope ?? entries(call, path, context);
			case 'activity':
				return scope ?? activity(call, path, context);
			case 'resources': {
				const [type, id, last, ...rest] = path;
				if (type === undefined || id === undefined || last !== 'activity' || rest.length > 0) return notFound();
				return scope ?? activity(call, [], context, [type, id]);
			}
			case 'webhook_endpoints':
				return hooks.handle(call, path, key);
			default:
				return notFound();
		}
	}

	function entries(call: Call, path: readonly string[], context: EntryContext): SimReply {
		const [id, ...rest] = path;
		if (rest.length > 0) return notFound();
		if (id === 'verify')
			return call.method === 'POST' ? chain.verify(call, context) : arcusError(405, 'method_not_allowed');
		if (call.method !== 'GET') return arcusError(405, 'method_not_allowed');
		if (id === undefined) return listEntries(call, context);
		return id === 'stats' ? stats(call, context) : getEntry(call, id, context);
	}

	const answer: SimulatedApi['handle'] = (request) => dated(handle(parseCall(request)), clock, switches.dateSkewMs);
	return { log, switches, webhooks: hooks, handle: answer };
}

function unauthenticated(): SimReply {
	return arcusError(401, 'missing_api_key', { hint: 'Send the API key as a Bearer token.', param: null });
}

/** Conditional GET is supported. */
function conditional(call: Call, reply: SimReply): SimReply {
	if (call.method !== 'GET' || reply.status !== 200) return reply;
	const etag = `"${createHash('sha256').update(reply.body).digest('hex').slice(0, 32)}"`;
	const headers = { ...reply.headers, etag };
	return call.header('if-none-match') === etag ? { status: 304, headers, body: '' } : { ...reply, headers };
}
