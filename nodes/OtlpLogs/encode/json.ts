/** OTLP's JSON encoding: lower camel case, 64-bit integers as text, enums as numbers. */
import type { AttributeValue } from '../../../core/provider';
import { grouped, nanosOf, SCOPE, type Attributes, type Entry } from './model';

export function encodeJson(entries: readonly Entry[]): string {
	const request = {
		resourceLogs: grouped(entries).map((group) => ({
			resource: { attributes: keyValues(group.resource) },
			scopeLogs: [{ scope: { name: SCOPE }, logRecords: group.entries.map(logRecord) }],
		})),
	};
	return JSON.stringify(request, wellFormed);
}

/** Half of a surrogate pair has no UTF-8, and receivers refuse the whole request for it. Protobuf replaces it too. */
function wellFormed(_name: string, value: unknown): unknown {
	return typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\ufffd') : value;
}

function logRecord({ record, observed }: Entry) {
	return {
		timeUnixNano: String(nanosOf(record.time)),
		observedTimeUnixNano: String(observed),
		severityNumber: record.severityNumber,
		severityText: record.severityText,
		eventName: record.eventName,
		body: { stringValue: record.body },
		attributes: keyValues(record.attributes),
	};
}

function keyValues(attributes: Attributes) {
	return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: AttributeValue): object {
	if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
	switch (typeof value) {
		case 'boolean':
			return { boolValue: value };
		case 'number':
			if (Number.isSafeInteger(value)) return { intValue: String(value) };
			// JSON has no such number; protobuf's mapping to it writes the word
			return { doubleValue: Number.isFinite(value) ? value : String(value) };
		default:
			return { stringValue: value };
	}
}
