/** A simplified item as a log record: what it keeps of the event goes through the provider's own mapping again. */
import type { IDataObject } from 'n8n-workflow';
import type { AuditRecord, JsonObject, Provider } from '../../../providers/contract';
import { recordOf, parseInstant, severityText, text } from '../../shared/core';

/** The event as far as a simplified item tells it. What stands there in other words, as the target does, is in the body only. */
const EVENTS: Record<Provider['name'], (item: IDataObject) => JsonObject> = {
	arpio: ({ action, outcome, actor, message }) => ({
		type: action,
		result: outcome,
		principal: { identity: { subjectId: actor } },
		context: { apiRequest: { url: message } },
	}),
	'arcus-erp': ({ action, outcome, actor, message }) => ({
		action,
		outcome,
		actor: { label: actor },
		description: message,
	}),
	auditapi: ({ payload }) => ({ payload }),
};

/** Undefined for an item that lacks what makes it an event, or was made by something else. */
export function recordOfSimplified(provider: Provider, item: IDataObject): AuditRecord | undefined {
	const id = text(item.id);
	const time = parseInstant(item.time);
	const { severityNumber, category, alert } = item;
	if (id === undefined || time === undefined || !isSeverity(severityNumber)) return undefined;
	if (typeof category !== 'string' || typeof alert !== 'string') return undefined;
	const json = EVENTS[provider.name]?.(item) ?? {};
	const record = recordOf(provider, { id, time, raw: JSON.stringify(json), json });
	// what was concluded from the whole event is kept, not concluded again from a part of it
	return {
		...record,
		severityNumber,
		severityText: severityText(severityNumber),
		attributes: { ...record.attributes, 'audit.category': category, 'audit.alert': alert },
		body: JSON.stringify(item),
	};
}

function isSeverity(value: unknown): value is number {
	return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 24;
}
