import { property } from './tools/check';
import { setups } from './world/commands';
import { kinds } from './world/kinds';
import { tell } from './world/story';

property(
	'auditapi: without faults, every promised event exactly once',
	setups(kinds.auditapi, { faults: false }),
	tell,
);
property(
	'auditapi: with a fault possible at every await, nothing is lost',
	setups(kinds.auditapi, { faults: true }),
	tell,
	2,
);
