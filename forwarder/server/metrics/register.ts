/** The forwarder's own metrics through the OpenTelemetry API (docs/operations.md lists them). No event data, no secrets. */
import type { Attributes, Meter, Observable } from '@opentelemetry/api';
import type { Monitor } from '../../run/monitor';
import { DESTINATION } from './destination';
import type { Instrument } from './instrument';
import { PROCESS, type ProcessView } from './process';
import type { Exposition } from './prometheus';
import { SOURCE } from './source';

/** Upper bounds in seconds. */
const POLL_BUCKETS = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

export function registerMetrics(
	exposition: Exposition,
	look: () => Promise<ProcessView>,
	monitor: Pick<Monitor, 'onPoll'>,
): void {
	let view: ProcessView;
	// all metrics of one answer speak of the same moment
	exposition.onCollect(async () => {
		view = await look();
	});

	function register<T>(prefix: string, instruments: readonly Instrument<T>[], items: () => [T, Attributes][]): void {
		for (const one of instruments) {
			const name = `${prefix}.${one.name}`;
			create(exposition.meter(name), name, one).addCallback(async (result) => {
				await exposition.turn();
				for (const [item, attributes] of items()) {
					const value = one.read(item);
					if (typeof value === 'number') result.observe(value, attributes);
					else for (const [part, more] of value ?? []) result.observe(part, { ...attributes, ...more });
				}
			});
		}
	}

	register('audit_relay.source', SOURCE, () => view.snapshot.streams.map((one) => [one, { source: one.name }]));
	register('audit_relay.destination', DESTINATION, () =>
		view.snapshot.destinations.map((one) => [one, { destination: one.name }]),
	);
	register('audit_relay', PROCESS, () => [[view, {}]]);

	const name = 'audit_relay.source.poll.duration';
	const duration = exposition.meter(name).createHistogram(name, {
		unit: 's',
		description: 'How long polls took, from the first request to the last commit',
		advice: { explicitBucketBoundaries: POLL_BUCKETS },
	});
	monitor.onPoll((source, _outcome, tookMs) => duration.record(tookMs / 1000, { source }));
}

function create<T>(meter: Meter, name: string, { description, unit, counter }: Instrument<T>): Observable {
	const options = { description, unit };
	return counter ? meter.createObservableCounter(name, options) : meter.createObservableGauge(name, options);
}
