/** The id of an event, as declared. */
import { hash128 } from '../../core/record/hash';
import { idOf } from '../../core/record/ids';
import type { Element } from '../../core/json/parse';
import { exactTexts } from '../../core/json/scan';
import type { Event } from './form/event';
import { stepsOf, valueAt } from './places';

/** Undefined where there is none, or a part of it is missing. */
export function idReader({ id, hash }: Pick<Event, 'id' | 'hash'>): (element: Element) => string | undefined {
	if (typeof id === 'string') {
		const steps = stepsOf(id);
		return (element) => idOf(element, ...steps);
	}
	if (id !== undefined) {
		const parts = id.map(stepsOf);
		return (element) => {
			const texts = parts.map((steps) => idOf(element, ...steps));
			return texts.every((text) => text !== undefined) ? texts.map(escaped).join('|') : undefined;
		};
	}
	const members = [...hash!].sort().map((path) => [path, stepsOf(path)] as const);
	return ({ raw, json }) => {
		const exact = exactTexts(raw);
		const named = members.map(([path, steps]) => {
			const value = valueAt(json, steps);
			return [path, typeof value === 'number' ? exact(steps) : value];
		});
		return named.some(([, value]) => value !== undefined) ? `m:${hash128(JSON.stringify(named))}` : undefined;
	};
}

/** So that no two lists of parts make the same id. */
const escaped = (text: string) => text.replace(/[\\|]/g, '\\$&');
