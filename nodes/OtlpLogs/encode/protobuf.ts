/** OTLP's binary encoding, with the field numbers of the official logs.proto and common.proto. */
import type { AttributeValue } from '../../../providers/contract';
import { grouped, nanosOf, SCOPE, type Attributes, type Entry, type Group } from './model';
import { double, fixed64, integer, joined, message, text, type Bytes } from './wire';

/** An `ExportLogsServiceRequest`. */
export function encodeProtobuf(entries: readonly Entry[]): Bytes {
	return joined(grouped(entries).map((group) => message(1, resourceLogs(group))));
}

function resourceLogs({ resource, entries }: Group): Bytes {
	const records = entries.map((entry) => message(2, logRecord(entry)));
	const scopeLogs = joined([message(1, text(1, SCOPE)), ...records]);
	return joined([message(1, keyValues(1, resource)), message(2, scopeLogs)]);
}

function logRecord({ record, observed }: Entry): Bytes {
	return joined([
		fixed64(1, nanosOf(record.time)),
		integer(2, BigInt(record.severityNumber)),
		text(3, record.severityText),
		message(5, text(1, record.body)),
		keyValues(6, record.attributes),
		fixed64(11, observed),
		text(12, record.eventName),
	]);
}

function keyValues(field: number, attributes: Attributes): Bytes {
	return joined(
		Object.entries(attributes).map(([key, value]) =>
			message(field, joined([text(1, key), message(2, anyValue(value))])),
		),
	);
}

function anyValue(value: AttributeValue): Bytes {
	if (Array.isArray(value)) return message(5, joined(value.map((one) => message(1, anyValue(one)))));
	switch (typeof value) {
		case 'boolean':
			return integer(2, value ? 1n : 0n);
		case 'number':
			return Number.isSafeInteger(value) ? integer(3, BigInt(value)) : double(4, value);
		default:
			return text(1, value);
	}
}
