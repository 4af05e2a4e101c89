/** An event as a log record, by the declared places. */
import { text, urlWithoutSecrets } from '../../core/record/attributes';
import type { JsonObject, SourceEvent } from '../../core/contract';
import type { AttributeValue, Draft } from '../../core/provider';
import { textsOf } from '../../core/record/ids';
import { raisedBy, severityText } from '../../core/record/severity';
import type { Path } from '../../core/json/scan';
import { toHrTime } from '../../core/time';
import { remember } from '../../core/record/words';
import { factsReader, type Facts } from './facts';
import type { Paths, RecordPart } from './form/event';
import { meaningOf, type Meaning } from './meaning';
import { ALL, expanded, listOf, stepsOf, valueAt } from './places';

/** Attributes that hold ids. */
const ID = /\.(?:id|on_behalf_of)$/;

const EVENT_NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,100}$/;

type TextAt = ReturnType<typeof textsOf>;
type Read = (json: JsonObject, textAt: TextAt) => AttributeValue | undefined;

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
	const attributes = Object.entries(record.attributes).map(([attribute, paths]) => ({
		attribute,
		read: reader(attribute, paths),
	}));
	/** Copied for each event: an object that gets its names one by one is slower. */
	const absent: Draft['attributes'] = Object.fromEntries([
		...['log.record.uid', 'audit.source', 'audit.category', 'audit.alert', 'audit.action', 'audit.outcome'].map(none),
		...attributes.map(({ attribute }) => none(attribute)),
		none('error.type'),
	]);
	const factsOf = code.facts ?? factsReader(record);
	const byRules = meaningOf(record.rules);
	const nameOf = remember((action) => eventName(action, record.eventName));

	return (event) => {
		const { json } = event;
		const textAt = textsOf(event);
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
				...absent,
				'log.record.uid': `${label}:${event.id}`,
				'audit.source': label,
				'audit.category': category,
				'audit.alert': alert,
				'audit.action': action,
				'audit.outcome': outcome,
			},
			body: event.raw,
		};
		for (const { attribute, read } of attributes) draft.attributes[attribute] = read(json, textAt);
		draft.attributes['error.type'] = failed ? (draft.attributes['error.type'] ?? '_OTHER') : undefined;
		if (code.attributes) Object.assign(draft.attributes, code.attributes(json, draft.attributes));
		return draft;
	};
}

const none = (attribute: string) => [attribute, undefined] as const;

/** The first of the places with a value: text, the list of all that `*` stands for, or the number of a status. */
function reader(attribute: string, paths: Paths): Read {
	const places = listOf(paths).map((path) => placeReader(attribute, stepsOf(path)));
	const [first, ...others] = places;
	if (others.length === 0) return first!;
	return (json, textAt) => {
		for (const read of places) {
			const found = read(json, textAt);
			if (found !== undefined) return found;
		}
		return undefined;
	};
}

function placeReader(attribute: string, steps: Path): Read {
	if (attribute === 'http.response.status_code') return (json) => status(valueAt(json, steps));
	if (steps.includes(ALL)) {
		return (json, textAt) => {
			const all = expanded(json, steps).flatMap((one) => textAt(one) ?? []);
			return all.length > 0 ? all : undefined;
		};
	}
	if (attribute === 'url.full') return (_json, textAt) => urlWithoutSecrets(textAt(steps));
	// an id is text or a number
	const isFlag = !ID.test(attribute);
	return (_json, textAt) => textAt(steps, isFlag);
}

function status(value: unknown): number | undefined {
	const code = Number(text(value) || NaN);
	return Number.isInteger(code) && code >= 100 && code <= 999 ? code : undefined;
}

/** Words with spaces, as some vendors have them, become one name, unless they are free text. */
export function eventName(action: string, form: RecordPart['eventName'] = 'joined'): string {
	const name = form === 'exact' ? action : action.trim().replace(/[^A-Za-z0-9_.-]+/g, '_');
	return EVENT_NAME.test(name) ? name.toLowerCase() : 'event';
}
