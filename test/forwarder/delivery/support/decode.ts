/** Reads our bytes with classes generated from the official protos, never with our own code. */
export interface DecodedValue {
	stringValue?: string;
	intValue?: unknown;
	arrayValue?: { values: DecodedValue[] };
}

export interface DecodedRecord {
	timeUnixNano: bigint;
	observedTimeUnixNano: bigint;
	eventName: string;
	severityNumber: number;
	severityText: string;
	body?: DecodedValue;
	attributes: Record<string, DecodedValue>;
	droppedAttributesCount: number;
	traceId: string;
	spanId: string;
	resource: Record<string, DecodedValue>;
	scope: string;
	scopeVersion: string;
	schemaUrl: string;
}

type Pairs = { key: string; value: DecodedValue }[];

interface ExportRequest {
	resourceLogs: {
		resource: { attributes: Pairs };
		scopeLogs: {
			scope: { name: string; version: string };
			schemaUrl: string;
			logRecords: {
				timeUnixNano: { toString(): string };
				observedTimeUnixNano: { toString(): string };
				eventName: string;
				severityNumber: number;
				severityText: string;
				body?: DecodedValue;
				attributes: Pairs;
				droppedAttributesCount: number;
				traceId: Uint8Array | null;
				spanId: Uint8Array | null;
			}[];
		}[];
	}[];
}

interface Root {
	opentelemetry: {
		proto: { collector: { logs: { v1: { ExportLogsServiceRequest: { decode(bytes: Uint8Array): ExportRequest } } } } };
	};
}

// eslint-disable-next-line @typescript-eslint/no-require-imports -- generated CommonJS without types
const root = require('otlp-decode/build/src/generated/root.js') as Root;

export function decode(bytes: Uint8Array): DecodedRecord[] {
	const request = root.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest.decode(bytes);
	return request.resourceLogs.flatMap(({ resource, scopeLogs }) =>
		scopeLogs.flatMap(({ scope, schemaUrl, logRecords }) =>
			logRecords.map((record) => ({
				timeUnixNano: BigInt(record.timeUnixNano.toString()),
				observedTimeUnixNano: BigInt(record.observedTimeUnixNano.toString()),
				eventName: record.eventName,
				severityNumber: record.severityNumber,
				severityText: record.severityText,
				body: record.body,
				attributes: named(record.attributes),
				droppedAttributesCount: record.droppedAttributesCount,
				traceId: Buffer.from(record.traceId ?? []).toString('hex'),
				spanId: Buffer.from(record.spanId ?? []).toString('hex'),
				resource: named(resource.attributes),
				scope: scope.name,
				scopeVersion: scope.version,
				schemaUrl,
			})),
		),
	);
}

/** How often a resource is written: once per stream when objects are reused. */
export function resourceGroups(bytes: Uint8Array): number {
	return root.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest.decode(bytes).resourceLogs.length;
}

function named(pairs: Pairs): Record<string, DecodedValue> {
	return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
}

/** `log.record.uid` of every record, in order. */
export function uids(bytes: Uint8Array): string[] {
	return decode(bytes).map(({ attributes }) => attributes['log.record.uid']?.stringValue ?? '');
}
