/**
 * Reads an OTLP `ExportLogsServiceRequest` with the field numbers of the official protos (logs.proto, common.proto).
 * Written apart from what encodes, so that the demo and tests do not believe an encoder about itself.
 */
import { fields, type Field } from './protobuf';

export type OtlpValue =
	string | boolean | number | bigint | Uint8Array | null | OtlpValue[] | { [key: string]: OtlpValue };

export interface DecodedRecord {
	readonly resource: Readonly<Record<string, OtlpValue>>;
	readonly scope: { readonly name: string; readonly version: string };
	/** Nanoseconds since 1970. */
	readonly time: bigint;
	readonly observed: bigint;
	readonly severityNumber: number;
	readonly severityText: string;
	readonly eventName: string;
	/** Undefined when the record has none, null when it is an empty value. */
	readonly body: OtlpValue | undefined;
	readonly attributes: Readonly<Record<string, OtlpValue>>;
}

/** Throws when the bytes are not such a request. */
export function decodeLogs(bytes: Uint8Array): DecodedRecord[] {
	const records: DecodedRecord[] = [];
	for (const resourceLogs of messages(bytes, 1)) {
		const resource = keyValues(messages(first(resourceLogs, 1), 1));
		for (const scopeLogs of messages(resourceLogs, 2)) {
			const scopeBytes = first(scopeLogs, 1);
			const scope = { name: utf8(first(scopeBytes, 1)), version: utf8(first(scopeBytes, 2)) };
			for (const record of messages(scopeLogs, 2)) records.push({ resource, scope, ...logRecord(record) });
		}
	}
	return records;
}

function logRecord(bytes: Uint8Array): Omit<DecodedRecord, 'resource' | 'scope'> {
	const all = [...fields(bytes)];
	const last = (number: number) => all.findLast((field) => field.number === number);
	const body = last(5);
	return {
		time: integer(last(1)),
		severityNumber: Number(integer(last(2))),
		severityText: text(last(3)),
		body: body?.wire === 'bytes' ? anyValue(body.value) : undefined,
		attributes: keyValues(all.filter((field) => field.number === 6).map(bytesOf)),
		observed: integer(last(11)),
		eventName: text(last(12)),
	};
}

function anyValue(bytes: Uint8Array): OtlpValue {
	// the value is a oneof: when several are there, the last one counts
	const field = [...fields(bytes)].at(-1);
	switch (field?.number) {
		case undefined:
			return null;
		case 1:
			return text(field);
		case 2:
			return integer(field) !== 0n;
		case 3: {
			const value = BigInt.asIntN(64, integer(field));
			return Number.isSafeInteger(Number(value)) ? Number(value) : value;
		}
		case 4: {
			const double = new DataView(new ArrayBuffer(8));
			double.setBigUint64(0, integer(field));
			return double.getFloat64(0);
		}
		case 5:
			return messages(bytesOf(field), 1).map(anyValue);
		case 6:
			return keyValues(messages(bytesOf(field), 1));
		case 7:
			return bytesOf(field);
		default:
			return null;
	}
}

function keyValues(list: readonly Uint8Array[]): Record<string, OtlpValue> {
	const pairs = list.map((bytes): [string, OtlpValue] => [utf8(first(bytes, 1)), anyValue(first(bytes, 2))]);
	return Object.fromEntries(pairs);
}

function messages(bytes: Uint8Array, number: number): Uint8Array[] {
	return [...fields(bytes)].filter((field) => field.number === number).map(bytesOf);
}

function first(bytes: Uint8Array, number: number): Uint8Array {
	return messages(bytes, number)[0] ?? new Uint8Array();
}

function bytesOf(field: Field): Uint8Array {
	if (field.wire !== 'bytes') throw new Error(`otlp: field ${field.number} is not a message`);
	return field.value;
}

function integer(field: Field | undefined): bigint {
	return field === undefined || field.wire === 'bytes' ? 0n : BigInt(field.value);
}

function text(field: Field | undefined): string {
	return field?.wire === 'bytes' ? utf8(field.value) : '';
}

function utf8(bytes: Uint8Array): string {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
