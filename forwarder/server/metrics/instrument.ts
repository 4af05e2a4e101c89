/** One metric: what it is called, what it means, and where its value comes from. */
import type { Attributes } from '@opentelemetry/api';

export interface Instrument<T> {
	/** Without the prefix that its group gives it. */
	name: string;
	description: string;
	/** Default: a gauge. */
	counter?: true;
	unit?: string;
	/** Several values differ by attributes of their own. Undefined: no value at all, because it is not known. */
	read: (from: T) => number | undefined | [number, Attributes][];
}

/** Milliseconds to the seconds that metrics are in. */
export function seconds(ms: number | undefined): number | undefined {
	return ms === undefined ? undefined : ms / 1000;
}
