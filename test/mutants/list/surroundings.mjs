/** @type {import('../mutants.mjs').Mutant[]} */
export const mutants = [
	{
		name: 'page size makes another stream',
		kind: 'rule',
		look: 'properties/settings',
		edits: [
			{
				file: 'forwarder/config/fingerprint.ts',
				at: 'fingerprint',
				find: 'fingerprinted(source)',
				replace: '$0 + String(source.sizes.pageSize)',
			},
		],
	},
	{
		name: 'keys left in the provider’s error texts',
		kind: 'rule',
		look: 'properties/secrets',
		edits: [{ file: 'forwarder/http/httpTransport.ts', find: 'withoutKeys(text, keys)', replace: 'text' }],
	},
	{
		name: 'old walk kept after what it read is gone',
		kind: 'loss',
		look: 'forwarder/run/poller',
		edits: [{ file: 'forwarder/run/poller.ts', find: 'isOver && { walk: null }', replace: 'false' }],
	},
	{
		name: 'start by our own clock',
		kind: 'loss',
		look: 'forwarder/run/start',
		edits: [
			{
				file: 'forwarder/run/poller.ts',
				find: 'Math.min(clock.now(), toMillis(serverTime))',
				replace: 'clock.now()',
			},
		],
	},
	{
		name: 'time of the last verdict believed when it lies ahead',
		kind: 'rule',
		look: 'forwarder/run/scheduledVerify',
		edits: [{ file: 'forwarder/run/scheduledVerify.ts', find: 'due > 0 && due <= everyMs', replace: 'due > 0' }],
	},
	{
		name: 'rotated key file of the same size not read again',
		kind: 'rule',
		look: 'forwarder/config/rotation',
		edits: [
			{
				file: 'forwarder/config/files.ts',
				at: 'lastGood',
				find: 'good = await read()',
				replace: 'good ??= await read()',
			},
		],
	},
	{
		name: 'a file that is gone counts as removal of its sources',
		kind: 'loss',
		look: 'forwarder/config/usable',
		edits: [{ file: 'forwarder/config/include.ts', at: 'keepGone', replace: '{}' }],
	},
	{
		name: 'a table that is gone counts as removal of its sources',
		kind: 'loss',
		look: 'forwarder/config/each',
		edits: [
			{ file: 'forwarder/config/mistakes.ts', find: 'home ?? problems[0]!.file!', replace: 'problems[0]!.file!' },
		],
	},
	{
		name: 'two tables with entries of one text are taken for one',
		kind: 'loss',
		look: 'forwarder/config/each',
		edits: [
			{
				file: 'forwarder/config/include.ts',
				find: 'JSON.stringify([each, nameOf(entry)])',
				replace: 'nameOf(entry) ?? []',
			},
		],
	},
	{
		name: 'a removed source loses its state',
		kind: 'loss',
		look: 'forwarder/run/change',
		edits: [
			{
				file: 'forwarder/store/sqlite/store.ts',
				at: 'openStore.streams',
				replace: `async (identities) => {
					for (const { name } of db.prepare('SELECT name FROM streams').all()) {
						const isLeft = identities.some((one) => one.name === name);
						if (!isLeft) db.prepare('DELETE FROM streams WHERE name = ?').run(name as string);
					}
					return openStreams(shared, identities);
				}`,
			},
		],
	},
	{
		name: 'a worker keeps to the configuration that it began with',
		kind: 'loss',
		look: 'forwarder/run/cluster/worker',
		edits: [{ file: 'forwarder/run/cluster/worker.ts', at: 'brought', replace: '{}' }],
	},
];
