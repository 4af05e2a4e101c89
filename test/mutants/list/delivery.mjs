/** @type {import('../mutants.mjs').Mutant[]} */
export const mutants = [
	{
		name: 'acknowledged before the receiver answered',
		kind: 'loss',
		look: 'properties/arcus',
		edits: [
			{
				file: 'forwarder/delivery/delivery.ts',
				find: 'entry.outcome = await deliver($a, $b, $c, $d);',
				replace: 'await outbox.acknowledge(entry.batches, 0, []); $0',
			},
		],
	},
	{
		name: 'keys left in the receiver’s words',
		kind: 'rule',
		look: 'properties/secrets',
		edits: [{ file: 'forwarder/export/withoutSecrets.ts', find: 'withoutKeys($a, $b)', replace: '$a' }],
	},
	{
		name: 'any JSON taken for an acknowledgement',
		kind: 'loss',
		look: 'forwarder/export/answer',
		edits: [
			{
				file: 'core/otlp/response.ts',
				find: 'Object.keys(answer).length === 0 ? NOTHING : undefined',
				replace: 'NOTHING',
			},
		],
	},
	{
		name: 'a search that trusts counts which contradict each other',
		kind: 'loss',
		look: 'forwarder/delivery/partialSuccess',
		edits: [
			{
				file: 'core/otlp/search.ts',
				find: '$a || $b || rejected > items.length',
				replace: 'false',
			},
		],
	},
	{
		name: 'what a search leaves in doubt forgotten',
		kind: 'loss',
		look: 'forwarder/delivery/partialSuccess',
		edits: [{ file: 'core/otlp/search.ts', find: 'this.#all.filter((item) => !known.has(item))', replace: '[]' }],
	},
	{
		name: 'a search without an end',
		kind: 'repeat',
		look: 'forwarder/delivery/partialSuccess',
		edits: [{ file: 'core/otlp/search.ts', find: 'least > this.#budget', replace: 'false' }],
	},
	{
		name: 'idle receiver connections never closed',
		kind: 'rule',
		look: 'forwarder/export/connections',
		edits: [{ file: 'forwarder/export/connections.ts', find: 'timeout: idleMs', replace: '' }],
	},
	{
		name: 'rest of a batch forgotten once one record of it was taken after an outage',
		kind: 'loss',
		look: 'forwarder/delivery/outage',
		edits: [{ file: 'forwarder/delivery/isolate.ts', find: 'rest.length > 0', replace: 'false' }],
	},
	{
		name: 'whole requests ask whether an outage is over',
		kind: 'rule',
		look: 'forwarder/delivery/outage',
		edits: [{ file: 'forwarder/delivery/attempts.ts', find: "turn.size === 'one'", replace: 'false' }],
	},
	{
		name: 'status 500 for everything taken for bad records',
		kind: 'rule',
		look: 'forwarder/delivery/retries',
		edits: [{ file: 'forwarder/delivery/isolate.ts', find: 'line.health.acceptances > seen', replace: 'true' }],
	},
];
