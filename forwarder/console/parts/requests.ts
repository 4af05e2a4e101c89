/** What became of requests, as lines. */
import type { History, Points } from '../api/types';
import { count, words } from '../format';
import type { Line } from './line';

/** In a step the process counts no further. */
const MOST = { ok: 65_535, limited: 255, refused: 255, failed: 255 };

export const requestLines = (of: History): Line[] =>
	(['ok', 'limited', 'refused', 'failed'] as const).map((outcome) => {
		const most = aMinuteOf(MOST[outcome], of);
		return {
			label: words(outcome),
			points: aMinute(of.requests[outcome], of),
			text: (value) => (value >= most ? `${count(value)} or more` : count(value)),
		};
	});

const aMinuteOf = (value: number, { stepMs }: Pick<History, 'stepMs'>) => (value * 60_000) / stepMs;

/** So many in each step as so many a minute. */
export function aMinute(counts: Points, of: Pick<History, 'stepMs'>): Points {
	return of.stepMs === 60_000 ? counts : counts.map((value) => (value === null ? null : aMinuteOf(value, of)));
}
