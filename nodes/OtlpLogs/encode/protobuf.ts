/** OTLP's binary encoding. */
import {
	encodeOrigin,
	encodeRecords,
	encodeRequest,
	encodeScope,
	type Bytes,
	type LogRecord,
} from '../../../core/otlp/logs';
import { hrTime } from '../../shared/core';
import { grouped, SCOPE, type Entry } from './model';

/** An `ExportLogsServiceRequest`. */
export function encodeProtobuf(entries: readonly Entry[]): Bytes {
	return encodeRequest(
		grouped(entries).map(({ resource, entries: some }) => ({
			origin: encodeOrigin({ attributes: resource }, encodeScope({ name: SCOPE })),
			records: encodeRecords(some.map(logRecord)),
		})),
	);
}

function logRecord({ record: { time, ...record }, observed }: Entry): LogRecord {
	return { ...record, hrTime: time, hrTimeObserved: hrTime(observed), droppedAttributesCount: 0 };
}
