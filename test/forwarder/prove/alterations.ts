/** A declaration with one thing in it changed, for each thing that can be wrong about an API. */
import type { Declaration } from '../../../providers/declared/form/declaration';
import { get, remove, set, type Json } from '../../../sandbox/declared/places';

export interface Alteration {
	/** Place and new value. */
	name: string;
	altered: unknown;
}

const FORMATS = ['iso-s', 'iso-ms', 'epoch-s', 'epoch-ms', 'day'];
const TIMES = ['iso', 'epoch-s', 'epoch-ms', 'epoch-us'];
const DEFAULTS: Readonly<Record<string, unknown>> = {
	'bounds.on': 'event',
	'bounds.upper': 'optional',
	'page.repeat': 'all',
	'event.timeAs': 'iso',
};
const ORDERS = ['oldest', 'newest', 'stored', 'unknown'];

export function alterations(declaration: Declaration): Alteration[] {
	const made: Alteration[] = [];
	const value = (place: string) => get(declaration, place);
	function alter(place: string, to: unknown): void {
		const altered = structuredClone(declaration) as Json;
		if (to === undefined) remove(altered, place);
		else set(altered, place, to);
		const words = to === undefined ? 'removed' : typeof to === 'string' ? to : JSON.stringify(to);
		if (JSON.stringify(altered) !== JSON.stringify(declaration)) made.push({ name: `${place}: ${words}`, altered });
	}
	const each = (place: string, values: readonly unknown[]) =>
		values.filter((one) => one !== (value(place) ?? DEFAULTS[place])).forEach((one) => alter(place, one));
	const without = (place: string) => value(place) !== undefined && alter(place, undefined);
	const renamed = (place: string) => typeof value(place) === 'string' && alter(place, `${String(value(place))}x`);

	each('bounds.format', FORMATS);
	each('bounds.on', ['event', 'stored']);
	each('bounds.upper', ['optional', 'required', 'none']);
	['bounds.onBounded', 'bounds.span', 'bounds.oldest'].forEach(without);
	each('order', ORDERS);
	for (const name of Object.keys(declaration.request.query ?? {})) without(`request.query.${name}`);
	for (const name of Object.keys(declaration.request.body ?? {})) without(`request.body.${name}`);
	without('request.bounded');
	['list.at', 'page.at', 'page.into', 'event.id'].forEach(renamed);
	each('list.missing', [undefined, 'empty']);
	if (declaration.page.kind === 'link') each('page.replay', ['whole', 'cursorx']);
	if (declaration.page.kind === 'cursor') each('page.repeat', ['all', 'none']);
	for (const sign of Object.keys(declaration.page.end ?? {})) without(`page.end.${sign}`);
	each('page.end.emptyPage', [true]);
	each('page.end.samePosition', [true]);
	alter('page.end.flag', 'has_morex');
	for (const place of ['event.id', 'event.time'] as const) {
		const parts = value(place);
		if (!Array.isArray(parts)) continue;
		for (const part of parts)
			alter(
				place,
				parts.filter((one) => one !== part),
			);
	}
	alter('event.time', 'timex');
	each('event.timeAs', TIMES);
	alter('lateness', '1s');
	return made;
}
