/** The forwarder's own metrics through the OpenTelemetry API (docs/operations.md lists them). No event data, no secrets. */
import type { Attributes, BatchObservableResult, Meter, Observable } from '@opentelemetry/api';
import type { Monitor } from '../../run/monitor';
import { DESTINATION } from './destination';
import type { Instrument } from './instrument';
import { PROCESS, type ProcessView } from './process';
import { STREAM } from './stream';

/** Upper bounds in seconds. */
const POLL_BUCKETS = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** Streams observed in one go: other work gets its turn in between. */
const STREAMS_AT_ONCE = 25;

export function registerMetrics(meter: Meter, look: () => ProcessView, monitor: Pick<Monitor, 'onPoll'>): void {
	const stream = STREAM.map((one) => ({ ...one, instrument: create(meter, 'audit_relay.stream', one) }));
	const destination = DESTINATION.map((one) => ({ ...one, instrument: create(meter, 'audit_relay.destination', one) }));
	const process = PROCESS.map((one) => ({ ...one, instrument: create(meter, 'audit_relay', one) }));

	meter.addBatchObservableCallback(
		async (result) => {
			const view = look();
			observe(result, process, view, {});
			for (const one of view.snapshot.destinations) observe(result, destination, one, { destination: one.name });
			for (const [index, one] of view.snapshot.streams.entries()) {
				observe(result, stream, one, { stream: one.name });
				if (index % STREAMS_AT_ONCE === STREAMS_AT_ONCE - 1) await new Promise((next) => setImmediate(next));
			}
		},
		[...stream, ...destination, ...process].map(({ instrument }) => instrument),
	);

	const duration = meter.createHistogram('audit_relay.stream.poll.duration', {
		unit: 's',
		description: 'How long polls took, from the first request to the last commit',
		advice: { explicitBucketBoundaries: POLL_BUCKETS },
	});
	monitor.onPoll((name, _outcome, tookMs) => duration.record(tookMs / 1000, { stream: name }));
}

function create<T>(meter: Meter, prefix: string, { name, description, unit, counter }: Instrument<T>): Observable {
	const options = { description, unit };
	if (counter) return meter.createObservableCounter(`${prefix}.${name}`, options);
	return meter.createObservableGauge(`${prefix}.${name}`, options);
}

function observe<T>(
	result: BatchObservableResult,
	instruments: readonly (Instrument<T> & { instrument: Observable })[],
	from: T,
	attributes: Attributes,
): void {
	for (const { instrument, read } of instruments) {
		const value = read(from);
		if (typeof value === 'number') result.observe(instrument, value, attributes);
		else for (const [one, more] of value ?? []) result.observe(instrument, one, { ...attributes, ...more });
	}
}
