/** A range as the API is asked for it: wider than asked for, frozen where it must not move, and in slices where it is too long. */
import type { Clock, Nanos, Position, Range } from '../../core/contract';
import { parseDuration } from '../../core/durations';
import { DAY, formatInstant, fromMillis, SECOND, toHrTime, utcDay } from '../../core/time';
import type { Bounds, Page } from './form/request';

const UNITS: Record<Bounds['format'], Nanos> = {
	'iso-s': SECOND,
	'iso-ms': 1_000_000n,
	'iso-us': 1000n,
	'epoch-s': SECOND,
	'epoch-ms': 1_000_000n,
	day: DAY,
};

/** An upper bound of ours: what is stored until then is in, whoever's clock is ahead. */
const AHEAD: Nanos = 300n * SECOND;

/**
 * A second at least, because few vendors say how precise their bounds are, and whether they are inclusive. Two days where they are
 * days, because those may be of any time zone.
 */
export function widerBy({ format }: Pick<Bounds, 'format'>): Nanos {
	return format === 'day' ? 2n * DAY : SECOND;
}

/** How far outside of a range events may be listed: what it is widened by, the unit that it is cut to, and the one the provider cuts to. */
export function reachOf(bounds: Pick<Bounds, 'format'>): Nanos {
	return 3n * widerBy(bounds);
}

export function formatBound(instant: Nanos, format: Bounds['format']): string {
	switch (format) {
		case 'iso-s':
			return formatInstant(instant, 0);
		case 'iso-ms':
			return formatInstant(instant, 3);
		case 'iso-us':
			return formatInstant(instant, 6);
		case 'epoch-s':
			return String(toHrTime(instant)[0]);
		case 'epoch-ms':
			return String((instant - (((instant % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n);
		case 'day':
			return utcDay(instant);
	}
}

/** One query of a range. */
export interface Slice {
	from: Nanos;
	/** Absent: up to whatever is newest. */
	to?: Nanos;
	/** Where the slice after this one begins; absent for the last one. */
	next?: Nanos;
	/** The upper end of the whole walk, which must not move; absent where it has none. */
	frozen?: Nanos;
}

/** Which slice a position is in. The first page of a walk decides about its upper end. */
export function sliceOf(
	bounds: Bounds,
	page: Page,
	range: Range,
	position: Position | undefined,
	clock: Pick<Clock, 'now'>,
): Slice {
	const now = fromMillis(clock.now());
	const asked = isUpperSent(bounds) ? range.upper : undefined;
	const longest = longestOf(bounds);
	const from = instantIn(position?.['from']) ?? (position ? range.lower : notTooOld(range.lower, bounds, now));
	const isLong = longest !== undefined && now + AHEAD - from > longest;
	const mustEnd = bounds.upper === 'required' || isLong || (isUpperSent(bounds) && isShifting(page));
	const begun = position === undefined ? (mustEnd ? now + AHEAD : undefined) : instantIn(position['to']);
	const frozen = asked === undefined ? begun : undefined;
	const top = asked ?? frozen;
	if (top === undefined || longest === undefined || top - from <= longest) return { from, to: top, frozen };
	return { from, to: from + longest, next: from + longest, frozen };
}

/** As sent: both ends inclusive under any reading. */
export function boundTexts(bounds: Bounds, { from, to }: Slice): { from: string; to?: string } {
	const unit = UNITS[bounds.format];
	const wider = widerBy(bounds);
	const text = { from: formatBound(from - wider, bounds.format) };
	return to === undefined ? text : { ...text, to: formatBound(to + wider + unit - 1n, bounds.format) };
}

/**
 * A bound that the provider would refuse for its age is not sent. Decided once, at the first page, because a position may go with
 * its own bounds only; so those have to be good for as long as a walk may take, as a rule.
 */
function notTooOld(lower: Nanos, bounds: Bounds, now: Nanos): Nanos {
	if (bounds.oldest === undefined) return lower;
	const oldest = fromMillis(parseDuration(bounds.oldest)!);
	const margin = oldest < DAY ? oldest / 24n : DAY / 24n;
	const first = now - oldest + margin + widerBy(bounds) + UNITS[bounds.format];
	return lower < first ? first : lower;
}

/**
 * Bounds on storage time without another meaning of the upper one: what lies in a range of event time may be stored at any time
 * after it, so only the lower bound can be sent.
 */
export function isUpperSent({ upper = 'optional', on, onBounded }: Bounds): boolean {
	return upper !== 'none' && (on !== 'stored' || onBounded === 'event' || upper === 'required');
}

function instantIn(text: string | number | undefined): Nanos | undefined {
	return text === undefined ? undefined : BigInt(text);
}

/** Pages by number move when something arrives in the list. */
function isShifting({ kind }: Page): boolean {
	return kind === 'page' || kind === 'offset';
}

function longestOf(bounds: Bounds): Nanos | undefined {
	if (bounds.span === undefined) return undefined;
	return fromMillis(parseDuration(bounds.span)!) - 2n * widerBy(bounds) - 2n * UNITS[bounds.format];
}
