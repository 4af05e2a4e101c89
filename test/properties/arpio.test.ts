import fc from 'fast-check';
import { property } from './tools/check';
import { setups, type Kind } from './world/commands';
import { kinds } from './world/kinds';
import { tell } from './world/story';

property('arpio: without faults, every promised event exactly once', setups(kinds.arpio, { faults: false }), tell);
property(
	'arpio: with a fault possible at every await, nothing is lost',
	setups(kinds.arpio, { faults: true }),
	tell,
	2,
);

/** As the vendor's sample has it: a list has no room for a token, so that a full page has to be cut in time. */
const bareArray: Kind = {
	...kinds.arpio,
	fixed: fc.record({
		envelope: fc.constant('array' as const),
		order: fc.constantFrom('ascending' as const, 'descending' as const, 'shuffled' as const),
		upperBound: fc.constantFrom('inclusive' as const, 'exclusive' as const),
	}),
	switches: fc.constant({}),
};
property(
	'arpio: a bare array without tokens is read whole',
	setups(bareArray, { faults: true }).map((setup) => ({
		...setup,
		pageSize: Math.max(4, setup.pageSize),
	})),
	tell,
	0.5,
);
