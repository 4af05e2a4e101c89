/** A bound as the API reads it: strict about its form, then cut or not. */
import type { Declaration } from '../../providers/declared/form/declaration';
import { parseMicros, type Micros } from '../time';
import type { Readings } from './readings';

type Format = Declaration['bounds']['format'];

const FORMS: Record<Format, RegExp> = {
	'iso-s': /T\d\d:\d\d:\d\dZ$/,
	'iso-ms': /T\d\d:\d\d:\d\d\.\d{3}Z$/,
	'iso-us': /T\d\d:\d\d:\d\d\.\d{6}Z$/,
	'epoch-s': /^-?\d+$/,
	'epoch-ms': /^-?\d+$/,
	day: /^\d{4}-\d\d-\d\d$/,
};

const SECOND = 1_000_000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

/** Undefined when it is malformed. */
export function readBound(text: string, format: Format): Micros | undefined {
	if (!FORMS[format].test(text)) return undefined;
	switch (format) {
		case 'epoch-s':
			return Number(text) * SECOND;
		case 'epoch-ms':
			return Number(text) * 1000;
		case 'day':
			return parseMicros(`${text}T00:00:00Z`);
		default:
			return parseMicros(text);
	}
}

export interface Filters {
	from?: Micros;
	to?: Micros;
}

/** Why the API does not take a range; undefined when it does. */
export function rangeProblem({ from, to }: Filters, { bounds }: Declaration, now: number): string | undefined {
	if (bounds.upper === 'required' && to === undefined) return 'the upper bound is missing';
	if (from === undefined) return undefined;
	const widest = bounds.span === undefined ? Infinity : durationMs(bounds.span) * 1000;
	if ((to ?? now * 1000) - from > widest) return `the range is wider than ${bounds.span}`;
	const oldest = bounds.oldest === undefined ? -Infinity : (now - durationMs(bounds.oldest)) * 1000;
	return from < oldest ? `the lower bound is older than ${bounds.oldest}` : undefined;
}

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

export function durationMs(text: string): number {
	const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/.exec(text) ?? [];
	return Number(number) * UNITS[unit as keyof typeof UNITS];
}

/** Whether an event with this time is listed. A day is compared as a whole, in the zone of the server. */
export function isInside({ from, to }: Filters, time: Micros, format: Format, readings: Readings): boolean {
	const unit = format === 'day' || readings.precision === 'days' ? DAY : readings.precision === 'seconds' ? SECOND : 1;
	const zone = format === 'day' ? readings.zoneHours * HOUR : 0;
	const compared = Math.floor((time + zone) / unit) * unit;
	const [lower, upper] = [from, to].map((bound) => bound && Math.floor(bound / unit) * unit);
	const [first, last] = [readings.lower, readings.upper].map((reading) => (reading === 'exclusive' ? 1 : 0));
	return (lower === undefined || compared >= lower + first!) && (upper === undefined || compared <= upper - last!);
}
