/** An event as a log record, by the declared places. */
import { text, urlWithoutSecrets } from '../../core/record/attributes';
import type { SourceEvent } from '../../core/contract';
import type { Alert, AttributeValue, Category, Draft } from '../../core/provider';
import { idsOf } from '../../core/record/ids';
import { INFO, raisedBy, severityText, WARN } from '../../core/record/severity';
import { toHrTime } from '../../core/time';
import { remember, words } from '../../core/record/words';
import { anyOf, textReader } from './condition';
import type { Declaration } from './form/declaration';
import type { Paths, Record as Mapping } from './form/event';
import { ALL, expanded, listOf, stepsOf, valueAt } from './places';

const EVENT_NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,100}$/;

/** What OpenTelemetry gives to the words of severity. */
const NUMBERS = { TRACE: 1, DEBUG: 5, INFO, WARN, ERROR: 17, FATAL: 21 } as const;

type Ids = ReturnType<typeof idsOf>;
type Read = (event: SourceEvent, ids: Ids) => AttributeValue | undefined;

export function recordMaker({ name, label = name, record }: Declaration): (event: SourceEvent) => Draft {
	const attributes = Object.entries(record.attributes).map(
		([attribute, paths]) => [attribute, reader(attribute, paths)] as const,
	);
	const action = textReader(record.action);
	const outcome = textReader(record.outcome);
	const failed = anyOf(record.failed);
	/** Where an event that did not fail says nothing itself. */
	const silent = record.failed && record.outcome === undefined ? 'success' : 'unknown';
	const severity = severityReader(record);
	const meaning = meaningOf(record);
	const nameOf = remember((of) => eventName(label, of));

	return (event) => {
		const { json } = event;
		const ids = idsOf(event);
		const done = action(json);
		const isFailed = failed(json);
		const { category, alert } = meaning(done, isFailed);
		const number = raisedBy(alert, severity(json, isFailed));
		const draft: Draft = {
			time: toHrTime(event.time),
			eventName: done === undefined ? `${label}.event` : nameOf(done),
			severityNumber: number,
			severityText: severityText(number),
			attributes: {
				'log.record.uid': `${label}:${event.id}`,
				'audit.source': label,
				'audit.category': category,
				'audit.alert': alert,
				'audit.action': done,
				'audit.outcome': outcome(json) ?? (isFailed ? 'failure' : silent),
			},
			body: event.raw,
		};
		for (const [attribute, read] of attributes) draft.attributes[attribute] = read(event, ids);
		draft.attributes['error.type'] = isFailed ? (draft.attributes['error.type'] ?? '_OTHER') : undefined;
		return draft;
	};
}

/** Text, the list of all that `*` stands for, or the number of a status. */
function reader(attribute: string, paths: Paths): Read {
	const places = listOf(paths).map(stepsOf);
	if (attribute === 'http.response.status_code')
		return ({ json }) => firstOf(places, (steps) => status(valueAt(json, steps)));
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

const flag = (value: unknown) => (typeof value === 'boolean' ? String(value) : undefined);

function status(value: unknown): number | undefined {
	const code = Number(text(value) || NaN);
	return Number.isInteger(code) && code >= 100 && code <= 999 ? code : undefined;
}

function severityReader({ severity }: Mapping): (json: SourceEvent['json'], isFailed: boolean) => number {
	const read = textReader(severity?.at);
	const known = new Map(
		Object.entries(severity?.words ?? {}).map(([word, level]) => [word.toLowerCase(), NUMBERS[level]]),
	);
	return (json, isFailed) => known.get(read(json)?.toLowerCase() ?? '') ?? (isFailed ? WARN : INFO);
}

type Meaning = { category: Category; alert: Alert };

/** By whole words of the action. The rules that ask for the outcome are asked twice, once for either. */
function meaningOf({ rules = [] }: Mapping): (action: string | undefined, isFailed: boolean) => Meaning {
	const known = rules.map(({ words: any, failed, ...rule }) => ({ ...rule, failed, any: new Set(any) }));
	const by = (isFailed: boolean) =>
		remember((action): Meaning => {
			const said = words(action);
			const rule = known.find(
				({ any, failed }) => (failed ?? isFailed) === isFailed && said.some((word) => any.has(word)),
			);
			return { category: rule?.category ?? 'other', alert: rule?.alert ?? 'none' };
		});
	const [failed, others] = [by(true), by(false)];
	return (action = '', isFailed) => (isFailed ? failed : others)(action);
}

/** Words with spaces, as some vendors have them, become one name. */
export function eventName(label: string, action: string): string {
	const joined = action.trim().replace(/[^A-Za-z0-9_.-]+/g, '_');
	return `${label}.${EVENT_NAME.test(joined) ? joined.toLowerCase() : 'event'}`;
}
