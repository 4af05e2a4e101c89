const fence = 'forwarder/store/postgres/fence.ts';
const outbox = 'forwarder/store/postgres/outbox.ts';
const damage = 'forwarder/store/postgres/damage.ts';
const look = (file) => `forwarder/store/postgres/${file}`;

/** @type {import('../mutants.mjs').Mutant[]} */
export const mutants = [
	{
		name: 'a source moved out of a shard that somebody else holds by now',
		kind: 'loss',
		look: look('cluster'),
		edits: [
			{
				file: 'forwarder/store/postgres/move.ts',
				at: 'isHeld',
				find: 'sql`epoch = ${epoch}::bigint`',
				replace: 'sql`true`',
			},
			{
				file: 'forwarder/store/postgres/move.ts',
				at: 'isHeld',
				find: 'sql`owner = ${owner}::text`',
				replace: 'sql`true`',
			},
		],
	},
	{
		name: 'what waits of a source is not for those who begin with it',
		kind: 'loss',
		look: look('cluster'),
		edits: [{ file: 'forwarder/store/postgres/move.ts', at: 'ALL_BUT_THESE', replace: 'sql`place.last`' }],
	},
	{
		name: 'a commit that any worker may make',
		kind: 'loss',
		look: look('fence'),
		edits: [{ file: fence, find: 'sql`owner = ${owner}::text`', replace: 'sql`true`' }],
	},
	{
		name: 'a commit of any epoch',
		kind: 'loss',
		look: look('fence'),
		edits: [{ file: fence, find: 'sql`epoch = ${epoch}::bigint`', replace: 'sql`true`' }],
	},
	{
		name: 'a commit fenced by its epoch only',
		kind: 'loss',
		look: look('fence'),
		edits: [{ file: fence, at: 'isAt', replace: '(_lease: Lease): Sql => sql`true`' }],
	},
	{
		name: 'an acknowledgement of a batch that was rolled back',
		kind: 'loss',
		look: look('fence'),
		edits: [{ file: fence, at: 'reaches', replace: '(_seq: number): Sql => sql`true`' }],
	},
	{
		name: 'an acknowledgement that waited for a takeover',
		kind: 'loss',
		look: 'e2e/postgres/store',
		edits: [{ file: outbox, find: 'sql`c.epoch = ${epoch}::bigint`', replace: 'sql`true`' }],
	},
	{
		name: 'a refused commit taken for a success',
		kind: 'loss',
		look: look('fence'),
		edits: [{ file: fence, find: 'if (!row) throw $a;', replace: 'if (!row) return;' }],
	},
	{
		name: 'a refused acknowledgement taken for a success',
		kind: 'loss',
		look: look('fence'),
		edits: [{ file: outbox, find: 'moved !== 1', replace: 'false' }],
	},
	{
		name: 'on from what is remembered, although the outcome of a commit is unknown',
		kind: 'loss',
		look: look('fence'),
		edits: [{ file: fence, find: "error.tookEffect === 'no'", replace: 'true' }],
	},
	{
		name: 'the memory of a lease that has ended',
		kind: 'loss',
		look: look('fence'),
		edits: [{ file: fence, find: 'if (this.#ended) throw this.#ended;', replace: ';' }],
	},
	{
		name: 'a slot emptied in which something waits',
		kind: 'loss',
		look: look('outbox'),
		edits: [
			{
				file: 'forwarder/store/postgres/functions.ts',
				at: 'FUNCTIONS',
				replace: "($0).map((text) => text.replace('IF waits', 'IF false'))",
			},
		],
	},
	{
		name: 'the ring turns without seeing what was written meanwhile',
		kind: 'loss',
		look: look('outbox'),
		edits: [
			{
				file: 'forwarder/store/postgres/functions.ts',
				at: 'FUNCTIONS',
				replace: "($0).map((text) => text.replace(\"<> 'read committed'\", 'IS NULL'))",
			},
		],
	},
	{
		name: 'a cursor that begins again at a takeover',
		kind: 'repeat',
		look: look('outbox'),
		edits: [{ file: 'forwarder/store/postgres/store.ts', find: 'Number(acked)', replace: '0' }],
	},
	{
		name: 'ids of before a takeover not known',
		kind: 'repeat',
		look: look('ids'),
		edits: [{ file: 'forwarder/store/postgres/knownIds.ts', find: 'filter.add(one)', replace: 'undefined' }],
	},
	{
		name: 'an id known at its own time only, after a takeover',
		kind: 'repeat',
		look: look('ids'),
		edits: [{ file: 'forwarder/store/postgres/knownIds.ts', find: 'elsewhere.size === 0', replace: 'true' }],
	},
	{
		name: 'a stream that was reset takes its former ids for its own',
		kind: 'loss',
		look: look('ids'),
		edits: [
			{
				file: 'forwarder/store/postgres/streams.ts',
				at: 'pagesOf',
				replace: '{ void rows; return sql`WHERE stream = ${name}::text`; }',
			},
		],
	},
	{
		name: 'the days of a source that is stuck dropped',
		kind: 'repeat',
		look: look('ids'),
		edits: [{ file: 'forwarder/store/postgres/days.ts', at: 'oldestNeeded', replace: 'sql`SELECT NULL::date`' }],
	},
	{
		name: 'the checksums of a batch not compared in the database',
		kind: 'loss',
		look: look('damage'),
		edits: [{ file: 'forwarder/store/postgres/batches.ts', find: 'listed && told', replace: 'id > 0' }],
	},
	{
		name: 'ids not forgotten when a batch of the database is set aside',
		kind: 'loss',
		look: look('damage'),
		edits: [{ file: damage, find: 'await forget(shared, name, content)', replace: '[]' }],
	},
	{
		name: 'a poll that had begun before moves past a damaged batch of the database',
		kind: 'loss',
		look: look('damage'),
		edits: [{ file: damage, find: 'shared.rewound.add(name)', replace: 'undefined' }],
	},
	{
		name: 'what may be written later never is',
		kind: 'repeat',
		look: look('deferred'),
		edits: [{ file: 'forwarder/store/postgres/shared.ts', find: 'shared.rows.isChanged', replace: 'false' }],
	},
	{
		name: 'another log goes on with the ids of the former one in the database',
		kind: 'loss',
		look: 'forwarder/store/postgres/store',
		edits: [{ file: 'forwarder/store/postgres/owned.ts', find: 'gap ? 1 : 0', replace: '0' }],
	},
	{
		name: 'what a destination was given up for still waits for it',
		kind: 'rule',
		look: 'forwarder/store/postgres/store',
		edits: [{ file: 'forwarder/store/postgres/owned.ts', at: 'cursor', replace: 'sql`false`' }],
	},
];
