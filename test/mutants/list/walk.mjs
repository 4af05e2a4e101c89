const steps = 'core/walk/steps.ts';
const anchors = 'providers/auditapi/anchors.ts';
const walk = 'core/walk/walk.ts';
const watermark = 'endWindow.watermark';
const reading = 'core/walk/read.ts';
const commit = 'await store.commit({ ...step, ...events, ...gaps, observed });';
const begin = 'state = { ...state, walk: state.walk ?? begin(state, source) };';

/** @type {import('../mutants.mjs').Mutant[]} */
export const mutants = [
	{
		name: 'ids of what is listed by when it was stored, forgotten by the time of the event',
		kind: 'repeat',
		look: 'providers/declared/paging',
		edits: [{ file: 'core/walk/sift.ts', find: 'time: firstSeen($a, $b, $c)', replace: 'time: state.start' }],
	},
	{
		name: 'what is stored long after its time, taken for forgotten',
		kind: 'loss',
		look: 'providers/declared/paging',
		edits: [{ file: 'core/walk/sift.ts', find: 'isByStored ? undefined : $a', replace: '$a' }],
	},
	{
		name: 'a walk by when events were stored, cut by the time of events',
		kind: 'loss',
		look: 'providers/declared/paging',
		edits: [{ file: 'core/walk/windows.ts', find: "bounds !== 'stored'", replace: 'true' }],
	},
	{
		name: 'cursor = newest timestamp + 1 unit',
		kind: 'loss',
		look: 'properties/arcus',
		edits: [
			{
				file: steps,
				at: watermark,
				replace: 'page.events.reduce((newest, { time }) => max(newest, time + 1n), min(settledUpTo, state.watermark))',
			},
		],
	},
	{
		name: 'watermark from the newest event',
		kind: 'loss',
		look: 'properties/arcus',
		edits: [
			{
				file: steps,
				at: watermark,
				replace: 'page.events.reduce((newest, { time }) => max(newest, time), min(settledUpTo, state.watermark))',
			},
		],
	},
	{
		name: 'state saved before the events are safe',
		kind: 'loss',
		look: 'properties/arcus',
		edits: [
			{
				file: walk,
				find: commit,
				replace:
					'await store.commit({ ...step, seen: events.seen, observed });\n\t\tawait store.commit({ ...events, ...gaps, seen: [], observed });',
			},
		],
	},
	{
		name: 'no lateness allowance',
		kind: 'loss',
		look: 'properties/arcus',
		edits: [{ file: steps, at: 'endWindow.settledUpTo', replace: 'walk.startedAt!' }],
	},
	{
		name: 'reverse walk resumed with lower bound = oldest delivered',
		kind: 'loss',
		look: 'properties/arcus',
		edits: [
			{
				file: walk,
				find: begin,
				replace: `$0
	if (state.walk?.oldest !== undefined && source.onRejected === 'continueBelowOldest') {
		state = { ...state, walk: { windows: [{ lower: state.walk.oldest }], pages: 0, rejections: 0 } };
	}`,
			},
		],
	},
	{
		name: 'deleted cursor: lower bound = oldest delivered',
		kind: 'loss',
		look: 'core/walk/refusals',
		edits: [
			{
				file: steps,
				find: 'return { walk: { ...walk, ...fromTheTop, below } };',
				replace:
					'return { walk: { ...walk, ...fromTheTop, windows: [{ ...window, lower: below }, ...walk.windows.slice(1)] } };',
			},
		],
	},
	{
		name: 'expired token treated as end',
		kind: 'loss',
		look: 'properties/arpio',
		edits: [
			{
				file: reading,
				find: "if (error instanceof PositionRejected) return { kind: 'refused', rejected: error };",
				replace:
					"if (error instanceof PositionRejected) return { kind: 'page', page: { events: [], invalid: [] }, walk };",
			},
		],
	},
	{
		name: 'anchor on the newest id',
		kind: 'loss',
		look: 'properties/auditapi',
		edits: [
			{ file: anchors, find: 'list.find(({ time }) => time < watermark)', replace: 'list[0]' },
			{ file: anchors, find: '[...settled, ...list].filter($a)', replace: '[...settled, ...list]' },
			{ file: steps, find: 'time < watermark && isEventId(id)', replace: 'time < 1n << 62n && isEventId(id)' },
			{
				file: steps,
				find: 'store.settled(watermark - 1n, OFFERED)',
				replace: 'store.settled((1n << 62n) - 1n, OFFERED)',
			},
		],
	},
	{
		name: 'error path that advances the watermark',
		kind: 'loss',
		look: 'properties/arpio',
		edits: [
			{
				file: reading,
				find: 'if (!walk.position) throw error;',
				replace: "return { kind: 'page', page: { events: [], invalid: [] }, walk };",
			},
		],
	},
	{
		name: 'element without a time as anchor',
		kind: 'loss',
		look: 'properties/elements',
		edits: [
			{ file: 'core/walk/sift.ts', at: 'mark', replace: "''" },
			{ file: 'core/walk/sift.ts', at: 'isEventId', replace: '{ return true; }' },
		],
	},
	{
		name: 'local time of the answer instead of the request',
		kind: 'loss',
		look: 'core/walk/walk',
		edits: [{ file: walk, find: 'advance($a, page, asked, $b)', replace: 'advance($a, page, observed, $b)' }],
	},
	{
		name: 'local clock instead of the provider’s',
		kind: 'loss',
		look: 'properties/arcus',
		edits: [{ file: steps, find: 'min(page.serverTime ?? now, now)', replace: 'now' }],
	},
	{
		name: 'lower bound exclusive',
		kind: 'loss',
		look: 'properties/arpio',
		edits: [
			{ file: steps, find: '{ lower: state.watermark }', replace: '{ lower: state.watermark + 1_000_000_000n }' },
		],
	},
	{
		name: 'ids forgotten at the watermark, whatever filters return',
		kind: 'repeat',
		look: 'properties/auditapi',
		edits: [{ file: steps, at: 'endWindow.forgetBelow', replace: 'watermark' }],
	},
	{
		name: 'ids forgotten that a climb can still return',
		kind: 'repeat',
		look: 'properties/auditapi',
		edits: [
			{
				file: steps,
				at: 'endWindow.forgetBelow',
				replace: 'returnableFrom({ watermark }, source, options)',
			},
		],
	},
	{
		name: 'watermark without the lateness when a walk is cut',
		kind: 'rule',
		look: 'properties/arpio',
		edits: [
			{ file: steps, find: 'min(window.upper ?? settledUpTo, settledUpTo)', replace: 'window.upper ?? settledUpTo' },
		],
	},
	{
		name: 'windows cut without a common instant',
		kind: 'loss',
		look: 'properties/arpio',
		edits: [
			{
				file: 'core/walk/windows.ts',
				at: 'halve',
				find: '{ lower: middle, upper }',
				replace: '{ lower: middle + 2_000_000_000n, upper }',
			},
		],
	},
	{
		name: 'a position at which everything fails is kept forever',
		kind: 'loss',
		look: 'core/walk/badPositions',
		edits: [{ file: reading, find: 'return failingAt($a, $b, $c, $d, $e);', replace: 'throw $d;' }],
	},
	{
		name: 'a position given up because the provider is down',
		kind: 'rule',
		look: 'core/walk/badPositions',
		edits: [{ file: reading, find: 'if (!works) throw error;', replace: '' }],
	},
	{
		name: 'an absurd position kept and sent',
		kind: 'rule',
		look: 'core/walk/badPositions',
		edits: [{ file: steps, at: 'isUsable', replace: '{ return true; }' }],
	},
	{
		name: 'an event shipped of which a part was left out',
		kind: 'loss',
		look: 'core/walk/largePages',
		edits: [{ file: reading, find: 'skim ? withoutCut(page) : page', replace: 'page' }],
	},
	{
		name: 'a page that is too large taken for an empty one',
		kind: 'loss',
		look: 'core/walk/largePages',
		edits: [
			{
				file: reading,
				find: "return { kind: 'tooLarge', walk: less, reason: error.message };",
				replace: "return { kind: 'page', page: { events: [], invalid: [] }, walk };",
			},
		],
	},
	{
		name: 'unknown ids shipped however old they are',
		kind: 'repeat',
		look: 'core/walk/repeats',
		edits: [{ file: 'core/walk/remembered.ts', at: 'floorOf', replace: '{ return -(2n ** 62n); }' }],
	},
	{
		name: 'late events dropped although the ledger would know them',
		kind: 'loss',
		look: 'core/walk/repeats',
		edits: [{ file: 'core/walk/remembered.ts', at: 'floorOf', replace: '{ return returnable; }' }],
	},
];
