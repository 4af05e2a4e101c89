/** The metrics as Prometheus text. */
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { Meter } from '@opentelemetry/api';

export interface Exposition {
	meter: Meter;
	/** Collects and writes all metrics. Those who ask while it is being made get the same text. */
	text(): Promise<string>;
	close(): Promise<void>;
}

/** Far above any number of streams: the SDK would fold what is beyond its own limit of 2000 into one value, silently. */
const MAX_POINTS = 100_000;

export function createExposition(version: string, resourceAttributes: Record<string, string>): Exposition {
	const reader = new PrometheusExporter({ preventServerStart: true });
	const own = { ...resourceAttributes, 'service.name': 'audit-relay', 'service.version': version };
	const provider = new MeterProvider({
		resource: defaultResource().merge(resourceFromAttributes(own)),
		readers: [reader],
		views: [{ instrumentName: '*', aggregationCardinalityLimit: MAX_POINTS }],
	});
	// one scope only: its labels would say the same on every line
	const serializer = new PrometheusSerializer(undefined, false, undefined, false, true);
	let running: Promise<string> | undefined;

	async function collect(): Promise<string> {
		const { resourceMetrics, errors } = await reader.collect();
		// half of the metrics would look like zeros and silence alerts
		if (errors.length) throw errors[0];
		return serializer.serialize(resourceMetrics);
	}

	return {
		meter: provider.getMeter('audit-relay', version),
		text: () => (running ??= collect().finally(() => (running = undefined))),
		close: () => provider.shutdown(),
	};
}
