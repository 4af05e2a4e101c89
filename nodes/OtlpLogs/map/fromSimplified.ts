/** A simplified item as a log record: what it keeps of the event goes through the provider's own mapping again. */
import type { IDataObject } from 'n8n-workflow';
import type { AuditRecord, Draft, Provider } from '../../../core/provider';
import { complete, declaredEventName, hrTime, recordOf, parseInstant, severityText, text } from '../../shared/core';
import { serviceOf } from './services';

const LABEL = /^[a-z][a-z0-9-]{0,39}$/;

/**
 * Undefined for an item that lacks what makes it an event, or was made by something else.
 * @param provider Undefined where it is known to the node that read the event only: a pasted declaration
 */
export function recordOfSimplified(
	label: string,
	provider: Provider | undefined,
	item: IDataObject,
): AuditRecord | undefined {
	const id = text(item.id);
	const time = parseInstant(item.time);
	const { severityNumber, category, alert } = item;
	if (id === undefined || time === undefined || !isSeverity(severityNumber)) return undefined;
	if (typeof category !== 'string' || typeof alert !== 'string') return undefined;
	const ofCode = provider && serviceOf(provider)?.simplified(item);
	if (!ofCode && !LABEL.test(label)) return undefined;
	// what was concluded from the whole event is kept, not concluded again from a part of it
	const severity = { severityNumber, severityText: severityText(severityNumber) };
	const body = JSON.stringify(item);
	const record = ofCode
		? recordOf(provider, { id, time, raw: body, json: ofCode })
		: complete({ ...declaredPart(label, id, item), ...severity, time: hrTime(time), body });
	const attributes = { ...record.attributes, 'audit.category': category, 'audit.alert': alert };
	return { ...record, ...severity, attributes, body };
}

/** As the engine of declarations names things, whatever the declaration is. */
function declaredPart(label: string, id: string, item: IDataObject): Pick<Draft, 'eventName' | 'attributes'> {
	const action = text(item.action);
	return {
		eventName: `${label}.${action === undefined ? 'event' : declaredEventName(action)}`,
		attributes: {
			'log.record.uid': `${label}:${id}`,
			'audit.source': label,
			'audit.action': action,
			'audit.outcome': text(item.outcome),
			'audit.actor.label': text(item.actor),
			'audit.message': text(item.message),
		},
	};
}

function isSeverity(value: unknown): value is number {
	return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 24;
}
