/**
 * The SDK's own pipeline: `BatchLogRecordProcessor` with `OTLPLogExporter`, for the same records. It drops what does not fit its
 * queue, so a flush is waited for before that happens; nothing else is done for safety.
 */
import { recordOf } from '../../core/record/attributes';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Resources from '@opentelemetry/resources';
import type * as Logs from '@opentelemetry/sdk-logs';
import { providers } from '../../providers/registry';
import { eventsOf, pages } from './pages';
import { eventOf } from './plainEvent';
import type { Task } from './task';

const QUEUE = 2048;

interface Exporter {
	OTLPLogExporter: new (options: object) => Logs.LogRecordExporter;
}

export async function stock(task: Task): Promise<void> {
	const installed = createRequire(join(task.stock, 'package.json'));
	const load = async (name: string): Promise<unknown> => import(pathToFileURL(installed.resolve(name)).href);
	const { LoggerProvider, BatchLogRecordProcessor } = (await load('@opentelemetry/sdk-logs')) as typeof Logs;
	const { resourceFromAttributes } = (await load('@opentelemetry/resources')) as typeof Resources;
	const { OTLPLogExporter } = (await load('@opentelemetry/exporter-logs-otlp-proto')) as Exporter;

	const url = `${task.receiver}/v1/logs`;
	const exporter = new OTLPLogExporter({ url, compression: task.compression });
	const processor = new BatchLogRecordProcessor({ exporter, maxQueueSize: QUEUE });
	const resource = resourceFromAttributes({ 'service.name': task.shape, 'service.namespace': 'audit' });
	const loggers = new LoggerProvider({ resource, processors: [processor] });
	const logger = loggers.getLogger('bench');
	const provider = providers[task.shape];
	let unflushed = 0;
	for await (const body of pages(task)) {
		const events = eventsOf(task.shape, body);
		if (unflushed + events.length > QUEUE) {
			await processor.forceFlush();
			unflushed = 0;
		}
		for (const event of events) {
			const { time: timestamp, ...record } = recordOf(provider, eventOf(task.shape, event));
			logger.emit({ ...record, timestamp, observedTimestamp: timestamp });
		}
		unflushed += events.length;
	}
	await loggers.shutdown();
}
