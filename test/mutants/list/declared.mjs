const paging = 'providers/declared/paging.ts';
const request = 'providers/declared/request.ts';
const bounds = 'providers/declared/bounds.ts';
/** Each way of paging, and whatever else a declaration can say. */
const look = 'e2e/prove/styles';

/** @type {import('../mutants.mjs').Mutant[]} */
export const mutants = [
	{
		name: 'declared: a short page taken for the end',
		kind: 'loss',
		look,
		edits: [
			{
				file: paging,
				at: 'nextOf.next',
				replace: 'elements.length < 5 && !isByNumber ? undefined : ($0)',
			},
		],
	},
	{
		name: 'declared: filters dropped on the second page',
		kind: 'loss',
		look,
		edits: [{ file: request, at: 'requestOf.alone', replace: "cursor?.kind === 'value'" }],
	},
	{
		name: 'declared: upper bound moved in the middle of a walk',
		kind: 'loss',
		look,
		edits: [{ file: bounds, at: 'sliceOf.begun', replace: 'mustEnd ? now + AHEAD : undefined' }],
	},
	{
		name: 'declared: upper bound left out where it is required',
		kind: 'loss',
		look,
		edits: [{ file: bounds, find: "bounds.upper === 'required'", replace: 'false' }],
	},
	{
		name: 'declared: ids of storage time forgotten by event time',
		kind: 'repeat',
		look,
		edits: [{ file: 'core/walk/sift.ts', at: 'sift.isByStored', replace: 'false' }],
	},
	{
		name: 'declared: slices that do not share their boundary',
		kind: 'loss',
		look,
		edits: [{ file: bounds, find: 'next: from + longest', replace: 'next: from + longest + 8n * SECOND' }],
	},
	{
		name: 'declared: the reset header that is declared not read',
		kind: 'rule',
		look,
		edits: [{ file: 'providers/declared/limits.ts', at: 'limitReader.isLimited', replace: 'false' }],
	},
	{
		name: 'declared: a POST not repeated',
		kind: 'rule',
		look,
		edits: [{ file: request, find: 'idempotent: true', replace: 'idempotent: false' }],
	},
	{
		name: 'declared: an absent list taken for an empty one',
		kind: 'loss',
		look,
		edits: [{ file: 'providers/declared/list.ts', find: "list.missing === 'empty'", replace: 'true' }],
	},
	{
		name: 'declared: a composed id without its last part',
		kind: 'loss',
		look,
		edits: [{ file: 'providers/declared/id.ts', find: 'id.map(stepsOf)', replace: 'id.slice(0, -1).map(stepsOf)' }],
	},
	{
		name: 'declared: an id made of the whole text',
		kind: 'repeat',
		look,
		edits: [{ file: 'providers/declared/id.ts', at: 'idReader', replace: '{ return () => undefined; }' }],
	},
	{
		name: 'declared: bounds not widened',
		kind: 'loss',
		look,
		edits: [{ file: bounds, at: 'widerBy', replace: '{ return 0n; }' }],
	},
	{
		name: 'declared: an answer that is not complete taken as it is',
		kind: 'loss',
		look,
		edits: [{ file: 'providers/declared/list.ts', find: '!incomplete.not.includes(String(state))', replace: 'false' }],
	},
	{
		name: 'declared: days widened by half a day',
		kind: 'loss',
		look,
		edits: [{ file: bounds, find: '2n * DAY', replace: 'DAY / 2n' }],
	},
	{
		name: 'declared: the first one of several links followed',
		kind: 'loss',
		look,
		edits: [
			{
				file: 'providers/declared/link.ts',
				find: "rel.toLowerCase().split(/\\s+/).includes('next')",
				replace: "rel !== ''",
			},
		],
	},
	{
		name: 'declared: an assertion by our own clock, whatever theirs says',
		kind: 'rule',
		look,
		edits: [{ file: 'providers/declared/token.ts', at: 'tokensOf.fetched.isLate', replace: 'false' }],
	},
	{
		name: 'declared: later pages asked for at the path of the first',
		kind: 'rule',
		look,
		edits: [{ file: request, at: 'laterPathOf', replace: '{ return pathOf(arguments[0], arguments[1]); }' }],
	},
	{
		name: 'declared: a walk that began by our clock, though theirs is behind',
		kind: 'loss',
		look,
		edits: [{ file: 'core/walk/steps.ts', find: 'min(page.serverTime ?? now, now)', replace: 'now' }],
	},
	{
		name: 'declared: an answer that is too large asked for in the same size',
		kind: 'loss',
		look,
		edits: [{ file: 'core/walk/pageSize.ts', at: 'smaller', replace: '{ return undefined; }' }],
	},
	{
		name: 'declared: a bound sent although it is too old',
		kind: 'loss',
		look,
		edits: [{ file: bounds, at: 'notTooOld', replace: '{ return lower; }' }],
	},
];
