/** The process's own metrics, sent to a receiver again and again: the same that /metrics has, under OpenTelemetry's names. */
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { OtlpReceiver } from '../../config/types';
import type { Io } from '../io';
import { openReceiver } from './receiver';
import { changesOf, type Tell } from './tell';

export interface MetricsPush {
	/** Sends them a last time. */
	end(): Promise<void>;
}

export function pushMetrics(
	receiver: OtlpReceiver,
	everyMs: number,
	collect: () => Promise<ResourceMetrics>,
	io: Pick<Io, 'clock' | 'env'>,
	tell: Tell,
): MetricsPush {
	const { exporter, deliver, end } = openReceiver('metrics', receiver, io);
	const changed = changesOf(tell);
	const over = new AbortController();

	async function push(): Promise<void> {
		try {
			const body = await exporter.pack(ProtobufMetricsSerializer.serializeRequest(await collect())!);
			changed(await deliver((signal) => exporter.sendBody(body, signal)));
		} catch (error) {
			changed(error instanceof Error ? error.message : 'unknown reason');
		}
	}

	async function keepPushing(): Promise<void> {
		while (!over.signal.aborted) {
			await io.clock.sleep(everyMs, over.signal);
			await push();
		}
	}

	const pushing = keepPushing();
	return {
		async end() {
			over.abort();
			await end(pushing);
		},
	};
}
