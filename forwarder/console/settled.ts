/** Of a time of points, what is worth a look. */
import type { Spark } from './api/types';

/** So many are shown of what was recorded for less. */
const LEAST = 10;

/**
 * Without the step that still runs, which would look as if everything had just slowed down, and without the time before anything was recorded.
 * Where that is the first step, there is nothing else yet.
 */
export function settled<Given extends Spark>(given: Given): Given {
	const { rate, lastAt, stepMs } = given;
	const isOver = (rate.at(-2) ?? null) !== null;
	const end = rate.length - (isOver ? 1 : 0);
	const known = rate.findIndex((value) => value !== null);
	const begin = Math.max(0, Math.min(known < 0 ? end : known, end - LEAST));
	return { ...part(given, begin, end), lastAt: isOver ? lastAt - stepMs : lastAt };
}

/** Of every list in it. */
function part<Given>(given: Given, begin: number, end: number): Given {
	if (Array.isArray(given)) return given.slice(begin, end) as Given;
	if (typeof given !== 'object' || given === null) return given;
	return Object.fromEntries(
		Object.entries(given).map(([key, value]) => [key, part(value as unknown, begin, end)]),
	) as Given;
}
