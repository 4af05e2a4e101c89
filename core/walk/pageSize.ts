/** How much a walk asks for at a time: more while it catches up, less after an answer that was too large to be held. */
import type { InvalidEvent, Page, PageSizes, Source } from '../contract';
import type { Failure } from '../http/failure';
import { isCut } from '../json/skim';
import type { Nanos, Walk } from './contract';
import { halve, inHalves, isDivisible } from './windows';

/** Text of a page, in characters, up to which twice as much is asked for. More would cost memory and save few requests. */
const COMFORTABLE = 1024 * 1024;
/** Up to the usual size, far below what an answer may have. */
const FITTING = 8 * COMFORTABLE;

/** For the page after this one; absent: the usual size. */
export function sizeAfter({ size }: Walk, { events, invalid }: Page, sizes?: PageSizes): number | undefined {
	if (!sizes) return undefined;
	const { usual, most } = sizes;
	const asked = Math.min(size ?? usual, most);
	const below = asked < usual;
	const grown = Math.min(asked * 2, below ? usual : most);
	const next = textOf(events) + textOf(invalid) <= (below ? FITTING : COMFORTABLE) ? grown : asked;
	return next === usual ? undefined : next;
}

/** A size at which pages end elsewhere. */
export function otherSize({ size, rejections }: Walk, { sizes }: Pick<Source, 'sizes'>): number | undefined {
	return sizes && Math.max(1, Math.floor((size ?? sizes.usual) / (rejections + 2)));
}

const textOf = (elements: readonly { raw: string }[]) => elements.reduce((sum, { raw }) => sum + raw.length, 0);

/**
 * The walk that asks for less, down to one element; where the provider does not let us choose, for a shorter time. What is
 * still too large is skimmed. Undefined: there is nothing left to try, or it was not too large.
 */
export function smaller(
	walk: Walk,
	failure: Failure,
	now: Nanos,
	{ sizes, reach = 0n, bounds }: Pick<Source, 'sizes' | 'reach' | 'bounds'>,
): Walk | undefined {
	const isSlow = failure.kind === 'timeout' && failure.phase === 'body';
	if (failure.kind !== 'tooLarge' && !isSlow) return undefined;
	const size = walk.size ?? sizes?.usual ?? 1;
	if (sizes?.isFixed && isDivisible({ bounds })) {
		const [window] = walk.windows;
		const top = window.upper ?? walk.startedAt ?? now;
		// the parts of what the provider takes for one instant would all be the same again
		const halves = top - window.lower > 2n * reach ? halve(window, top) : undefined;
		if (halves) return inHalves(walk, halves);
	} else if (!sizes?.isFixed && size > 1) return { ...walk, size: Math.floor(size / 2) };
	// what only takes long is whole, and is not to be altered
	return isSlow || walk.skim ? undefined : { ...walk, skim: true };
}

/** Of a skimmed page: what was cut cannot be shipped. What is known of it becomes a dead letter, and the walk passes it. */
export function withoutCut(page: Page): Page {
	const cut = page.events.filter(({ raw }) => isCut(raw));
	const passed = cut.map(({ id, raw, time }): InvalidEvent => ({
		id,
		raw,
		time,
		reason: 'too large to be read whole',
	}));
	return { ...page, events: page.events.filter(({ raw }) => !isCut(raw)), invalid: [...page.invalid, ...passed] };
}
