/**
 * Counters of sources added up by provider. Sources come and go, with the configuration and with shards: a sum of what is there now
 * would fall when one leaves, and Prometheus takes that for a restart. So what each has counted since the last look is added.
 */
import type { Attributes } from '@opentelemetry/api';
import type { StreamSnapshot } from '../../run/snapshot';
import type { Instrument } from './instrument';
import { SOURCE } from './source';

export const SUMMED = SOURCE.filter(({ summed }) => summed);

type Point = [value: number, attributes: Attributes];

export interface Sums {
	add(streams: readonly StreamSnapshot[]): void;
	/** Of one counter. */
	of(instrument: Instrument<StreamSnapshot>): Point[];
}

export function createSums(): Sums {
	/** By source, in the order of `points`. */
	const last = new Map<string, number[]>();
	const totals = new Map<string, Map<Instrument<StreamSnapshot>, Point[]>>();

	return {
		add(streams) {
			for (const stream of streams) {
				const before = last.get(stream.name) ?? [];
				const now: number[] = [];
				const total = totals.get(stream.provider) ?? new Map<Instrument<StreamSnapshot>, Point[]>();
				totals.set(stream.provider, total);
				for (const instrument of SUMMED) {
					const sums = total.get(instrument) ?? [];
					total.set(instrument, sums);
					points(instrument, stream).forEach(([value, attributes], at) => {
						// less than before: it has begun anew
						const known = before[now.length] ?? 0;
						const fresh = value >= known ? value - known : value;
						now.push(value);
						const sum = (sums[at] ??= [0, attributes]);
						sum[0] += fresh;
					});
				}
				last.set(stream.name, now);
			}
		},
		of: (instrument) =>
			[...totals].flatMap(([provider, total]) =>
				(total.get(instrument) ?? []).map(([value, attributes]): Point => [value, { provider, ...attributes }]),
			),
	};
}

function points(instrument: Instrument<StreamSnapshot>, stream: StreamSnapshot): Point[] {
	const value = instrument.read(stream);
	return typeof value === 'number' ? [[value, {}]] : (value ?? []);
}
