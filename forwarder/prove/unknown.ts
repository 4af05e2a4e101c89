/** Every reading of what a declaration leaves open: how the API may be, and what to declare if it is so. */
import type { Declaration } from '../../providers/declared/form/declaration';
import type { Readings } from '../../sandbox/declared/readings';
import type { Incident } from './incidents';

export interface Reading {
	/** The open question; absent for what is so with every list that is paged in this way. */
	of?: NonNullable<Declaration['unknown']>[number];
	/** After "if". */
	name: string;
	readings: Partial<Readings>;
	between?: Incident['between'];
	before?: Incident['before'];
	/** What to declare when events are lost or repeated if it is so. */
	instead: string;
	/** The promise does not go so far: it is told, and nothing is wrong with the declaration. */
	isBeyond?: boolean;
}

type Questions = Partial<Record<NonNullable<Reading['of']>, (declaration: Declaration) => Omit<Reading, 'of'>[]>>;

const hasPosition = ({ page: { kind } }: Declaration) => kind === 'link' || kind === 'cursor' || kind === 'url';

const FINER = 'Declare a finer `bounds.format`, if there is one';

const QUESTIONS: Questions = {
	order: ({ rejected }) => {
		const instead =
			rejected === 'below' ? 'Remove `rejected: below`' : 'Use another way of paging: pages by number move';
		return (
			[
				['the list is oldest first', 'oldest'],
				['the list is newest first', 'newest'],
				['the list is in the order of storing', 'arrival'],
				['the list has no order', 'shuffled'],
			] as const
		).map(([name, order]) => ({ name, readings: { order }, instead }));
	},
	end: (declaration) => {
		const { kind } = declaration.page;
		if (kind === 'offset' && declaration.page.end?.total !== undefined) {
			const instead = 'Declare `page.end: { emptyPage: true }` instead of `total`';
			return [
				{ name: 'the total is too low', readings: { count: 'tooLow' }, instead },
				{ name: 'the total is too high', readings: { count: 'tooHigh' }, instead },
			];
		}
		if (!hasPosition(declaration)) return [];
		const empty = 'Add `emptyPage: true` to `page.end`';
		return [
			{ name: 'the last page has no position', readings: { end: 'absent' }, instead: empty },
			{ name: 'empty pages go on to name a next one', readings: { end: 'more' }, instead: empty },
			{
				name: 'the last page names its own position',
				readings: { end: 'same' },
				instead: 'Add `samePosition: true` to `page.end`',
			},
			...(kind === 'link'
				? []
				: ([
						{ name: 'the position of the last page is null', readings: { end: 'null' }, instead: empty },
						{ name: 'the position of the last page is an empty text', readings: { end: 'empty' }, instead: empty },
					] as const)),
		];
	},
	lowerInclusive: () => [{ name: 'the lower bound is exclusive', readings: { lower: 'exclusive' }, instead: FINER }],
	upperInclusive: () => [{ name: 'the upper bound is exclusive', readings: { upper: 'exclusive' }, instead: FINER }],
	boundPrecision: () => [
		{
			name: 'bounds are cut to seconds',
			readings: { precision: 'seconds' },
			instead: 'Declare a coarser `bounds.format`',
		},
		{
			name: 'bounds are cut to whole days',
			readings: { precision: 'days', lower: 'inclusive', upper: 'inclusive' },
			instead: 'Declare `bounds.format: day`',
		},
	],
	replay: (declaration) => {
		if (!hasPosition(declaration)) return [];
		const isOwn = declaration.page.kind === 'url' || (isLink(declaration) && declaration.page.replay === 'whole');
		const refused = {
			name: 'filters beside a position are refused',
			readings: { filters: 'refused' as const },
			instead: isLink(declaration) ? 'Declare `page.replay: whole`' : 'Declare `page.repeat: none`',
		};
		const forgotten = {
			name: 'filters that are not repeated are forgotten',
			readings: { filters: 'forgotten' as const },
			instead: 'Declare `page.repeat: all`',
		};
		// an address of the provider has what it needs
		return isOwn ? [refused] : [refused, forgotten];
	},
	lateness: ({ bounds, reconcile }) =>
		bounds.on === 'stored'
			? []
			: [
					{
						name: 'events become visible later than the lateness',
						readings: {},
						between: (scene) => scene.addLate(2, 3),
						instead: reconcile
							? 'Raise `lateness`, or `reconcile.span`'
							: 'Raise `lateness`, or declare `reconcile` for a second look at the past',
						isBeyond: true,
					},
				],
	idUnique: () => [
		{
			name: 'two events have the same id',
			readings: {},
			between: (scene) => scene.addTwin(),
			instead: 'Make the id of several members: `event.id: [id, time]`',
			isBeyond: true,
		},
	],
};

const isLink = ({ page: { kind } }: Declaration) => kind === 'link';

const isByNumber = ({ page: { kind } }: Declaration) => kind === 'page' || kind === 'offset';

const DELETED: Reading = {
	name: 'a listed event is deleted while the list is read',
	readings: {},
	before: (number, scene) => void (number === 3 && scene.removeLastListed()),
	instead: 'Page by a position instead of a number, if the API can',
	isBeyond: true,
};

export function openReadings(declaration: Declaration): Reading[] {
	const open = [...new Set(declaration.unknown ?? [])];
	const asked = open.flatMap((of) =>
		(QUESTIONS[of]?.(declaration) ?? []).map((reading): Reading => ({ of, ...reading })),
	);
	return isByNumber(declaration) ? [...asked, DELETED] : asked;
}

/** As the declaration says it where it says something. */
export function declaredReadings({ order, rejected, page: { end = {} } }: Declaration): Partial<Readings>[] {
	const base: Partial<Readings> = { order: ORDERS[order] };
	const more: Partial<Readings>[] = [
		...(end.flag !== undefined ? [{ ...base, end: 'flag' as const }] : []),
		...(end.emptyPage ? [{ ...base, end: 'more' as const }] : []),
		...(end.samePosition ? [{ ...base, end: 'same' as const }] : []),
		...(end.attribute !== undefined ? [{ ...base, end: 'attribute' as const }] : []),
		// by id, where late events stand at the head
		...(order === 'newest' && rejected !== 'below' ? [{ order: 'newestArrival' as const }] : []),
	];
	return [base, ...more];
}

const ORDERS = { oldest: 'oldest', newest: 'newest', stored: 'arrival', unknown: 'shuffled' } as const;
