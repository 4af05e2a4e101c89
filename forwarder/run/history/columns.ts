/** Minute points of many things in a few typed arrays: 850 bytes each, and no object for each of them. */

/** Minutes that are kept, the one that runs included. */
export const MINUTES = 60;

export interface Columns {
	/** Of one minute each; a row has `MINUTES` of them. */
	points: {
		events: Uint32Array;
		/** Seconds + 1; 0: not known. */
		lag: Uint32Array;
		ok: Uint16Array;
		/** These stay at what they can hold. */
		limited: Uint8Array;
		refused: Uint8Array;
		failed: Uint8Array;
		/** Seconds. */
		paused: Uint8Array;
	};
	/** The minute in which the row began. */
	since: Uint32Array;
	/** Milliseconds since the epoch: counted up to then, and the end of the pause. */
	pausedFrom: Float64Array;
	pausedUntil: Float64Array;
}

export function columnsFor(rows: number, before?: Columns): Columns {
	const columns: Columns = {
		points: {
			events: new Uint32Array(rows * MINUTES),
			lag: new Uint32Array(rows * MINUTES),
			ok: new Uint16Array(rows * MINUTES),
			limited: new Uint8Array(rows * MINUTES),
			refused: new Uint8Array(rows * MINUTES),
			failed: new Uint8Array(rows * MINUTES),
			paused: new Uint8Array(rows * MINUTES),
		},
		since: new Uint32Array(rows),
		pausedFrom: new Float64Array(rows),
		pausedUntil: new Float64Array(rows),
	};
	if (!before) return columns;
	for (const name of Object.keys(columns.points) as (keyof Columns['points'])[])
		columns.points[name].set(before.points[name]);
	for (const name of ['since', 'pausedFrom', 'pausedUntil'] as const) columns[name].set(before[name]);
	return columns;
}
