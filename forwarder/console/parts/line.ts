/** One of the lines of a chart. */
import type { Points } from '../api/types';

export interface Line {
	label: string;
	points: Points;
	/** Where it is another one than the chart's. */
	text?: (value: number) => string;
}
