/** Places in JSON, as declarations write them: `actor.id`, `targets.0.name`, `targets.*.id`, `@odata\.nextLink`. */
import type { Path } from '../../core/json/scan';
import type { Paths } from './form/event';

/** Digits are the index in a list; a backslash makes what follows a part of the name. */
export function stepsOf(path: string): Path {
	const steps = path.match(/(?:\\.|[^\\.])+/g) ?? [];
	return steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step.replace(/\\(.)/g, '$1')));
}

export function listOf(paths: Paths | undefined): readonly string[] {
	return paths === undefined ? [] : typeof paths === 'string' ? [paths] : paths;
}

/** The value there; undefined where there is none. */
export function valueAt(json: unknown, steps: Path): unknown {
	let value = json;
	for (const step of steps) {
		if (typeof value !== 'object' || value === null || Array.isArray(value) !== (typeof step === 'number'))
			return undefined;
		value = Object.hasOwn(value, step) ? (value as Record<string | number, unknown>)[step] : undefined;
	}
	return value;
}

export const ALL = '*';

/** Every place that a path with `*` stands for; at most as many as the lists have elements. */
export function expanded(json: unknown, steps: Path): Path[] {
	const at = steps.indexOf(ALL);
	if (at < 0) return [steps];
	const list = valueAt(json, steps.slice(0, at));
	if (!Array.isArray(list)) return [];
	return list.flatMap((item, index) =>
		expanded(item, steps.slice(at + 1)).map((rest) => [...steps.slice(0, at), index, ...rest]),
	);
}
