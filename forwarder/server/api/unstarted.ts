/** Sources that were never begun, because of a mistake in the configuration: rows as of those that are read. */
import { nothingYet } from '../../run/monitor';
import { sourcesOf } from '../../run/paused';
import type { Snapshot, StreamSnapshot } from '../../run/snapshot';

export function withUnstarted({ streams, mistakes }: Pick<Snapshot, 'streams' | 'mistakes'>): StreamSnapshot[] {
	if (mistakes.length === 0) return streams;
	// what is read as it was before has a row already
	const read = new Set(streams.flatMap(({ name }) => sourcesOf(name)));
	const others = new Map(
		mistakes.flatMap((one) => (one.source === undefined || read.has(one.source) ? [] : [[one.source, one] as const])),
	);
	return [
		...streams,
		...[...others].map(([name, { provider = '', sinceMs, message, stored, openGaps = 0 }]): StreamSnapshot => {
			const failure = { kind: 'refused' as const, message, waitMs: 0, sinceMs, atMs: sinceMs };
			return {
				...{ name, provider, latenessMs: 0, pollIntervalMs: 0, stored, openGaps },
				counts: { ...nothingYet(), failure },
				...{ oldestUnacknowledgedMs: 0, inFlight: 0, requests: 0, rateLimitedMs: 0, pausedMs: 0 },
			};
		}),
	];
}
