/** The time of an event, as declared. */
import type { JsonObject, Nanos } from '../../core/contract';
import { parseInstant } from '../../core/time';
import type { Event } from './form/event';
import { listOf, stepsOf, valueAt } from './places';

/** Digits after the point in nanoseconds. */
const DIGITS = { 'epoch-s': 9, 'epoch-ms': 6, 'epoch-us': 3 } as const;

const NUMBER = /^(-?)(\d{1,20})(?:\.(\d{1,9})\d*)?$/;

/** The first of the places that holds a time. */
export function timeReader({
	time,
	timeAs = 'iso',
}: Pick<Event, 'time' | 'timeAs'>): (json: JsonObject) => Nanos | undefined {
	const places = listOf(time).map(stepsOf);
	const parse = timeAs === 'iso' ? parseInstant : (value: unknown) => parseEpoch(value, DIGITS[timeAs]);
	return (json) => {
		for (const steps of places) {
			const instant = parse(valueAt(json, steps));
			if (instant !== undefined) return instant;
		}
		return undefined;
	};
}

/** A number or its text, with any fraction, of which the nanoseconds count. */
function parseEpoch(value: unknown, digits: number): Nanos | undefined {
	if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value) * 10n ** BigInt(digits);
	const [, sign, whole, fraction = ''] =
		NUMBER.exec(typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '') ?? [];
	if (whole === undefined) return undefined;
	const instant = BigInt(whole + fraction.padEnd(digits, '0').slice(0, digits));
	return sign ? -instant : instant;
}
