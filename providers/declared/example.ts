/** What a declaration makes of an example answer: held against what a person expects, beside the declaration. */
import { complete } from '../../core/record/attributes';
import type { InvalidEvent, SourceEvent } from '../../core/contract';
import type { AttributeValue, Provider } from '../../core/provider';
import { parseAnswer } from '../../core/json/parse';
import { formatInstant } from '../../core/time';
import type { Declaration } from './form/declaration';
import { elementsOf } from './list';
import { stepsOf } from './places';

/** As `<name>.expected.json` holds it, for each event of the pages in their order. */
export interface Expected {
	id: string;
	time: string;
	eventName: string;
	severity: string;
	attributes: Record<string, AttributeValue>;
}

/** Throws what a walk would throw for this answer. */
export function mapped(
	declaration: Declaration,
	provider: Provider,
	page: Uint8Array,
): { records: Expected[]; invalid: InvalidEvent[] } {
	const list = stepsOf(declaration.list?.at ?? '').map(String);
	const reply = { status: 200, headers: {}, body: page, ...parseAnswer(page, list) };
	const request = { method: declaration.request.method ?? 'GET', path: declaration.request.path } as const;
	const read = elementsOf(declaration, request, reply).map(provider.event);
	const events = read.filter((event): event is SourceEvent => !('reason' in event));
	return {
		records: events.map((event) => {
			const { eventName, severityText: severity, attributes } = complete(provider.draft(event));
			return { id: event.id, time: formatInstant(event.time, 9), eventName, severity, attributes };
		}),
		invalid: read.filter((event): event is InvalidEvent => 'reason' in event),
	};
}

/** Declared attributes that no record has, and that are not said to be untested. */
export function unhit({ record, untested = [] }: Declaration, records: readonly Expected[]): string[] {
	const names = Object.keys(record.attributes).filter((name) => !untested.includes(name));
	return names.filter((name) => !records.some(({ attributes }) => Object.hasOwn(attributes, name)));
}
