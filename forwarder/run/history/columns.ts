/** Points of many things in a few typed arrays: 16 bytes each, and no object for any of them. */

export interface Columns {
	/** A row has as many of each as there are points. */
	points: {
		events: Uint32Array;
		/** Seconds + 1; 0: not known. */
		lag: Uint32Array;
		ok: Uint16Array;
		/** These stay at what they can hold. */
		inFlight: Uint16Array;
		limited: Uint8Array;
		refused: Uint8Array;
		failed: Uint8Array;
		/** Seconds. */
		paused: Uint8Array;
	};
	/** The step in which the row began. */
	since: Uint32Array;
	/** How many are in flight now. */
	flying: Uint32Array;
	/** Milliseconds since the epoch: counted up to then, and the end of the pause. */
	pausedFrom: Float64Array;
	pausedUntil: Float64Array;
}

export function columnsFor(rows: number, points: number, before?: Columns): Columns {
	const length = rows * points;
	const columns: Columns = {
		points: {
			events: new Uint32Array(length),
			lag: new Uint32Array(length),
			ok: new Uint16Array(length),
			inFlight: new Uint16Array(length),
			limited: new Uint8Array(length),
			refused: new Uint8Array(length),
			failed: new Uint8Array(length),
			paused: new Uint8Array(length),
		},
		since: new Uint32Array(rows),
		flying: new Uint32Array(rows),
		pausedFrom: new Float64Array(rows),
		pausedUntil: new Float64Array(rows),
	};
	if (!before) return columns;
	for (const name of Object.keys(columns.points) as (keyof Columns['points'])[])
		columns.points[name].set(before.points[name]);
	for (const name of ['since', 'flying', 'pausedFrom', 'pausedUntil'] as const) columns[name].set(before[name]);
	return columns;
}
