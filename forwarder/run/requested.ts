/** One request that has ended, for the metrics. */
export interface Requested {
	to: 'provider' | 'destination';
	/** Of the provider or the destination. */
	name: string;
	tookMs: number;
	/** Absent: there was no answer. */
	status?: number;
	/** Of the provider's answer, unpacked; of the request to the destination, packed. */
	bytes?: number;
}
