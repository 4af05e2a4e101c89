const stream = 'forwarder/store/sqlite/stream.ts';

/** @type {import('../mutants.mjs').Mutant[]} */
export const mutants = [
	{
		name: 'requests inside a pause that a killed process knew of',
		kind: 'rule',
		look: 'forwarder/run/pauses',
		edits: [{ file: 'forwarder/run/pauses.ts', at: 'follow', find: 'left > 0', replace: 'false' }],
	},
	{
		name: 'a pause that nobody notes',
		kind: 'rule',
		look: 'forwarder/run/pauses',
		edits: [{ file: 'forwarder/run/pauses.ts', find: 'ms === 0 || ms > SHORT_MS', replace: 'ms === 0' }],
	},
	{
		name: 'seen bounded by count',
		kind: 'repeat',
		look: 'properties/arcus',
		edits: [
			{
				file: stream,
				find: 'if (change.forgetBelow !== undefined) seen.forgetBelow(seenAs, change.forgetBelow);',
				replace: `db.prepare(
			'DELETE FROM seen WHERE stream = ? AND id NOT IN (SELECT id FROM seen WHERE stream = ? ORDER BY time DESC LIMIT 5)',
		).run(name, name);`,
			},
		],
	},
	{
		name: 'ids never forgotten',
		kind: 'rule',
		look: 'properties/arcus',
		edits: [
			{
				file: stream,
				find: 'if (change.forgetBelow !== undefined) seen.forgetBelow(seenAs, change.forgetBelow);',
				replace: 'if (change.forgetBelow === 0n) seen.forgetBelow(seenAs, change.forgetBelow);',
			},
		],
	},
	{
		name: 'outbox limit ignored',
		kind: 'rule',
		look: 'forwarder/store/sqlite/store',
		edits: [
			{ file: 'forwarder/store/room.ts', at: 'isFull', find: 'backlog.size >= limit', replace: 'backlog.size < 0' },
		],
	},
	{
		name: 'former owner may write',
		kind: 'rule',
		look: 'properties/lease',
		edits: [{ file: 'forwarder/store/sqlite/transaction.ts', find: '$a !== epoch', replace: '$a < epoch' }],
	},
	{
		name: 'an acknowledgement that is repeated counts again',
		kind: 'rule',
		look: 'forwarder/store/sqlite/store',
		edits: [{ file: 'forwarder/store/sqlite/outbox.ts', find: 'waited.length === 0', replace: 'waited.length < 0' }],
	},
	{
		name: 'a poll has succeeded before its sweep',
		kind: 'rule',
		look: 'forwarder/run/poller',
		edits: [{ file: 'forwarder/run/poller.ts', find: 'isDue ? store : noting(store)', replace: 'noting(store)' }],
	},
	{
		name: 'commits do not wait for the disk',
		kind: 'loss',
		look: 'forwarder/store/sqlite/store',
		edits: [
			{
				file: 'forwarder/store/sqlite/open.ts',
				at: 'checked',
				find: 'db.exec($sql)',
				replace: "db.exec(($sql).replace('FULL', 'NORMAL'))",
			},
		],
	},
	{
		name: 'state opened for writing by who only looks',
		kind: 'rule',
		look: 'forwarder/store/sqlite/store',
		edits: [
			{
				file: 'forwarder/store/sqlite/open.ts',
				at: 'readState',
				find: 'besideOwner(path, true)',
				replace: 'besideOwner(path, false)',
			},
		],
	},
	{
		name: 'letters of two destinations retried in one batch',
		kind: 'loss',
		look: 'forwarder/store/sqlite/deadLetters',
		edits: [{ file: 'forwarder/store/letterBatch.ts', find: 'batch.destinations[0] === destination', replace: 'true' }],
	},
	{
		name: 'an id known only at the time it was listed with',
		kind: 'repeat',
		look: 'core/walk/repeats',
		edits: [
			{ file: stream, find: 'for (const id of ids.among(elements.filter(isEvent))) result.add(id);', replace: ';' },
		],
	},
	{
		name: 'ids of before a restart not known at another time',
		kind: 'repeat',
		look: 'core/walk/repeats',
		edits: [{ file: 'forwarder/store/sqlite/ledgerIds.ts', at: '#filled', replace: '{ return new IdFilter(LEAST); }' }],
	},
	{
		name: 'the checksum of a batch not compared',
		kind: 'loss',
		look: 'forwarder/store/sqlite/damage',
		edits: [{ file: 'forwarder/store/sqlite/damage.ts', at: 'isWhole', replace: '(_row: BatchRow): boolean => true' }],
	},
	{
		name: 'ids not forgotten when a batch is set aside',
		kind: 'loss',
		look: 'forwarder/store/sqlite/damage',
		edits: [
			{
				file: 'forwarder/store/sqlite/damage.ts',
				find: 'forgetListed(shared, name, content.events)',
				replace: 'undefined',
			},
			{ file: 'forwarder/store/sqlite/damage.ts', find: 'forgetWithin(shared, name, span)', replace: 'undefined' },
		],
	},
	{
		name: 'a poll that had begun before moves past a damaged batch',
		kind: 'loss',
		look: 'forwarder/store/sqlite/damage',
		edits: [{ file: 'forwarder/store/sqlite/damage.ts', find: 'rewound.add(name)', replace: 'undefined' }],
	},
	{
		name: 'polling fills the disk to the brim',
		kind: 'rule',
		look: 'forwarder/store/sqlite/disk',
		edits: [{ file: 'forwarder/store/room.ts', find: 'backlog.isDiskLow()', replace: 'false' }],
	},
];
