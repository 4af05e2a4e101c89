/** The process's own log at a receiver, through the SDK's batches: few lines, of which none is worth an effort like that for events. */
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from '@opentelemetry/sdk-logs';
import type { OtlpReceiver } from '../../config/types';
import { VERSION } from '../../version';
import type { Io } from '../io';
import type { Sink } from '../log/entry';
import { attributesOf } from '../log/names';
import { openReceiver } from './receiver';
import { changesOf, type Tell } from './tell';

/** As the specification has them. */
const SEVERITIES: Readonly<Record<string, number>> = { trace: 1, debug: 5, info: 9, warn: 13, error: 17, fatal: 21 };

type Attributes = Parameters<ReturnType<LoggerProvider['getLogger']>['emit']>[0]['attributes'];

export interface LogShipping {
	say: Sink;
	/** Sends what waits. */
	end(): Promise<void>;
}

/** @param tell writes where this receiver is not told */
export function shipLog(
	receiver: OtlpReceiver,
	resource: Record<string, string>,
	io: Pick<Io, 'clock' | 'env'>,
	tell: Tell,
): LogShipping {
	const changed = changesOf(tell);
	const { exporter, deliver, end } = openReceiver('logs', receiver, io);
	const patient: LogRecordExporter = {
		export: (records, done) =>
			void deliver((signal) => exporter.send(records, signal)).then((trouble) => {
				changed(trouble);
				done({ code: trouble === undefined ? 0 : 1 });
			}),
		forceFlush: () => exporter.forceFlush(),
		shutdown: async () => undefined,
	};
	const provider = new LoggerProvider({
		resource: defaultResource().merge(resourceFromAttributes(resource)),
		processors: [new BatchLogRecordProcessor({ exporter: patient })],
	});
	const logger = provider.getLogger('audit-relay', VERSION);
	return {
		say(entry) {
			logger.emit({
				timestamp: new Date(entry.time),
				severityNumber: SEVERITIES[entry.level] ?? 9,
				severityText: entry.level.toUpperCase(),
				body: entry.msg,
				attributes: attributesOf(entry, 'otel') as Attributes,
			});
		},
		end: () => end(provider.shutdown()),
	};
}
