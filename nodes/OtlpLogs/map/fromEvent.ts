/** An item of one of our nodes as a log record, by the mapping of the forwarder. */
import type { IDataObject } from 'n8n-workflow';
import type { Provider, SourceEvent } from '../../../providers/contract';
import { arcusErp, arpio, arpioEvent, auditApi, InvalidInput, listEvent, object, text } from '../../shared/core';
import type { Attributes } from '../encode/model';

const byName = { arpio, 'arcus-erp': arcusErp, auditapi: auditApi } as const;

export type Origin = keyof typeof byName | 'auto';

export function eventOf(item: IDataObject, origin: Origin): { provider: Provider; event: SourceEvent } {
	const { raw, json } = original(item);
	const provider = origin === 'auto' ? recognised(json) : byName[origin];
	const event = provider && read(provider, raw, json);
	if (!provider || !event) {
		throw new InvalidInput(
			provider ? `The item is no event of ${provider.title}` : 'The item is no event of Arpio, Arcus ERP or AuditAPI',
			'Switch Simplify off in the node that reads the events, or switch Include Raw JSON on. For other items choose Map by Hand.',
		);
	}
	return { provider, event };
}

/** The text as the provider sent it, where the reading node kept it: numbers beyond 2^53 are exact only there. */
function original(item: IDataObject): { raw: string; json: unknown } {
	if (typeof item.raw === 'string') {
		try {
			return { raw: item.raw, json: JSON.parse(item.raw) as unknown };
		} catch {
			// another field that happens to have this name
		}
	}
	return { raw: JSON.stringify(item), json: item };
}

function recognised(json: unknown): Provider | undefined {
	const { eventId, object: kind, payload } = object(json);
	if (eventId !== undefined) return arpio;
	if (kind === 'audit_log_entry') return arcusErp;
	return kind === 'event' && payload !== undefined ? auditApi : undefined;
}

function read(provider: Provider, raw: string, json: unknown): SourceEvent | undefined {
	if (provider.name === 'arpio') {
		const event = arpioEvent({ raw, json });
		return 'reason' in event ? undefined : event;
	}
	const id = text(object(json).id);
	const event = listEvent({ id, raw, json }, provider.name === 'auditapi' ? 'timestamp' : 'created_at');
	return id === undefined || event.time === 0n ? undefined : event;
}

/** Where it comes from, in the words of the forwarder. */
export function resourceOf(provider: Provider, { json }: SourceEvent): Attributes {
	const tenant = text(json.accountId) ?? text(json.entity_id);
	return {
		'service.name': provider.label,
		'service.namespace': 'audit',
		...(tenant !== undefined && { 'service.instance.id': tenant }),
	};
}
