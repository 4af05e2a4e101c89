import { property } from './tools/check';
import { setups } from './world/commands';
import { kinds } from './world/kinds';
import { tell } from './world/story';

property('arcus: without faults, every promised event exactly once', setups(kinds.arcus, { faults: false }), tell);
property(
	'arcus: with a fault possible at every await, nothing is lost',
	setups(kinds.arcus, { faults: true }),
	tell,
	2,
);
