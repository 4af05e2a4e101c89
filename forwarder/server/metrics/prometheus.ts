/** The metrics as Prometheus text, made in small steps: with hundreds of streams the SDK needs tens of milliseconds. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Meter } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

export interface Exposition {
	/** The SDK collects a meter in one go, so every metric has a meter of its own. */
	meter(name: string): Meter;
	/** Called at the beginning of each collection. */
	onCollect(listener: () => Promise<void>): void;
	/** Resolves when it is the caller's turn: one caller in each round of the event loop. */
	turn(): Promise<void>;
	/** Collects and writes all metrics. Those who ask while it is being made get the same text. */
	text(): Promise<string>;
	close(): Promise<void>;
}

/** Far above any number of streams: the SDK would fold what is beyond its own limit of 2000 into one value, silently. */
const MAX_POINTS = 100_000;

export function createExposition(version: string, resourceAttributes: Record<string, string>): Exposition {
	const reader = new PrometheusExporter({ preventServerStart: true });
	const own = { ...resourceAttributes, 'service.name': 'audit-relay', 'service.version': version };
	const resource = defaultResource().merge(resourceFromAttributes(own));
	const views = [{ instrumentName: '*', aggregationCardinalityLimit: MAX_POINTS }];
	const provider = new MeterProvider({ resource, readers: [reader], views });
	const listeners = new Set<() => Promise<void>>();
	let running: Promise<string> | undefined;
	let last = Promise.resolve();

	async function collect(): Promise<string> {
		for (const listener of listeners) await listener();
		const { resourceMetrics, errors } = await reader.collect();
		// half of the metrics would look like zeros and silence alerts
		if (errors.length) throw errors[0];
		let text = '';
		for (const scope of resourceMetrics.scopeMetrics) {
			await nextTurn();
			text += serializer(text === '').serialize({ ...resourceMetrics, scopeMetrics: [scope] });
		}
		return text;
	}

	return {
		meter: (name) => provider.getMeter(`audit-relay/${name}`, version),
		onCollect: (listener) => void listeners.add(listener),
		turn: () => (last = last.then(() => nextTurn())),
		text: () => (running ??= collect().finally(() => (running = undefined))),
		close: () => provider.shutdown(),
	};
}

/** The resource comes once. Scopes are left out: they would say the same on every line. */
function serializer(first: boolean): PrometheusSerializer {
	return new PrometheusSerializer(undefined, false, undefined, !first, true);
}
