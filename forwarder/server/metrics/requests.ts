/** How long requests took and how much came or went, by provider and destination. */
import type { Attributes, Meter } from '@opentelemetry/api';
import type { Requested } from '../../run/requested';

/** Upper bounds in seconds. */
const DURATIONS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** In bytes: 1 KiB to 32 MiB. */
const SIZES = [10, 13, 16, 19, 22, 25].map((power) => 2 ** power);

export function recordRequests(
	meter: (name: string) => Meter,
	onRequest: (listener: (one: Requested) => void) => void,
): void {
	const histogram = (name: string, unit: string, description: string, explicitBucketBoundaries: number[]) =>
		meter(name).createHistogram(name, { unit, description, advice: { explicitBucketBoundaries } });
	const took = 'How long requests took, by the class of the answer; none: no answer';
	const provider = {
		took: histogram('audit_relay.provider.request.duration', 's', took, DURATIONS),
		size: histogram('audit_relay.provider.response.size', 'By', 'Answers of the provider, unpacked', SIZES),
	};
	const destination = {
		took: histogram('audit_relay.destination.request.duration', 's', took, DURATIONS),
		size: histogram('audit_relay.destination.request.size', 'By', 'Requests as they were sent, packed', SIZES),
	};
	onRequest(({ to, name, tookMs, status, bytes }) => {
		const side = to === 'provider' ? provider : destination;
		const whose: Attributes = { [to]: name };
		side.took.record(tookMs / 1000, { ...whose, answer: answerOf(status) });
		if (bytes !== undefined) side.size.record(bytes, whose);
	});
}

const answerOf = (status: number | undefined) => (status === undefined ? 'none' : `${Math.trunc(status / 100)}xx`);
