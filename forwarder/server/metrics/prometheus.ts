/** The metrics as Prometheus text, made in small steps: with hundreds of streams the SDK needs tens of milliseconds. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Meter } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, MetricReader, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { ownResource } from '../../ownResource';
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
	/** What is told to a receiver. Only with `pushed`. */
	collected(): Promise<ResourceMetrics>;
	close(): Promise<void>;
}

export interface ExpositionOptions {
	version: string;
	resourceAttributes: Record<string, string>;
	/** Whether each metric is also there under the name that it had before names had units. */
	formerNames?: () => boolean;
	/** Whether somebody wants a metric. */
	isShown?: (name: string) => boolean;
	/** Somebody is told without asking. */
	pushed?: boolean;
}

/** Collects when it is told to. */
class PushReader extends MetricReader {
	protected override onForceFlush = async () => undefined;
	protected override onShutdown = async () => undefined;
}

/** Far above any number of streams: the SDK would fold what is beyond its own limit of 2000 into one value, silently. */
const MAX_POINTS = 100_000;

export function createExposition(options: ExpositionOptions): Exposition {
	const { version, resourceAttributes, formerNames = () => false, isShown = () => true, pushed = false } = options;
	const reader = new PrometheusExporter({ preventServerStart: true });
	const push = pushed ? new PushReader() : undefined;
	const resource = defaultResource().merge(resourceFromAttributes(ownResource(version, resourceAttributes)));
	const views = [{ instrumentName: '*', aggregationCardinalityLimit: MAX_POINTS }];
	const provider = new MeterProvider({ resource, readers: push ? [reader, push] : [reader], views });
	const listeners = new Set<() => Promise<void>>();
	let running: Promise<string> | undefined;
	let last = Promise.resolve();
	let collecting: Promise<unknown> = Promise.resolve();

	/** One after the other: what is observed is of one moment. */
	function collect(from: MetricReader): Promise<ResourceMetrics> {
		const next = collecting.then(() => collectNow(from));
		collecting = next.catch(() => undefined);
		return next;
	}

	async function collectNow(from: MetricReader): Promise<ResourceMetrics> {
		for (const listener of listeners) await listener();
		const { resourceMetrics, errors } = await from.collect();
		// half of the metrics would look like zeros and silence alerts
		if (errors.length) throw errors[0];
		const shown = resourceMetrics.scopeMetrics.flatMap((scope) => {
			const metrics = scope.metrics.filter(({ descriptor }) => isShown(descriptor.name));
			return metrics.length > 0 ? [{ ...scope, metrics }] : [];
		});
		return { ...resourceMetrics, scopeMetrics: shown };
	}

	async function write(): Promise<string> {
		const resourceMetrics = await collect(reader);
		let text = '';
		for (const scope of resourceMetrics.scopeMetrics) {
			await nextTurn();
			const metrics = scope.metrics.flatMap((metric) => named(metric, formerNames()));
			text += serializer(text === '').serialize({ ...resourceMetrics, scopeMetrics: [{ ...scope, metrics }] });
		}
		return text;
	}

	return {
		meter: (name) => provider.getMeter(`audit-relay/${name}`, version),
		onCollect: (listener) => void listeners.add(listener),
		turn: () => (last = last.then(() => nextTurn())),
		text: () => (running ??= write().finally(() => (running = undefined))),
		collected: () => collect(push!),
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
