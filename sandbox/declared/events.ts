/** Events for a simulated log: the examples of a declaration, with new ids and times. */
import type { Declaration } from '../../providers/declared/form/declaration';
import type { NewEvent } from '../eventLog';
import { formatMicros, parseMicros, type Micros } from '../time';
import { fill, get, remove, set, steps, type Json, type Values } from './places';

export interface Maker {
	/** The n-th event; `odd`: what only some events have, such as a time in the last place only. */
	event(n: number, micros: Micros, visibleAt?: number): NewEvent;
	/** As the API writes it, so cut to what it can say. */
	precise(micros: Micros): Micros;
	/** The id that the provider's own list knows it by, for `lastId`. */
	listed(raw: string): string;
}

/** Replaced in the text by digits that a double cannot hold. */
const LARGE = '"@large@';

export function maker(declaration: Declaration, values: Values, examples: readonly Json[]): Maker {
	const { event } = declaration;
	const times = list(event.time).map((path) => fill(path, values));
	const places = (event.hash ?? list(event.id ?? 'id')).map((path) => fill(path, values));
	const parts = places.filter((path) => !times.includes(path));
	const written = times.map((path) =>
		examples.map((example) => get(example, path)).find((value) => value !== undefined),
	);
	const templates = examples.length > 0 ? examples : [{}];

	/** Two events may differ in any one of the parts alone. */
	function idParts(n: number): string[] {
		return parts.map((_, index) => {
			const rest = Math.floor(n / 3 ** index);
			return String(index === parts.length - 1 ? rest : rest % 3);
		});
	}

	function text(micros: Micros, sample: unknown): unknown {
		const as = event.timeAs ?? 'iso';
		if (as === 'iso') return isoLike(micros, typeof sample === 'string' ? sample : '2026-01-01T00:00:00.000Z');
		const number = Math.floor(micros / { 'epoch-s': 1e6, 'epoch-ms': 1e3, 'epoch-us': 1 }[as]);
		return typeof sample === 'string' ? String(number) : number;
	}

	return {
		event(n, micros, visibleAt) {
			const template = structuredClone(templates[n % templates.length]!);
			// some have their time in the last of its places only
			const at = times.length > 1 && n % 7 === 3 ? times.length - 1 : 0;
			for (const path of times) remove(template, path);
			set(template, times[at]!, text(micros, written[at]));
			const digits = idParts(n);
			for (const [index, path] of parts.entries()) {
				const isNumber = examples.some((example) => typeof get(example, path) === 'number');
				const one = digits[index]!;
				const isAlone = parts.length === 1;
				set(template, path, isNumber ? `@large@${one.padStart(6, '0')}` : `${isAlone ? 'event' : 'part'}-${one}`);
			}
			const raw = JSON.stringify(template).replaceAll(new RegExp(`${LARGE}(\\d+)"`, 'g'), '9007199254$1');
			return { id: `n${n}`, micros: precise(micros), raw, ...(visibleAt !== undefined && { visibleAt }) };
		},
		precise,
		listed: (raw) => {
			const found = new RegExp(`"${escaped(steps(places[0]!).at(-1)!)}":("[^"]*"|-?\\d+)`).exec(raw)?.[1] ?? '';
			return found.replaceAll('"', '');
		},
	};

	function precise(micros: Micros): Micros {
		const as = event.timeAs ?? 'iso';
		if (as === 'iso') return parseMicros(zoned(String(text(micros, written[0])))) ?? micros;
		const unit = { 'epoch-s': 1e6, 'epoch-ms': 1e3, 'epoch-us': 1 }[as];
		return Math.floor(micros / unit) * unit;
	}
}

/** As precise as the example, in the same form of zone. */
function isoLike(micros: Micros, sample: string): string {
	const [, fraction = '', zone = 'Z'] = /[T ]\d\d:\d\d:\d\d(?:[.,](\d+))?(.*)$/.exec(sample) ?? [];
	const [seconds, digits = ''] = formatMicros(micros).slice(0, -1).split('.');
	const cut = fraction === '' ? '' : `.${digits.padEnd(9, '0').slice(0, fraction.length)}`;
	const offset = /^[+-]/.test(zone) ? zone.replace(/\d/g, '0').replace('-', '+') : zone || 'Z';
	return `${seconds}${cut}${offset}`;
}

const zoned = (text: string) => text.replace(/\+0000$/, 'Z').replace(/(\.\d{6})\d+/, '$1');

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export function list(paths: string | readonly string[]): readonly string[] {
	return typeof paths === 'string' ? [paths] : paths;
}
