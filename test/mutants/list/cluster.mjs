const leases = 'forwarder/run/cluster/leases.ts';
const statements = 'forwarder/store/postgres/leases.ts';
const session = 'forwarder/store/postgres/session.ts';

/** Takes a part out of a statement. */
const without = (at, part, instead = '') => [
	{ file: statements, at, replace: `($0).replace(${JSON.stringify(part)}, ${JSON.stringify(instead)})` },
];

/** @type {import('../mutants.mjs').Mutant[]} */
export const mutants = [
	{
		name: 'the end of a lease ends the process',
		kind: 'rule',
		look: 'forwarder/run/cluster/ofShard',
		edits: [{ file: 'forwarder/run/cluster/ofShard.ts', at: 'ofShard', replace: '{ return report; }' }],
	},
	{
		name: 'a shard that is left alone is said with every beat',
		kind: 'rule',
		look: 'forwarder/run/cluster/leases',
		edits: [{ file: leases, find: '!alone.includes(shard)', replace: 'true' }],
	},
	{
		name: 'everybody is dead after an outage of the database',
		kind: 'repeat',
		look: 'forwarder/run/cluster/leases',
		edits: [{ file: 'forwarder/run/cluster/observations.ts', at: 'startOver', replace: '{}' }],
	},
	{
		name: 'a worker that is cut off goes on',
		kind: 'repeat',
		look: 'forwarder/run/cluster/leases',
		edits: [{ file: leases, find: 'age() < SELF_CHECK * ttlMs', replace: 'true' }],
	},
	{
		name: 'the self-check counts from the answer of a beat',
		kind: 'repeat',
		look: 'forwarder/run/cluster/leases',
		edits: [{ file: leases, at: 'age', find: 'Math.max($a, $b)', replace: 'now() - last.came' }],
	},
	{
		name: 'a frozen machine believes its clock',
		kind: 'repeat',
		look: 'forwarder/run/cluster/leases',
		edits: [{ file: leases, at: 'age', find: 'wall() - last.beganWall', replace: '0' }],
	},
	{
		name: 'a leaver says so last',
		kind: 'rule',
		look: 'forwarder/run/cluster/leases',
		edits: [{ file: leases, find: 'look(true)', replace: 'look(false)' }],
	},
	{
		name: 'what is held outlives a failover of the database',
		kind: 'loss',
		look: 'forwarder/run/cluster/leases',
		edits: [{ file: leases, find: 'before !== view.server', replace: 'false' }],
	},
	{
		name: 'a worker that is slow counts as dead',
		kind: 'repeat',
		look: 'properties/cluster',
		edits: [
			{
				file: 'forwarder/run/cluster/observations.ts',
				find: 'now - seen.since >= this.#ttl',
				replace: 'now - seen.since >= this.#ttl / 2',
			},
		],
	},
	{
		name: 'a free shard waits for whoever has too few',
		kind: 'rule',
		look: 'forwarder/run/cluster/leases',
		edits: [{ file: 'forwarder/run/cluster/decide.ts', at: 'isOverdue', replace: '() => false' }],
	},
	{
		name: 'taken from a worker whose beat has moved',
		kind: 'repeat',
		look: 'forwarder/store/postgres/leases',
		edits: without(
			'TAKE',
			'AND NOT EXISTS (SELECT 1 FROM @workers w WHERE w.id = seen.owner AND w.beat IS DISTINCT FROM seen.beat)',
		),
	},
	{
		name: 'a take that leaves the epoch as it is',
		kind: 'loss',
		look: 'forwarder/store/postgres/leases',
		edits: without('TAKE', 'epoch = s.epoch + 1', 'epoch = s.epoch'),
	},
	{
		name: 'cursors keep the epoch of the former owner',
		kind: 'loss',
		look: 'forwarder/store/postgres/leases',
		edits: without('TAKE', 'SET epoch = taken.epoch', 'SET epoch = c.epoch'),
	},
	{
		name: 'gives back what another holds by now',
		kind: 'repeat',
		look: 'forwarder/store/postgres/leases',
		edits: without('RELEASE', 'AND s.epoch = held.epoch'),
	},
	{
		name: 'a statement without an answer counts as not done',
		kind: 'loss',
		look: 'e2e/postgres/connection',
		edits: [
			{
				file: session,
				find: 'new OutcomeUnknown($a)',
				replace: "Object.assign(new OutcomeUnknown($a), { tookEffect: 'no' })",
			},
		],
	},
	{
		name: 'an error that ends the connection counts as a refusal',
		kind: 'loss',
		look: 'e2e/postgres/connection',
		edits: [{ file: session, find: "client.once('drain', $a)", replace: '($a)()' }],
	},
	{
		name: 'a server that forgets what it has committed',
		kind: 'loss',
		look: 'e2e/postgres/connection',
		edits: [{ file: 'forwarder/store/postgres/safety.ts', at: 'unsafe', replace: '{ return undefined; }' }],
	},
	{
		name: 'a replica is taken for the database',
		kind: 'rule',
		look: 'e2e/postgres/connection',
		edits: [{ file: 'forwarder/store/postgres/safety.ts', at: 'takesNone', replace: '{ return undefined; }' }],
	},
	{
		name: 'a schema whose leases are gone is begun anew',
		kind: 'loss',
		look: 'forwarder/store/postgres/tryOut',
		edits: [{ file: 'forwarder/store/postgres/schema.ts', at: 'checkWhole', replace: '{}' }],
	},
	{
		name: 'a shard that was lost is shipped on for the grace',
		kind: 'repeat',
		look: 'forwarder/run/cluster/worker',
		edits: [{ file: 'forwarder/run/cluster/worker.ts', find: 'void work.at?.store.close()', replace: '0' }],
	},
	{
		name: 'requests begin although others may have taken over',
		kind: 'repeat',
		look: 'forwarder/run/cluster/worker',
		edits: [{ file: 'forwarder/run/cluster/worker.ts', find: '!mayAct()', replace: 'false' }],
	},
];
