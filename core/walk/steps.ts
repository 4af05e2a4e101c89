/** The steps of a walk as pure functions: from the state and what the provider said to the next state. */
import type { Page, Position, Source } from '../contract';
import type { PositionRejected } from '../http/failure';
import { otherSize, sizeAfter } from './pageSize';
import { isCut } from '../json/skim';
import type { EventKey, Change, Nanos, StreamState, StreamStore, Walk, WalkOptions } from './contract';
import { returnableFrom } from './remembered';
import { isEventId } from './sift';
import { fromTheTop, halve, inHalves, isDivisible } from './windows';

/** Events that a source's memory is offered besides those of the last page. */
const OFFERED = 3;

/** Longest position, as JSON. No server takes an address of that length, and state is written for every page. */
const LONGEST = 65_536;

/** Whether a position can be kept and sent. */
export function isUsable(position: Position): boolean {
	const text = JSON.stringify(position);
	return text.length <= LONGEST && !isCut(text);
}

/** A live walk: from the watermark to whatever is newest, where the source says. */
export function begin(state: StreamState, source: Source): Walk {
	const walk: Walk = { windows: [{ lower: state.watermark }], pages: 0, rejections: 0 };
	const position = source.memory?.begin(state.kept, state.watermark);
	return position && isUsable(position) ? { ...walk, position, begun: position } : walk;
}

/** The walk after one more page. */
export function advance(walk: Walk, page: Page, now: Nanos, { sizes }: Source): Walk {
	return {
		...walk,
		size: sizeAfter(walk, page, sizes),
		skim: undefined,
		// whichever clock is behind: one that runs ahead for a single answer would move the watermark past events still to come
		startedAt: walk.startedAt ?? min(page.serverTime ?? now, now),
		position: page.next,
		// not of the last one: whether that stands in its order only the next page could say
		oldest: isNewestFirst(page) ? (page.events.at(-2)?.time ?? walk.oldest) : walk.oldest,
		pages: walk.pages + 1,
	};
}

/** Only then is everything above the last event of the page safe: one that stands out of its order says nothing of the others. */
function isNewestFirst({ events }: Page): boolean {
	return events.length > 0 && events.every(({ time }, at) => at === 0 || time <= events[at - 1]!.time);
}

/** The window is read to its end: the watermark may move (R3), and the next window follows. */
export async function endWindow(
	state: StreamState,
	walk: Walk,
	page: Page,
	{ source, store, options }: { source: Source; store: StreamStore; options: WalkOptions },
): Promise<Change> {
	const [window, ...later] = walk.windows;
	const settledUpTo = walk.startedAt! - options.lateness;
	const watermark = max(state.watermark, min(window.upper ?? settledUpTo, settledUpTo));
	const next = isNonEmpty(later) ? { ...walk, ...fromTheTop, windows: later, rejections: 0 } : null;
	const kept = source.memory?.settle(state.kept, watermark, await settledEvents(page, watermark, store));
	const forgetBelow = returnableFrom({ watermark, kept }, source, options);
	return { watermark, walk: next, forgetBelow, ...(kept && { kept }) };
}

/** Older than the watermark: at the watermark itself events may still come. */
async function settledEvents(page: Page, watermark: Nanos, store: StreamStore): Promise<EventKey[]> {
	const known = [...page.events, ...(await store.settled(watermark - 1n, OFFERED))];
	return known.filter(({ id, time }) => time < watermark && isEventId(id));
}

/** More pages than a window should need. */
export function isEndless(walk: Walk, options: WalkOptions): boolean {
	return walk.pages >= options.maxPages;
}

/** After `recover`: nothing is left to try. The poll has to end then, or it would ask the same forever. */
export function isStuck({ rejections }: Walk): boolean {
	return rejections >= 2;
}

/**
 * How to go on when the provider refused the position, repeated it, or the window does not end:
 * a walk that the source had begun somewhere begins without a position; newest-first lists go on below what is safe; else the same window again, and from the
 * second time on in two halves, the older one first. Without the halves one burst could be read again and again for days.
 */
export function recover(
	state: StreamState,
	walk: Walk,
	source: Source,
	rejected?: PositionRejected,
): Change & { walk: Walk } {
	const [window] = walk.windows;
	if (walk.begun) {
		const kept = source.memory?.refused(state.kept, walk.begun, rejected);
		return { walk: { ...walk, ...fromTheTop }, ...(kept && { kept }) };
	}
	if (source.onRejected === 'continueBelowOldest' && walk.oldest !== undefined) {
		// coarse filters also return events from below the window
		const below = max(walk.oldest, window.lower);
		if (walk.below === undefined || below < walk.below) return { walk: { ...walk, ...fromTheTop, below } };
	}
	const rejections = walk.rejections + 1;
	const isToBeCut = (rejections >= 2 || !rejected) && isDivisible(source);
	const halves = isToBeCut ? halve(window, walk.startedAt) : undefined;
	if (halves) return { walk: inHalves(walk, halves) };
	// the same pages would end at the same ids, and lead to the same position again
	const size = source.onRejected === 'continueBelowOldest' ? otherSize(walk, source) : walk.size;
	return { walk: { ...walk, ...fromTheTop, rejections, size } };
}

function isNonEmpty<T>(list: T[]): list is [T, ...T[]] {
	return list.length > 0;
}

const max = (a: Nanos, b: Nanos): Nanos => (a > b ? a : b);
const min = (a: Nanos, b: Nanos): Nanos => (a < b ? a : b);
