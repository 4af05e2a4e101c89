/** Long ranges are read in windows: ids are kept until a window ends, and n8n's static data must stay small. */
import type { Walk } from '../../../core/walk/contract';
import type { Nanos, Range } from '../../../core/contract';
import { DAY } from '../../../core/time';

/** The windows themselves are kept as well. */
const MOST = 400n;

/** A walk from `lower` to whatever is newest, oldest window first; undefined when one window is enough. */
export function longWalk(lower: Nanos, now: Nanos): Walk | undefined {
	const span = now - lower;
	if (span <= 2n * DAY) return undefined;
	const width = span / MOST > DAY ? span / MOST : DAY;
	const windows: Range[] = [];
	for (let from = lower; from < now; from += width) {
		const upper = from + width;
		windows.push(upper < now ? { lower: from, upper } : { lower: from });
	}
	const [first, ...later] = windows;
	return first && { windows: [first, ...later], pages: 0, rejections: 0 };
}
