/** The metrics as Prometheus text, made in small steps: with hundreds of streams the SDK needs tens of milliseconds. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Meter } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { namesOf } from './promNames';

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

export interface ExpositionOptions {
	version: string;
	resourceAttributes: Record<string, string>;
	/** Each metric also under the name that it had before names had units. */
	formerNames?: boolean;
}

/** Far above any number of streams: the SDK would fold what is beyond its own limit of 2000 into one value, silently. */
const MAX_POINTS = 100_000;

export function createExposition({ version, resourceAttributes, formerNames = false }: ExpositionOptions): Exposition {
	const reader = new PrometheusExporter({ preventServerStart: true });
	const own = { ...resourceAttributes, 'service.name': 'audit-relay', 'service.version': version };
	const resource = defaultResource().merge(resourceFromAttributes(own));
	const views = [{ instrumentName: '*', aggregationCardinalityLimit: MAX_POINTS }];
	const provider = new MeterProvider({ resource, readers: [reader], views });
	const listeners = new Set<() => Promise<void>>();
	let running: Promise<string> | undefined;
	let last = Promise.resolve();

	async function collect(): Promise<ResourceMetrics> {
		for (const listener of listeners) await listener();
		const { resourceMetrics, errors } = await reader.collect();
		// half of the metrics would look like zeros and silence alerts
		if (errors.length) throw errors[0];
		return resourceMetrics;
	}

	async function write(): Promise<string> {
		const resourceMetrics = await collect();
		let text = '';
		for (const scope of resourceMetrics.scopeMetrics) {
			await nextTurn();
			const metrics = scope.metrics.flatMap((metric) => named(metric, formerNames));
			text += serializer(text === '').serialize({ ...resourceMetrics, scopeMetrics: [{ ...scope, metrics }] });
		}
		return text;
	}

	return {
		meter: (name) => provider.getMeter(`audit-relay/${name}`, version),
		onCollect: (listener) => void listeners.add(listener),
		turn: () => (last = last.then(() => nextTurn())),
		text: () => (running ??= write().finally(() => (running = undefined))),
		close: () => provider.shutdown(),
	};
}

function named(metric: MetricData, former: boolean): MetricData[] {
	const { name, unit } = metric.descriptor;
	// a comment for the unit would only repeat the name
	return namesOf(name, unit, former).map((name) => ({
		...metric,
		descriptor: { ...metric.descriptor, name, unit: '' },
	}));
}

/** The resource comes once. Scopes are left out: they would say the same on every line. */
function serializer(first: boolean): PrometheusSerializer {
	return new PrometheusSerializer(undefined, false, undefined, !first, true);
}
