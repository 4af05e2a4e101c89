import { performance } from 'node:perf_hooks';
import type { Queries } from './queries';

/** Tells how long each statement took that was answered, in milliseconds. */
export function timed({ query, ...others }: Queries): {
	queries: Queries;
	onRoundtrip: (listener: (tookMs: number) => void) => void;
} {
	const listeners = new Set<(tookMs: number) => void>();
	return {
		queries: {
			...others,
			async query(text, values) {
				const begun = performance.now();
				const rows = await query<never>(text, values);
				for (const listener of listeners) listener(performance.now() - begun);
				return rows;
			},
		},
		onRoundtrip: (listener) => void listeners.add(listener),
	};
}
