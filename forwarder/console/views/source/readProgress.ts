/** How far a walk or a back-fill is, as far as that can be said. */
import type { BackfillInfo, SourceDetail, SourceRow } from '../../api/types';
import type { Progressing } from '../../parts/progressing';

export interface WalkProgress extends Progressing {
	isFirst: boolean;
	fromAt?: number;
	reachedAt?: number;
	pages: number;
}

/** An ordinary poll reads a page or two: not worth a word. */
const PAGES = 2;

/** Finer steps that say how fast it goes now. */
const STEPS = 5;

interface Paced extends Pick<SourceDetail, 'fine'> {
	row: Pick<SourceRow, 'eventsPerMinute'>;
	history: Pick<SourceDetail['history'], 'rate'>;
}

/** New events a second: of the last steps that are over, as soon as there are any. */
export function paceOf({ row, fine, history }: Paced): number | undefined {
	const over = (fine?.rate ?? []).slice(-STEPS - 1, -1).filter((events) => events !== null);
	// a minute that is not over has too few
	if (over.length === 0) return (history.rate.at(-2) ?? null) === null ? undefined : row.eventsPerMinute / 60;
	return (over.reduce((sum, events) => sum + events, 0) * 1000) / (over.length * fine!.stepMs);
}

/**
 * Where the provider lists the newest first, one knows how far down it is; elsewhere only how fast it goes, and where.
 * @param pace events a second
 */
export function walkProgress(
	{ walk, watermarkAt }: SourceDetail['position'],
	pace: number | undefined,
	now: number,
): WalkProgress | undefined {
	if (!walk) return undefined;
	const isFirst = watermarkAt === undefined;
	if (!isFirst && walk.pages <= PAGES) return undefined;
	const { fromAt, toAt, reachedAt, doneAt, beganAt, pages } = walk;
	const isKnown = fromAt !== undefined && toAt !== undefined && doneAt !== undefined && toAt > fromAt;
	const part = isKnown ? Math.min(1, Math.max(0, (toAt - doneAt) / (toAt - fromAt))) : undefined;
	return {
		...{ isFirst, fromAt, pages, eventsPerSecond: pace },
		...(reachedAt !== undefined && { reachedAt }),
		...(part !== undefined && { percent: part * 100 }),
		...(part && beganAt !== undefined && part < 1 && { leftMs: leftOf(part, now - beganAt) }),
	};
}

/** At the pace so far. */
const leftOf = (part: number, tookMs: number) => (tookMs / part) * (1 - part);

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
		...(part > 0 && part < 1 && { leftMs: leftOf(part, took) }),
	};
}
