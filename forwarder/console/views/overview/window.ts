/** Of a long table, the part that is shown and the part that is asked for. */

export interface Extent {
	from: number;
	/** Not included. */
	to: number;
}

/** Rows above and below what is seen that are drawn too, so that a turn of the wheel shows no blank. */
const BEYOND = 8;
/** What is asked for begins at multiples of this, so that scrolling a little asks for nothing new. */
const STEP = 20;

/** @param above how far the table's rows begin above the top of the window, in pixels; negative: below it */
export function extentOf(above: number, height: number, rowHeight: number, total: number): Extent {
	const first = Math.floor(Math.max(0, above) / rowHeight) - BEYOND;
	const last = Math.ceil(Math.max(0, above + height) / rowHeight) + BEYOND;
	const to = Math.min(total, last);
	return { from: Math.max(0, Math.min(first, to)), to };
}

export function askedFor({ from, to }: Extent): { offset: number; limit: number } {
	const offset = Math.floor(from / STEP) * STEP;
	return { offset, limit: Math.max(STEP, Math.ceil((to - offset) / STEP) * STEP) };
}
