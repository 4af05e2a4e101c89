/** What an event says about itself, as declared: words at a place. */
import { text } from '../../core/record/attributes';
import type { JsonObject } from '../../core/contract';
import type { Condition } from './form/event';
import { listOf, stepsOf, valueAt } from './places';

export type Test = (json: JsonObject) => boolean;

/** The text of the first place that has one. */
export function textReader(paths: Condition['at'] | undefined): (json: JsonObject) => string | undefined {
	const places = listOf(paths).map(stepsOf);
	return (json) => {
		for (const steps of places) {
			const found = text(valueAt(json, steps));
			if (found !== undefined && found !== '') return found;
		}
		return undefined;
	};
}

export function test({ at, in: among, not, prefix }: Condition): Test {
	const read = textReader(at);
	const [those, others] = [new Set(among), new Set(not)];
	return (json) => {
		const value = read(json);
		if (value === undefined) return false;
		if (among && !those.has(value)) return false;
		if (not && others.has(value)) return false;
		return !prefix || prefix.some((begin) => value.startsWith(begin));
	};
}

export const anyOf = (conditions: readonly Condition[] = []): Test => {
	const tests = conditions.map(test);
	return (json) => tests.some((holds) => holds(json));
};

/** None at all: never. */
export const allOf = (conditions: readonly Condition[] = []): Test => {
	const tests = conditions.map(test);
	return (json) => tests.length > 0 && tests.every((holds) => holds(json));
};
