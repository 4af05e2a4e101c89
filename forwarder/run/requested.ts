/** One request that has ended, for metrics and history. */
export interface Requested {
	to: 'provider' | 'destination';
	/** Of the provider or the destination. */
	name: string;
	/** Whose request to the provider it was. */
	source?: string;
	tookMs: number;
	/** Absent: there was no answer. */
	status?: number;
	/** Of the provider's answer, unpacked; of the request to the destination, packed. */
	bytes?: number;
}
