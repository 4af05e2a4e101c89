/** What the Collector's file exporter wrote: OTLP as JSON, one request on each line. */
import { existsSync, readFileSync } from 'node:fs';

export interface FileRecord {
	resource: Record<string, unknown>;
	time: bigint;
	severityNumber: number;
	severityText: string;
	eventName: string;
	body: unknown;
	attributes: Record<string, unknown>;
}

interface AnyValue {
	stringValue?: string;
	boolValue?: boolean;
	intValue?: string;
	doubleValue?: number;
	arrayValue?: { values: AnyValue[] };
}
interface KeyValue {
	key: string;
	value: AnyValue;
}
interface Line {
	resourceLogs: {
		resource: { attributes?: KeyValue[] };
		scopeLogs: {
			logRecords: {
				timeUnixNano: string;
				severityNumber?: number;
				severityText?: string;
				eventName?: string;
				body: AnyValue;
				attributes?: KeyValue[];
			}[];
		}[];
	}[];
}

export function fileRecords(path: string): FileRecord[] {
	if (!existsSync(path)) return [];
	// what follows the last line feed is still being written
	const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
	return lines.flatMap((line) =>
		(JSON.parse(line) as Line).resourceLogs.flatMap(({ resource, scopeLogs }) =>
			scopeLogs.flatMap(({ logRecords }) =>
				logRecords.map((record) => ({
					resource: values(resource.attributes),
					time: BigInt(record.timeUnixNano),
					severityNumber: record.severityNumber ?? 0,
					severityText: record.severityText ?? '',
					eventName: record.eventName ?? '',
					body: value(record.body),
					attributes: values(record.attributes),
				})),
			),
		),
	);
}

function values(list: KeyValue[] = []): Record<string, unknown> {
	return Object.fromEntries(list.map(({ key, value: given }) => [key, value(given)]));
}

function value(given: AnyValue): unknown {
	if (given.arrayValue) return given.arrayValue.values.map(value);
	if (given.intValue !== undefined) return Number(given.intValue);
	return given.stringValue ?? given.boolValue ?? given.doubleValue ?? null;
}
