/** One metric: what it is called, what it means, and where its value comes from. */
import type { Attributes } from '@opentelemetry/api';

export interface Instrument<T> {
	/** Without the prefix that its group gives it. */
	name: string;
	description: string;
	/** Default: a gauge. */
	counter?: true;
	/** `s`, `By`: Prometheus has it in the name. Those in braces are for people. */
	unit?: string;
	/** Of every source: there with `metrics.detail: source` only. */
	detail?: true;
	/** Also added up over the sources of each provider. Only counters that begin with the process. */
	summed?: true;
	/** Several values differ by attributes of their own. Undefined: no value at all, because it is not known. */
	read: (from: T) => number | undefined | [number, Attributes][];
}

/** Milliseconds to the seconds that metrics are in. */
export function seconds(ms: number | undefined): number | undefined {
	return ms === undefined ? undefined : ms / 1000;
}
