/** Webhook endpoints (docs/providers/arcus-erp.md#webhooks): registered, updated, never removed; paused by failures. */
import { createHash, createHmac } from 'node:crypto';
import { json, type Call, type SimReply } from '../api';
import { arcusEntityId, arcusError, invalid, lacking, notFound, type ArcusKey } from './keys';
import type { ArcusSwitches } from './switches';

export interface SimEndpoint {
	readonly id: string;
	url: string;
	enabled_events: string[];
	status: 'active' | 'paused' | 'disabled';
	mode: 'live' | 'test';
	description: string | null;
	secret: string;
	consecutive_failures: number;
}

export interface Delivery {
	readonly endpoint: SimEndpoint;
	readonly headers: Record<string, string>;
	/** To be posted as it is: the signature is one of bytes. */
	readonly body: string;
}

const PAUSED_AFTER = 5;
const PRIVATE = /^(?:localhost|127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|\[)/;

export function webhooks(switches: ArcusSwitches) {
	const endpoints: SimEndpoint[] = [];
	let made = 0;
	const token = (what: string) => createHash('sha256').update(`${what} ${made++}`).digest('hex').slice(0, 28);

	function create(given: Record<string, unknown>): SimReply {
		const wrong = check(given) ?? (given['url'] === undefined ? invalid('url', 'Required.', 422) : undefined);
		if (wrong) return wrong;
		if (given['enabled_events'] === undefined) return invalid('enabled_events', 'Required.', 422);
		const endpoint: SimEndpoint = {
			id: `we_${token('endpoint')}`,
			url: given['url'] as string,
			enabled_events: given['enabled_events'] as string[],
			status: 'active',
			mode: given['mode'] === 'test' ? 'test' : 'live',
			description: typeof given['description'] === 'string' ? given['description'] : null,
			secret: `whsec_${token('secret')}`,
			consecutive_failures: 0,
		};
		endpoints.push(endpoint);
		return json(201, { ...shown(endpoint), secret: endpoint.secret });
	}

	function update(endpoint: SimEndpoint, given: Record<string, unknown>): SimReply {
		const wrong = check(given);
		if (wrong) return wrong;
		if (given['status'] !== undefined && switches.webhookStatus === 'read-only') {
			return invalid('status', 'Unknown parameter.', 422);
		}
		const { url = endpoint.url, enabled_events = endpoint.enabled_events, status = endpoint.status } = given;
		Object.assign(endpoint, { url, enabled_events, status });
		if (status === 'active') endpoint.consecutive_failures = 0;
		return json(200, shown(endpoint));
	}

	function ofOne(call: Call, endpoint: SimEndpoint, action: string | undefined): SimReply {
		if (action === 'rotate_secret' && call.method === 'POST') {
			endpoint.secret = `whsec_${token('secret')}`;
			const last4 = endpoint.secret.slice(-4);
			return json(200, { webhook_id: endpoint.id, secret: endpoint.secret, last4, rotated_at: '2026-02-11T16:00:00Z' });
		}
		if (action !== undefined) return notFound();
		if (call.method === 'GET') return json(200, shown(endpoint));
		return call.method === 'PATCH' ? update(endpoint, bodyOf(call)) : arcusError(405, 'method_not_allowed');
	}

	return {
		endpoints: endpoints as readonly SimEndpoint[],

		handle(call: Call, [id, action]: readonly string[], key: ArcusKey): SimReply {
			const scope = lacking(key, 'webhooks:manage');
			if (scope) return scope;
			if (id === undefined) {
				return call.method === 'POST' ? create(bodyOf(call)) : arcusError(405, 'method_not_allowed');
			}
			const endpoint = endpoints.find((one) => one.id === id);
			return endpoint ? ofOne(call, endpoint, action) : notFound();
		},

		/** What is sent to the endpoints that want it. @param nowMs of the signature @param event `id`: sent again */
		happen(nowMs: number, event: { type: string; id?: string; object?: Record<string, unknown> }): Delivery[] {
			const { type, id = `evt_${token('event')}`, object = { object: type.split('.')[0], note: 'Grüße' } } = event;
			const created_at = new Date(nowMs).toISOString().replace('.000', '');
			const body = JSON.stringify({
				...{ id, object: 'event', type, created_at, api_version: '2026-05-01', entity_id: arcusEntityId },
				...{ data: { object }, livemode: true },
			});
			const wants = ({ enabled_events }: SimEndpoint) =>
				enabled_events.some((one) => one === '*' || one === type || one === `${type.split('.')[0]}.*`);
			return endpoints
				.filter((endpoint) => endpoint.status === 'active' && wants(endpoint))
				.map((endpoint) => ({ endpoint, body, headers: signed(endpoint.secret, body, nowMs) }));
		},

		/** How the receiver answered. */
		answered(endpoint: SimEndpoint, status: number): void {
			endpoint.consecutive_failures = status >= 200 && status < 300 ? 0 : endpoint.consecutive_failures + 1;
			if (endpoint.consecutive_failures >= PAUSED_AFTER) endpoint.status = 'paused';
		},
	};
}

export function signed(secret: string, body: string, nowMs: number): Record<string, string> {
	const t = Math.floor(nowMs / 1000);
	const v1 = createHmac('sha256', secret).update(`${t}.${body}`).digest('hex');
	return { 'content-type': 'application/json', 'arcus-signature': `t=${t},v1=${v1}` };
}

function shown({ secret, ...endpoint }: SimEndpoint) {
	return { object: 'webhook_endpoint', ...endpoint, secret_last4: secret.slice(-4) };
}

function check({ url, enabled_events }: Record<string, unknown>): SimReply | undefined {
	if (url !== undefined && (typeof url !== 'string' || !url.startsWith('https://') || PRIVATE.test(url.slice(8)))) {
		return invalid('url', 'Must be https, and not a private address.', 422);
	}
	if (enabled_events !== undefined && !(Array.isArray(enabled_events) && enabled_events.length > 0)) {
		return invalid('enabled_events', 'At least one event.', 422);
	}
	return undefined;
}

function bodyOf(call: Call): Record<string, unknown> {
	try {
		return JSON.parse(call.body) as Record<string, unknown>;
	} catch {
		return {};
	}
}
