/** What can happen in a simulated world, and how it is drawn. */
import fc from 'fast-check';
import type { PlannedFault } from '../tools/faults';
import type { SimName, Switches } from './sim';

/** When an event happened and when the provider shows it, in parts of the lateness (late), or in hours (post-dated). */
export type When =
	| { kind: 'late'; by: number; hidden: number }
	| { kind: 'tooLate'; by: number; hidden: number }
	| { kind: 'postDated'; hours: number }
	/** At the very instant of an event that is there already. */
	| { kind: 'sameAs'; which: number };

/** What happens around the forwarder; also while its requests are under way. */
export type Aside =
	| { do: 'add'; when: When; count: number; grain: number; invalid: boolean }
	| { do: 'remove'; which: number }
	| { do: 'switch'; to: Switches }
	| { do: 'wait'; ms: number };

export type Command =
	| Aside
	| { do: 'poll'; during: Aside[] }
	| { do: 'deliver' }
	/** A restart with other settings. */
	| { do: 'reconfigure'; pageSize: number; intervalMs: number }
	/** Polling and shipping at the same time. */
	| { do: 'both'; during: Aside[] }
	| { do: 'crash' };

export interface Setup {
	sim: SimName;
	/** Switches that stay as they are; a list that changes its order while it is paged promises nothing. */
	fixed: Switches;
	pageSize: number;
	/** Minutes into a day at which the story begins. */
	minute: number;
	/** How long ago collecting begins. */
	startAgoMs: number;
	/** Ages of the events that are there already. */
	history: number[];
	skewMs: number;
	undated: boolean;
	retentionMs: number;
	latencyMs: number;
	reconcile: boolean;
	outboxLimit: number;
	commands: Command[];
	faults: PlannedFault[];
	/** Where the faults are. */
	focus: string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const part = fc.constantFrom(0, 0.1, 0.5, 0.9, 1);

const when: fc.Arbitrary<When> = fc.oneof(
	{ weight: 4, arbitrary: fc.record({ kind: fc.constant('late' as const), by: part, hidden: part }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('tooLate' as const), by: fc.nat(400), hidden: part }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('postDated' as const), hours: fc.nat(72) }) },
	{ weight: 2, arbitrary: fc.record({ kind: fc.constant('sameAs' as const), which: fc.nat(50) }) },
);

const add: fc.Arbitrary<Aside> = fc.record({
	do: fc.constant('add' as const),
	when,
	count: fc.integer({ min: 1, max: 4 }),
	// microseconds, milliseconds, seconds: coarse clocks make equal times
	grain: fc.constantFrom(1, 1000, 1_000_000),
	invalid: fc.nat(7).map((n) => n === 0),
});
const remove: fc.Arbitrary<Aside> = fc.record({ do: fc.constant('remove' as const), which: fc.nat(50) });
const wait: fc.Arbitrary<Aside> = fc.record({
	do: fc.constant('wait' as const),
	ms: fc.oneof(fc.nat(2 * MINUTE), fc.nat(HOUR), fc.constantFrom(DAY, 5 * DAY, 9 * DAY)),
});

function commands(switches: fc.Arbitrary<Switches>): fc.Arbitrary<Command[]> {
	const change: fc.Arbitrary<Aside> = fc.record({ do: fc.constant('switch' as const), to: switches });
	const aside: fc.Arbitrary<Aside> = fc.oneof(
		{ weight: 5, arbitrary: add },
		{ weight: 2, arbitrary: remove },
		{ weight: 1, arbitrary: change },
		{ weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(20 * MINUTE) }) },
	);
	const during = fc.array(aside, { maxLength: 3, size: 'max' });
	const one = fc.oneof<fc.Arbitrary<Command>[]>(
		fc.record({ do: fc.constant('poll' as const), during }),
		fc.record({ do: fc.constant('poll' as const), during }),
		fc.record({ do: fc.constant('both' as const), during }),
		fc.constant({ do: 'deliver' as const }),
		add,
		add,
		remove,
		wait,
		wait,
		change,
		fc.constant({ do: 'crash' as const }),
	);
	return fc.array(one, { minLength: 1, maxLength: 22, size: 'max' });
}

export interface Kind {
	sim: SimName;
	/** Drawn once. */
	fixed: fc.Arbitrary<Switches>;
	/** Drawn again and again. */
	switches: fc.Arbitrary<Switches>;
}

/** Years late now and then: some faults show only while a large past is read. */
const age = fc.oneof(fc.nat(2 * HOUR), fc.nat(3 * DAY), fc.nat(3 * 365 * DAY));

export function setups({ sim, fixed, switches }: Kind, options: { faults: boolean }): fc.Arbitrary<Setup> {
	const fault = fc.record({ gap: fc.oneof(fc.nat(8), fc.nat(40)), pick: fc.nat(1000) });
	return fc
		.record({
			sim: fc.constant(sim),
			fixed,
			pageSize: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 50 })),
			minute: fc.nat(1439),
			startAgoMs: age,
			history: fc.array(age, { maxLength: 12, size: 'max' }),
			skewMs: fc.constantFrom(0, 0, 90_000, -90_000, HOUR, -HOUR),
			undated: fc.nat(9).map((n) => n === 0),
			retentionMs: fc.constantFrom(Infinity, Infinity, Infinity, 2 * HOUR, 2 * DAY),
			latencyMs: fc.constantFrom(0, 200, 20_000, 8 * MINUTE),
			reconcile: fc.boolean(),
			outboxLimit: fc.constantFrom(1e9, 1e9, 1, 3000),
			commands: commands(switches),
			faults: options.faults
				? fc.array(fault, { minLength: 1, maxLength: 8, size: 'max' })
				: fc.constant<PlannedFault[]>([]),
			focus: fc.constantFrom('', '', 'request', 'answer', 'store', 'se'),
		})
		.map((setup) => ({
			...setup,
			// the local clock stands in for the provider's only where both agree
			...(setup.undated && { skewMs: 0 }),
			// what drops out of a list that is paged by offset hides another row: that is a limit of such lists
			...('tokenKind' in setup.fixed && setup.fixed.tokenKind === 'offset' && { retentionMs: Infinity }),
		}));
}
