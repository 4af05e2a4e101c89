import { property } from './tools/check';
import { setups } from './world/commands';
import { kinds } from './world/kinds';
import { tell } from './world/story';

property('arpio: without faults, every promised event exactly once', setups(kinds.arpio, { faults: false }), tell);
property(
	'arpio: with a fault possible at every await, nothing is lost',
	setups(kinds.arpio, { faults: true }),
	tell,
	2,
);
