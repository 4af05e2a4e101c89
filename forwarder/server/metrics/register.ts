/** The forwarder's own metrics through the OpenTelemetry API (docs/operations.md lists them). No event data, no secrets. */
import type { Attributes, Meter, Observable } from '@opentelemetry/api';
import type { Monitor } from '../../run/monitor';
import { DESTINATION } from './destination';
import type { Instrument } from './instrument';
import { NOTIFICATION } from './notification';
import { PROCESS, type ProcessView } from './process';
import type { Exposition } from './prometheus';
import { recordRequests } from './requests';
import { RUNTIME, watchRuntime, type Runtime } from './runtime';
import { SOURCE } from './source';
import { createSums, SUMMED } from './sums';
import { WORKER } from './worker';

/** Upper bounds in seconds. */
const POLL_BUCKETS = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

const ROUNDTRIP_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** Tells how long each statement to the database took, in milliseconds. */
export type OnRoundtrip = (listener: (tookMs: number) => void) => void;

export interface Observed {
	look: () => Promise<ProcessView>;
	monitor: Pick<Monitor, 'onPoll' | 'onRequest'>;
	/** Absent over a state file. */
	onRoundtrip?: OnRoundtrip;
	/** Whether all that is known of each source is wanted now, instead of what alerts need. */
	isDetailed: () => boolean;
}

const POLL_DURATION = 'audit_relay.source.poll.duration';

/** By their whole names. */
export const DETAILS: ReadonlySet<string> = new Set([
	...SOURCE.filter(({ detail }) => detail).map(({ name }) => `audit_relay.source.${name}`),
	POLL_DURATION,
]);

export function registerMetrics(
	exposition: Exposition,
	{ look, monitor, onRoundtrip, isDetailed }: Observed,
): { end(): void } {
	let view: ProcessView;
	let runtime: Runtime;
	const sums = createSums();
	const watched = watchRuntime();
	// all metrics of one answer speak of the same moment
	exposition.onCollect(async () => {
		[view, runtime] = await Promise.all([look(), watched.look()]);
		sums.add(view.snapshot.streams);
	});
	const observe = (name: string, instrument: Instrument<never>, points: () => Iterable<[number, Attributes]>) =>
		create(exposition.meter(name), name, instrument).addCallback(async (result) => {
			await exposition.turn();
			for (const [value, attributes] of points()) result.observe(value, attributes);
		});

	function register<T>(prefix: string, instruments: readonly Instrument<T>[], items: () => [T, Attributes][]): void {
		for (const one of instruments) {
			const name = `${prefix}${one.name}`;
			observe(name, one, function* () {
				if (DETAILS.has(name) && !isDetailed()) return;
				for (const [item, attributes] of items()) {
					const value = one.read(item);
					if (typeof value === 'number') yield [value, attributes];
					else for (const [part, more] of value ?? []) yield [part, { ...attributes, ...more }];
				}
			});
		}
	}

	register('audit_relay.source.', SOURCE, () => view.snapshot.streams.map((one) => [one, { source: one.name }]));
	for (const one of SUMMED) observe(`audit_relay.provider.${one.name}`, one, () => sums.of(one));
	register('audit_relay.destination.', DESTINATION, () =>
		view.snapshot.destinations.map((one) => [one, { destination: one.name }]),
	);
	register('audit_relay.notification.', NOTIFICATION, () =>
		(view.snapshot.notifications ?? []).map((one) => [one, { notification: one.name }]),
	);
	register('audit_relay.', PROCESS, () => [[view, {}]]);
	register('', RUNTIME, () => [[runtime, {}]]);
	recordRequests(exposition.meter, monitor.onRequest);
	if (onRoundtrip) {
		register('audit_relay.', WORKER, () => (view.snapshot.worker ? [[view.snapshot.worker, {}]] : []));
		roundtrips(exposition, onRoundtrip);
	}

	const duration = exposition.meter(POLL_DURATION).createHistogram(POLL_DURATION, {
		unit: 's',
		description: 'How long polls took, from the first request to the last commit',
		advice: { explicitBucketBoundaries: POLL_BUCKETS },
	});
	monitor.onPoll((source, _outcome, tookMs) => {
		if (isDetailed()) duration.record(tookMs / 1000, { source });
	});
	return { end: () => watched.end() };
}

function roundtrips(exposition: Exposition, onRoundtrip: OnRoundtrip): void {
	const name = 'audit_relay.state.roundtrip';
	const histogram = exposition.meter(name).createHistogram(name, {
		unit: 's',
		description: 'How long statements to the database took',
		advice: { explicitBucketBoundaries: ROUNDTRIP_BUCKETS },
	});
	onRoundtrip((tookMs) => histogram.record(tookMs / 1000));
}

function create<T>(meter: Meter, name: string, { description, unit, counter }: Instrument<T>): Observable {
	const options = { description, unit };
	return counter ? meter.createObservableCounter(name, options) : meter.createObservableGauge(name, options);
}
