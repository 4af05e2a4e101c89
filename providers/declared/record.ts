/** An event as a log record, by the declared places. */
import { text, urlWithoutSecrets } from '../../core/record/attributes';
import type { JsonObject, SourceEvent } from '../../core/contract';
import type { AttributeValue, Draft } from '../../core/provider';
import { idsOf } from '../../core/record/ids';
import { raisedBy, severityText } from '../../core/record/severity';
import { toHrTime } from '../../core/time';
import { remember } from '../../core/record/words';
import { factsReader, type Facts } from './facts';
import type { Paths, RecordPart } from './form/event';
import { meaningOf, type Meaning } from './meaning';
import { ALL, expanded, listOf, stepsOf, valueAt } from './places';

/** Attributes that hold ids. */
const ID = /\.(?:id|on_behalf_of)$/;

const EVENT_NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,100}$/;

type Ids = ReturnType<typeof idsOf>;
type Read = (event: SourceEvent, ids: Ids) => AttributeValue | undefined;

/** What of a record is code, where data cannot say it. */
export interface RecordCode {
	/** Instead of `action`, `outcome`, `failed` and `severity`. */
	facts?(json: JsonObject): Facts;
	/** @param found what the rules say */
	meaning?(found: Meaning, facts: Facts, json: JsonObject): Meaning;
	/** Beside the declared ones, and instead of them. */
	attributes?(json: JsonObject, declared: Draft['attributes']): Draft['attributes'];
}

interface Declared {
	name: string;
	label?: string;
	record: RecordPart;
}

export function recordMaker(
	{ name, label = name, record }: Declared,
	code: RecordCode = {},
): (event: SourceEvent) => Draft {
	const attributes = Object.entries(record.attributes).map(
		([attribute, paths]) => [attribute, reader(attribute, paths)] as const,
	);
	const factsOf = code.facts ?? factsReader(record);
	const byRules = meaningOf(record.rules);
	const nameOf = remember((action) => eventName(action, record.eventName));

	return (event) => {
		const { json } = event;
		const ids = idsOf(event);
		const facts = factsOf(json);
		const { action, outcome, failed } = facts;
		const found = byRules(facts);
		const { category, alert } = code.meaning?.(found, facts, json) ?? found;
		const number = raisedBy(alert, facts.severity);
		const draft: Draft = {
			time: toHrTime(event.time),
			eventName: `${label}.${facts.name ?? (action === undefined ? 'event' : nameOf(action))}`,
			severityNumber: number,
			severityText: severityText(number),
			attributes: {
				'log.record.uid': `${label}:${event.id}`,
				'audit.source': label,
				'audit.category': category,
				'audit.alert': alert,
				'audit.action': action,
				'audit.outcome': outcome,
			},
			body: event.raw,
		};
		for (const [attribute, read] of attributes) draft.attributes[attribute] = read(event, ids);
		draft.attributes['error.type'] = failed ? (draft.attributes['error.type'] ?? '_OTHER') : undefined;
		if (code.attributes) Object.assign(draft.attributes, code.attributes(json, draft.attributes));
		return draft;
	};
}

/** Text, the list of all that `*` stands for, or the number of a status. */
function reader(attribute: string, paths: Paths): Read {
	const places = listOf(paths).map(stepsOf);
	if (attribute === 'http.response.status_code')
		return ({ json }) => firstOf(places, (steps) => status(valueAt(json, steps)));
	// an id is text or a number
	const flag = ID.test(attribute) ? () => undefined : flagText;
	const shown = attribute === 'url.full' ? urlWithoutSecrets : (value: string | undefined) => value;
	return ({ json }, ids) =>
		firstOf(places, (steps) => {
			if (!steps.includes(ALL)) return shown(ids(...steps) ?? flag(valueAt(json, steps)));
			const all = expanded(json, steps).flatMap((one) => ids(...one) ?? []);
			return all.length > 0 ? all : undefined;
		});
}

function firstOf<T, R>(items: readonly T[], of: (item: T) => R | undefined): R | undefined {
	for (const item of items) {
		const found = of(item);
		if (found !== undefined) return found;
	}
	return undefined;
}

const flagText = (value: unknown) => (typeof value === 'boolean' ? String(value) : undefined);

function status(value: unknown): number | undefined {
	const code = Number(text(value) || NaN);
	return Number.isInteger(code) && code >= 100 && code <= 999 ? code : undefined;
}

/** Words with spaces, as some vendors have them, become one name, unless they are free text. */
export function eventName(action: string, form: RecordPart['eventName'] = 'joined'): string {
	const name = form === 'exact' ? action : action.trim().replace(/[^A-Za-z0-9_.-]+/g, '_');
	return EVENT_NAME.test(name) ? name.toLowerCase() : 'event';
}
