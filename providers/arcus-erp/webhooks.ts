/**
 * Addresses that Arcus ERP sends business events to: the documented operations. None of them removes an address. Which fields an
 * update takes was not readable in the vendor's docs; those that creation takes are assumed, and `status`.
 */
import { object } from '../../core/record/attributes';
import type { Call, HttpRequest } from '../../core/contract';
import { isPlain } from '../../core/record/event';
import { malformed } from '../../core/http/readJson';
import { httpFailure } from '../list';
import { eitherPath } from './paths';

export interface WebhookEndpoint {
	id: string;
	url?: string;
	/** `active`; `paused` after five failures in a row; `disabled`. */
	status?: string;
	events: readonly string[];
	/** Only in the answer to the creation. */
	secret?: string;
}

export interface WebhookSettings {
	/** https, and of no private network. */
	url: string;
	/** Types, or families such as `order.*`; `*` is everything. */
	events: readonly string[];
}

const ENDPOINTS = '/webhook_endpoints';

export type ArcusWebhooks = ReturnType<typeof arcusWebhooks>;

export function arcusWebhooks(transport: Call, options: { entityId?: string } = {}) {
	const call = eitherPath(transport, options.entityId);

	async function ask(request: HttpRequest): Promise<WebhookEndpoint> {
		const { json, status } = await call(request);
		const { id, url, status: state, enabled_events, secret } = object(json);
		if (!isPlain(json) || typeof id !== 'string')
			throw malformed(request, status, 'the answer is not a webhook endpoint');
		return {
			id,
			url: textOrNone(url),
			status: textOrNone(state),
			events: Array.isArray(enabled_events) ? enabled_events.map(String) : [],
			secret: textOrNone(secret),
		};
	}

	return {
		/** Not repeated when the answer is lost: it would make a second one. */
		create({ url, events }: WebhookSettings, mode: 'live' | 'test', description: string): Promise<WebhookEndpoint> {
			const body = JSON.stringify({ url, enabled_events: events, mode, description });
			return ask({ method: 'POST', path: ENDPOINTS, body });
		},

		/** Undefined when there is none with this id. */
		async get(id: string): Promise<WebhookEndpoint | undefined> {
			return ask({ method: 'GET', path: pathOf(id) }).catch((error: unknown) => {
				if (httpFailure(error, 404)) return undefined;
				throw error;
			});
		},

		update(id: string, changes: Partial<WebhookSettings> & { status?: string }): Promise<WebhookEndpoint> {
			const body = JSON.stringify({ url: changes.url, enabled_events: changes.events, status: changes.status });
			return ask({ method: 'PATCH', path: pathOf(id), body, idempotent: true });
		},

		/** A new secret; the one before is no longer used. */
		async rotateSecret(id: string): Promise<string> {
			const request: HttpRequest = { method: 'POST', path: `${pathOf(id)}/rotate_secret`, idempotent: true };
			const { json, status } = await call(request);
			const { secret } = object(json);
			if (typeof secret !== 'string') throw malformed(request, status, 'the answer has no secret');
			return secret;
		},
	};
}

const pathOf = (id: string) => `${ENDPOINTS}/${encodeURIComponent(id)}`;

function textOrNone(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}
