/** Points without the minute that still runs: it would look as if everything had just slowed down. */
import type { Spark } from './api/types';

/** Of a process that is younger than a minute there is nothing else yet. */
export function settled<Given extends Spark>(given: Given): Given {
	const { rate, lastAt } = given;
	if ((rate.at(-2) ?? null) === null) return given;
	return { ...shorter(given), lastAt: lastAt - 60_000 };
}

function shorter<Given>(given: Given): Given {
	if (Array.isArray(given)) return given.slice(0, -1) as Given;
	if (typeof given !== 'object' || given === null) return given;
	return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, shorter(value as unknown)])) as Given;
}
