/** Positions that the API gives out and takes back: where a page begins, and how the next one is called. */
import type { Declaration } from '../../providers/declared/form/declaration';
import type { EventLog } from '../eventLog';
import type { Ask, Refusal } from './ask';
import type { Maker } from './events';
import type { Readings } from './readings';
import type { Place, Rows } from './rows';

export interface Positions {
	/** A refusal with `isOurs` is of the position; any other one of a request that should not be sent. */
	place(ask: Ask, size: number, now: number): Place | (Refusal & { isOurs?: true });
	/** Undefined: no more, or the declared kind needs none. */
	next(ask: Ask, place: Place, rows: Rows): string | undefined;
	forget(): void;
}

export function positions(declaration: Declaration, readings: Readings, log: EventLog, maker: Maker): Positions {
	const { page, request, refused: [status = 400] = [] } = declaration;
	const kept = new Map<string, Place>();
	let given = 0;
	const gone = { status, message: 'the position has expired', isOurs: true } as const;
	const isAlone = page.kind === 'cursor' && page.repeat === 'none';
	const isOwnAddress = page.kind === 'url' || (page.kind === 'link' && (page.replay ?? 'whole') === 'whole');
	const hasFrom = JSON.stringify([request.query, request.body]).includes('{from}');
	const first = page.first ?? (page.kind === 'page' ? 1 : 0);

	function filterProblem({ hasFilters }: Ask): (Refusal & { isOurs?: true }) | undefined {
		if (isAlone && hasFilters) return { status: 400, message: 'a position goes alone' };
		if (readings.filters === 'refused' && hasFilters) return { ...gone, message: 'a position goes alone' };
		const isNeeded = !isAlone && !isOwnAddress && readings.filters === 'asDeclared';
		return isNeeded && hasFrom && !hasFilters ? { status: 400, message: 'the filters are not repeated' } : undefined;
	}

	function name(count: number): string {
		switch (readings.position) {
			case 'number':
				return `9007199254740993${count}`;
			case 'long':
				return `p${count}-${'x'.repeat(3000)}`;
			case 'awkward':
				return `p${count}+/=&%, "ü`;
			case 'short':
				return `p${count}`;
		}
	}

	return {
		place(ask, size, now) {
			const { position, filters } = ask;
			if (position === undefined) return { filters };
			const problem = filterProblem(ask);
			if (problem) return problem;
			if (page.kind === 'page' || page.kind === 'offset') {
				const number = Number(position) - first;
				if (!Number.isInteger(number) || number < 0) return { status: 400, message: 'no such page' };
				return { filters, offset: page.kind === 'page' ? number * size : number };
			}
			if (page.kind === 'lastId') {
				const after = log.visible(now).find(({ raw }) => maker.listed(raw) === position);
				return after ? { filters, after } : gone;
			}
			const found = kept.get(position);
			if (!found) return gone;
			const isRepeated = !isOwnAddress && !isAlone && readings.filters === 'asDeclared';
			if (isRepeated && JSON.stringify(filters) !== JSON.stringify(found.filters))
				return { status: 400, message: 'the filters are not those of the position' };
			return readings.filters === 'forgotten' ? { ...found, filters } : found;
		},
		next({ position }, { filters, after }, { rows, isLast }) {
			if (page.kind === 'none' || page.kind === 'offset' || page.kind === 'lastId') return undefined;
			if (page.kind === 'page') return isLast ? undefined : String(Number(position ?? first) + 1);
			if (isLast && ['absent', 'null', 'empty'].includes(readings.end)) return undefined;
			if (isLast && readings.end === 'same' && position !== undefined) return position;
			const next = name(++given);
			const last = rows.at(-1) ?? after;
			kept.set(next, { filters, ...(last && { after: last }) });
			return next;
		},
		forget: () => kept.clear(),
	};
}
