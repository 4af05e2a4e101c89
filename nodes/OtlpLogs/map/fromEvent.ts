/** An item of one of our nodes as a log record, by the mapping of the forwarder as far as the item has what that needs. */
import type { IDataObject } from 'n8n-workflow';
import type { Nanos, SourceEvent } from '../../../core/contract';
import type { AuditRecord, Provider } from '../../../core/provider';
import {
	allProviders,
	recordOf,
	hrTime,
	InvalidInput,
	object,
	parseInstant,
	providerNamed,
	severityText,
	text,
	withReplaced,
} from '../../shared/core';
import type { Attributes } from '../encode/model';
import { recordOfSimplified } from './fromSimplified';
import { recognised, serviceOf } from './services';

export interface Mapped {
	record: AuditRecord;
	resource: Attributes;
	/** False for an item that is not an audit event. */
	isEvent: boolean;
}

/** @param origin name of a provider; `auto` takes every item: what is not an audit event is shipped as it is. */
export function fromItem(item: IDataObject, origin: string, now: Nanos): Mapped {
	const given = withoutRejection(item);
	const { raw, json } = original(given);
	const named = providerNamed(origin);
	const simplified = labelled(given.source);
	const isKept = json !== given;
	// a simplified item says whose text it has
	const owner = isKept ? simplified : undefined;
	const provider = named ?? recognised(object(json))?.provider ?? owner;
	const event = provider && read(provider, raw, json, provider === owner);
	if (event) {
		const record = withReplaced(recordOf(provider, event), event);
		return { record, resource: resourceOf(provider.label, serviceOf(provider)?.tenant?.(event.json)), isEvent: true };
	}
	const own = named ?? simplified;
	const label = own?.label ?? text(given.source);
	const record = label === undefined ? undefined : recordOfSimplified(label, own, given);
	if (record) {
		// of a declaration that was pasted elsewhere, the text is all that this node knows
		const body = isKept && !own ? raw : record.body;
		return { record: { ...record, body }, resource: resourceOf(label!), isEvent: true };
	}
	if (!named) return { ...asItIs(given, now), isEvent: false };
	throw new InvalidInput(
		`The item is not an event of ${named.title}`,
		'Choose Detect as Event Source to ship it as it is, or Map by Hand to say what is what.',
	);
}

/** What this node adds to an item that was not accepted is not part of it when it comes again. */
function withoutRejection(item: IDataObject): IDataObject {
	const { rejection, ...rest } = item;
	const { reason, certain } = object(rejection);
	return typeof reason === 'string' && typeof certain === 'boolean' ? rest : item;
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

function labelled(source: unknown): Provider | undefined {
	return allProviders().find(({ label }) => label === source);
}

/** @param isExact The text is known to be as received. */
function read(provider: Provider, raw: string, json: unknown, isExact: boolean): SourceEvent | undefined {
	const event = provider.event({ raw, json });
	if ('reason' in event) return undefined;
	// one that is known by its text only would be shipped twice as two
	return !isExact && !serviceOf(provider)?.isRecognisedById && event.id.startsWith('h:') ? undefined : event;
}

/** Where it comes from, in the words of the forwarder. */
function resourceOf(label: string, tenant?: string): Attributes {
	return {
		'service.name': label,
		'service.namespace': 'audit',
		...(tenant !== undefined && { 'service.instance.id': tenant }),
	};
}

/** Dated by itself if it says when it was, else now. */
function asItIs(item: IDataObject, now: Nanos): Pick<Mapped, 'record' | 'resource'> {
	const stated = [item.time, item.timestamp, item.created_at].map(parseInstant).find((time) => time !== undefined);
	const severityNumber = 9;
	const record: AuditRecord = {
		time: hrTime(stated ?? now),
		eventName: '',
		severityNumber,
		severityText: severityText(severityNumber),
		attributes: {},
		body: JSON.stringify(item),
	};
	return { record, resource: { 'service.name': 'n8n' } };
}
