/** Decodes OTLP requests with code generated from the official protos: neither our encoder nor our decoder is believed. */
import { createRequire } from 'node:module';
import type { Item } from '../../forwarder/records/item';
import { requestOf } from '../../forwarder/export/request';

export interface OtlpRecord {
	resource: Record<string, unknown>;
	scope: { name: string; version: string };
	/** Nanoseconds since the epoch. */
	time: bigint;
	observed: bigint;
	severityNumber: number;
	severityText: string;
	eventName: string;
	body: unknown;
	attributes: Record<string, unknown>;
	droppedAttributesCount: number;
}

interface Long {
	toString(): string;
}
interface AnyValue {
	stringValue?: string | null;
	boolValue?: boolean | null;
	intValue?: Long | null;
	doubleValue?: number | null;
	arrayValue?: { values: AnyValue[] } | null;
}
interface KeyValue {
	key: string;
	value: AnyValue;
}
interface Decoded {
	resourceLogs: {
		resource: { attributes: KeyValue[] };
		scopeLogs: {
			scope: { name: string; version: string };
			logRecords: {
				timeUnixNano: Long;
				observedTimeUnixNano: Long;
				severityNumber: number;
				severityText: string;
				eventName: string;
				body: AnyValue | null;
				attributes: KeyValue[];
				droppedAttributesCount: number;
			}[];
		}[];
	}[];
}

const generated = createRequire(__filename)('otlp-decode/build/src/generated/root.js') as {
	opentelemetry: {
		proto: { collector: { logs: { v1: { ExportLogsServiceRequest: { decode(bytes: Uint8Array): Decoded } } } } };
	};
};

export function decodeRequest(body: Uint8Array): OtlpRecord[] {
	const { resourceLogs } = generated.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest.decode(body);
	return resourceLogs.flatMap(({ resource, scopeLogs }) =>
		scopeLogs.flatMap(({ scope, logRecords }) =>
			logRecords.map((record) => ({
				resource: values(resource.attributes),
				scope: { name: scope.name, version: scope.version },
				time: BigInt(record.timeUnixNano.toString()),
				observed: BigInt(record.observedTimeUnixNano.toString()),
				severityNumber: record.severityNumber,
				severityText: record.severityText,
				eventName: record.eventName,
				body: value(record.body),
				attributes: values(record.attributes),
				droppedAttributesCount: record.droppedAttributesCount,
			})),
		),
	);
}

function values(list: KeyValue[]): Record<string, unknown> {
	return Object.fromEntries(list.map(({ key, value: given }) => [key, value(given)]));
}

function value(given: AnyValue | null): unknown {
	if (!given) return undefined;
	if (given.arrayValue) return given.arrayValue.values.map(value);
	if (given.intValue !== null && given.intValue !== undefined) return Number(given.intValue.toString());
	return given.stringValue ?? given.boolValue ?? given.doubleValue ?? null;
}

/** What a receiver gets of these items. */
export function recordsOf(items: readonly Item[]): OtlpRecord[] {
	return decodeRequest(requestOf(items));
}
