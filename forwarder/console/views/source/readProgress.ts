/** How far a walk or a back-fill is, as far as that can be said. */
import type { BackfillInfo, SourceDetail, SourceRow } from '../../api/types';
import type { Progressing } from '../../parts/progressing';

export interface WalkProgress extends Progressing {
	isFirst: boolean;
	fromAt?: number;
	pages: number;
}

/** An ordinary poll reads a page or two: not worth a word. */
const PAGES = 2;

/** How far a walk is nobody knows, whose pages may come in any order; how fast it is, one does. */
export function walkProgress(
	{ walk, watermarkAt }: SourceDetail['position'],
	{ eventsPerMinute }: Pick<SourceRow, 'eventsPerMinute'>,
): WalkProgress | undefined {
	if (!walk) return undefined;
	const isFirst = watermarkAt === undefined;
	if (!isFirst && walk.pages <= PAGES) return undefined;
	return { isFirst, fromAt: walk.fromAt, pages: walk.pages, eventsPerSecond: eventsPerMinute / 60 };
}

/** By the stretch of time that is done, at the pace since it began. */
export function backfillProgress(
	{
		fromAt,
		toAt,
		doneAt,
		startedAt,
		events,
	}: Pick<BackfillInfo, 'fromAt' | 'toAt' | 'doneAt' | 'startedAt' | 'events'>,
	now: number,
): Progressing {
	const part = toAt > fromAt ? (doneAt - fromAt) / (toAt - fromAt) : 1;
	const took = now - startedAt;
	return {
		percent: part * 100,
		...(took > 0 && { eventsPerSecond: (events / took) * 1000 }),
		...(part > 0 && part < 1 && { leftMs: (took / part) * (1 - part) }),
	};
}
