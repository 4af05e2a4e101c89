/** What an event looks like in n8n. */
import { recordOf, text } from '../../core/record/attributes';
import type { IDataObject } from 'n8n-workflow';
import type { SourceEvent } from '../../core/contract';
import type { Provider } from '../../core/provider';
import { isPlain } from '../../core/record/event';
import { formatInstant } from '../../core/time';

export interface Shape {
	simplify: boolean;
	/** Adds `raw`: the JSON text as received, where integers beyond 2^53 keep all their digits. */
	includeRaw?: boolean;
}

export function shaped(provider: Provider, event: SourceEvent, { simplify, includeRaw }: Shape): IDataObject {
	const json = simplify ? simplified(provider, event) : (event.json as IDataObject);
	return includeRaw ? { ...json, raw: event.raw } : json;
}

/**
 * Few fields, the same for every provider and every event, so that one template fits all. In the order in which a person asks,
 * because n8n's tables show the first columns only. The last ones are for machines: with them the OTLP Logs node knows the record.
 */
export function simplified(provider: Provider, event: SourceEvent): IDataObject {
	const { attributes, severityText, severityNumber } = recordOf(provider, event);
	const first = (...names: string[]) =>
		names.map((name) => attributes[name]).find((value) => value !== undefined) ?? null;
	const told: IDataObject = {
		time: formatInstant(event.time, event.time % 1000n === 0n ? 6 : 9),
		action: first('audit.action'),
		outcome: first('audit.outcome'),
		actor: first('user.full_name', 'audit.actor.label', 'user.email', 'audit.actor.id'),
	};
	const judged: IDataObject = {
		severity: severityText,
		category: first('audit.category'),
		alert: first('audit.alert'),
	};
	const known: IDataObject = { id: event.id, source: provider.label, severityNumber };
	// events that are what their writers made of them: without the payload nothing is left
	if (isPlain(event.json.payload)) {
		return { ...told, ...judged, payload: event.json.payload as IDataObject, ...known };
	}
	const type = first('audit.target.type');
	const id = text(first('audit.target.name', 'audit.target.id'));
	const target = type && id ? `${text(type)} ${id}` : (id ?? type);
	return { ...told, target, ...judged, message: first('audit.message', 'url.full'), ...known };
}
