/** @type {import('../mutants.mjs').Mutant[]} */
export const mutants = [
	{
		name: 'ending_before trusted to be adjacent',
		kind: 'loss',
		look: 'properties/auditapi',
		edits: [
			{
				file: 'providers/auditapi/climb.ts',
				find: 'await touches($a, $b, $c, $d)',
				replace: '(($0) || true)',
			},
		],
	},
	{
		name: 'stop on short page',
		kind: 'loss',
		look: 'properties/arpio',
		edits: [
			{
				file: 'providers/arpio/source.ts',
				find: 'reply.token !== undefined',
				replace: '$0 && reply.elements.length >= sizes.usual',
			},
		],
	},
	{
		name: 'wrong has_more believed on a full page',
		kind: 'loss',
		look: 'properties/arcus',
		edits: [
			{
				file: 'providers/list.ts',
				find: '$a || (elements.length > 0 && elements.length >= full)',
				replace: '$a',
			},
		],
	},
	{
		name: 'answer without a list taken for an empty one',
		kind: 'loss',
		look: 'providers/auditapi/client',
		edits: [{ file: 'providers/list.ts', at: 'readList.isEmpty', replace: 'mayBeEmpty && isPlain(reply.json)' }],
	},
	{
		name: 'dates of UTC, without the day more',
		kind: 'loss',
		look: 'properties/auditapi',
		edits: [
			{
				file: 'providers/auditapi/source.ts',
				find: 'utcDay(range.lower - WEST - DAY)',
				replace: 'utcDay(range.lower)',
			},
		],
	},
	{
		name: 'filters dropped on page 2 (Arpio)',
		kind: 'repeat',
		look: 'properties/arpio',
		edits: [
			{
				file: 'providers/arpio/client.ts',
				find: '{ ...bounds({ from, to }), nextToken: token }',
				replace: '{ ...(token === undefined && bounds({ from, to })), nextToken: token }',
			},
		],
	},
	{
		name: 'filters dropped on page 2 (Arcus)',
		kind: 'repeat',
		look: 'properties/arcus',
		edits: [
			{
				file: 'providers/arcus-erp/source.ts',
				find: 'from: range.lower - WIDER',
				replace: 'from: cursor === undefined ? range.lower - WIDER : undefined',
			},
		],
	},
	{
		name: 'Retry-After ignored',
		kind: 'rule',
		look: 'properties/pace',
		edits: [
			{
				file: 'core/http/politeness.ts',
				find: 'Math.min(failure.retryAfterMs ?? 0, maxRetryAfterMs)',
				replace: '0 * (failure.retryAfterMs ?? 0) * maxRetryAfterMs',
			},
		],
	},
	{
		name: 'pause looked at only before the queue',
		kind: 'rule',
		look: 'properties/pace',
		edits: [
			{ file: 'core/http/politeness.ts', find: 'await this.#ready(signal);', replace: '' },
			{
				file: 'core/http/politeness.ts',
				find: 'if (!(await this.#running.enter(signal))) return false;',
				replace: 'await this.#ready(signal);\n\t\t\tif (!(await this.#running.enter(signal))) return false;',
			},
		],
	},
	{
		name: 'body written anew instead of as received',
		kind: 'rule',
		look: 'properties/body',
		edits: [
			{
				file: 'core/record/event.ts',
				find: '{ id: known ?? `h:${hash()}`, time, raw, ...(bytes && { isReplaced: true as const }), json }',
				replace: '{ ...$0, raw: JSON.stringify(json) }',
			},
		],
	},
	{
		name: 'a list without tokens cut by a size that the server may not take',
		kind: 'loss',
		look: 'core/walk/largePages',
		edits: [
			{
				file: 'providers/arpio/source.ts',
				find: 'token === undefined ? Math.min(size, sizes.usual) : size',
				replace: 'size',
			},
		],
	},
];
