/**
 * Mistakes that the property tests must notice: nearly all of them were made by collectors that people use. Each is a few
 * replacements in the sources; `find` must occur exactly once. `look` names the test file that is asked first.
 */

/** @typedef {{ file: string, find: string, replace: string }} Edit */
/** @typedef {{ name: string, kind: 'loss' | 'repeat' | 'rule', edits: Edit[], look: string }} Mutant */

const steps = 'polling/steps.ts';
const walk = 'polling/walk.ts';
const stream = 'forwarder/store/stream.ts';
const watermark = 'const watermark = max(state.watermark, min(window.upper ?? settledUpTo, settledUpTo));';
const commit = 'await store.commit({ ...step, ...events, observed });';
const begin = 'state = { ...state, walk: state.walk ?? begin(state, source) };';

/** @type {Mutant[]} */
export const mutants = [
	{
		name: 'cursor = newest timestamp + 1 unit',
		kind: 'loss',
		look: 'arcus',
		edits: [
			{
				file: steps,
				find: watermark,
				replace:
					'const watermark = page.events.reduce((newest, { time }) => max(newest, time + 1n), min(settledUpTo, state.watermark));',
			},
		],
	},
	{
		name: 'watermark from the newest event',
		kind: 'loss',
		look: 'arcus',
		edits: [
			{
				file: steps,
				find: watermark,
				replace:
					'const watermark = page.events.reduce((newest, { time }) => max(newest, time), min(settledUpTo, state.watermark));',
			},
		],
	},
	{
		name: 'state saved before the events are safe',
		kind: 'loss',
		look: 'arcus',
		edits: [
			{
				file: walk,
				find: commit,
				replace:
					'await store.commit({ ...step, seen: events.seen, observed });\n\t\tawait store.commit({ ...events, seen: [], observed });',
			},
		],
	},
	{
		name: 'acknowledged before the receiver answered',
		kind: 'loss',
		look: 'arcus',
		edits: [
			{
				file: 'forwarder/sink/delivery.ts',
				find: 'entry.outcome = await deliver(',
				replace: 'await outbox.acknowledge(entry.batches, 0, []);\n\t\t\tentry.outcome = await deliver(',
			},
		],
	},
	{
		name: 'no lateness allowance',
		kind: 'loss',
		look: 'arcus',
		edits: [
			{ file: steps, find: 'walk.startedAt! - options.lateness', replace: 'walk.startedAt! - 0n * options.lateness' },
		],
	},
	{
		name: 'reverse walk resumed with lower bound = oldest delivered',
		kind: 'loss',
		look: 'arcus',
		edits: [
			{
				file: walk,
				find: begin,
				replace: `${begin}
	if (state.walk?.oldest !== undefined && source.onRejected === 'continueBelowOldest') {
		state = { ...state, walk: { windows: [{ lower: state.walk.oldest }], pages: 0, rejections: 0 } };
	}`,
			},
		],
	},
	{
		name: 'deleted cursor: lower bound = oldest delivered',
		kind: 'loss',
		look: 'arcus',
		edits: [
			{
				file: steps,
				find: 'return { walk: { ...walk, ...fromTheTop, below } };',
				replace: 'return { walk: { ...walk, ...fromTheTop, windows: [{ ...window, lower: below }, ...later] } };',
			},
		],
	},
	{
		name: 'expired token treated as end',
		kind: 'loss',
		look: 'arpio',
		edits: [
			{
				file: walk,
				find: 'if (error instanceof PositionRejected && position) return error;',
				replace: 'if (error instanceof PositionRejected && position) return { events: [], invalid: [] };',
			},
		],
	},
	{
		name: 'anchor on the newest id',
		kind: 'loss',
		look: 'auditapi',
		edits: [
			{ file: steps, find: 'state.anchors.find(({ time }) => time < state.watermark)', replace: 'state.anchors[0]' },
			{ file: steps, find: 'time < watermark && isEventId(id)', replace: 'time < 1n << 62n && isEventId(id)' },
			{
				file: steps,
				find: 'store.settled(watermark - 1n, ANCHORS)',
				replace: 'store.settled((1n << 62n) - 1n, ANCHORS)',
			},
		],
	},
	{
		name: 'ending_before trusted to be adjacent',
		kind: 'loss',
		look: 'auditapi',
		edits: [
			{
				file: 'providers/auditapi/climb.ts',
				find: 'if (await touches(client, page, before, signal)) return',
				replace: 'if ((await touches(client, page, before, signal)) || true) return',
			},
		],
	},
	{
		name: 'stop on short page',
		kind: 'loss',
		look: 'arpio',
		edits: [
			{
				file: 'providers/arpio/source.ts',
				find: 'reply.token !== undefined\n',
				replace: 'reply.token !== undefined && reply.texts.length >= settings.pageSize\n',
			},
		],
	},
	{
		name: 'wrong has_more believed on a full page',
		kind: 'loss',
		look: 'arcus',
		edits: [
			{
				file: 'providers/list.ts',
				find: ' || (elements.length > 0 && elements.length >= full)',
				replace: '',
			},
		],
	},
	{
		name: 'error path that advances the watermark',
		kind: 'loss',
		look: 'arpio',
		edits: [{ file: walk, find: '\t\tthrow error;', replace: '\t\treturn { events: [], invalid: [] };' }],
	},
	{
		name: 'error body taken for an empty list',
		kind: 'loss',
		look: 'auditapi',
		edits: [{ file: 'providers/list.ts', find: '&& !isError(envelope)', replace: '' }],
	},
	{
		name: 'element without a time as anchor',
		kind: 'loss',
		look: 'auditapi',
		edits: [
			{ file: 'polling/sift.ts', find: "const mark = '?';", replace: "const mark = '';" },
			{ file: 'polling/sift.ts', find: 'return !id.startsWith(mark);', replace: 'return true;' },
		],
	},
	{
		name: 'local time of the answer instead of the request',
		kind: 'loss',
		look: 'arcus',
		edits: [{ file: walk, find: 'advance(state.walk, page, asked)', replace: 'advance(state.walk, page, observed)' }],
	},
	{
		name: 'local clock instead of the provider’s',
		kind: 'loss',
		look: 'arcus',
		edits: [{ file: steps, find: 'min(page.serverTime ?? now, now)', replace: 'now' }],
	},
	{
		name: 'lower bound exclusive',
		kind: 'loss',
		look: 'arpio',
		edits: [
			{ file: steps, find: '{ lower: state.watermark }', replace: '{ lower: state.watermark + 1_000_000_000n }' },
		],
	},
	{
		name: 'dates of UTC, without the day more',
		kind: 'loss',
		look: 'auditapi',
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
		look: 'arpio',
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
		look: 'arcus',
		edits: [
			{
				file: 'providers/arcus-erp/source.ts',
				find: 'from: range.lower - WIDER',
				replace: 'from: cursor === undefined ? range.lower - WIDER : undefined',
			},
		],
	},
	{
		name: 'seen bounded by count',
		kind: 'repeat',
		look: 'arcus',
		edits: [
			{
				file: stream,
				find: 'if (change.forgetBelow !== undefined) seen.forgetBelow(change.forgetBelow);',
				replace: `db.prepare(
			'DELETE FROM seen WHERE stream = ? AND id NOT IN (SELECT id FROM seen WHERE stream = ? ORDER BY time DESC LIMIT 5)',
		).run(name, name);`,
			},
		],
	},
	{
		name: 'ids forgotten at the watermark, whatever filters return',
		kind: 'repeat',
		look: 'auditapi',
		edits: [{ file: steps, find: 'watermark - (source.reach ?? 0n) - options.keepSeen', replace: 'watermark' }],
	},
	{
		name: 'ids forgotten that a climb can still return',
		kind: 'repeat',
		look: 'auditapi',
		edits: [{ file: steps, find: 'min(lowest, time), returnable)', replace: 'min(lowest, returnable), returnable)' }],
	},
	{
		name: 'ids never forgotten',
		kind: 'rule',
		look: 'arcus',
		edits: [
			{
				file: stream,
				find: 'if (change.forgetBelow !== undefined) seen.forgetBelow(change.forgetBelow);',
				replace: 'if (change.forgetBelow === 0n) seen.forgetBelow(change.forgetBelow);',
			},
		],
	},
	{
		name: 'watermark without the lateness when a walk is cut',
		kind: 'rule',
		look: 'arpio',
		edits: [
			{ file: steps, find: 'min(window.upper ?? settledUpTo, settledUpTo)', replace: 'window.upper ?? settledUpTo' },
		],
	},
	{
		name: 'outbox limit ignored',
		kind: 'rule',
		look: 'arcus',
		edits: [{ file: stream, find: 'while (backlog.size >= limit &&', replace: 'while (backlog.size < 0 &&' }],
	},
	{
		name: 'windows cut without a common instant',
		kind: 'loss',
		look: 'partitions',
		edits: [{ file: steps, find: '{ lower: middle, upper },', replace: '{ lower: middle + 2_000_000_000n, upper },' }],
	},
	{
		name: 'former owner may write',
		kind: 'rule',
		look: 'lease',
		edits: [{ file: 'forwarder/store/transaction.ts', find: ' !== epoch)', replace: ' < epoch)' }],
	},
	{
		name: 'page size makes another stream',
		kind: 'rule',
		look: 'settings',
		edits: [
			{
				file: 'forwarder/config/fingerprint.ts',
				find: 'filter: { dropReads },',
				replace: 'filter: { dropReads, pageSize: settings.pageSize },',
			},
		],
	},
	{
		name: 'Retry-After ignored',
		kind: 'rule',
		look: 'pace',
		edits: [
			{
				file: 'providers/http/politeness.ts',
				find: 'Math.min(failure.retryAfterMs ?? 0, maxRetryAfterMs)',
				replace: '0 * (failure.retryAfterMs ?? 0) * maxRetryAfterMs',
			},
		],
	},
	{
		name: 'pause looked at only before the queue',
		kind: 'rule',
		look: 'pace',
		edits: [
			{ file: 'providers/http/politeness.ts', find: 'if (entered) await ready(signal);', replace: '' },
			{
				file: 'providers/http/politeness.ts',
				find: 'entered = await running.enter(signal);',
				replace: 'await ready(signal);\n\t\t\tentered = await running.enter(signal);',
			},
		],
	},
	{
		name: 'keys left in the provider’s error texts',
		kind: 'rule',
		look: 'secrets',
		edits: [
			{
				file: 'forwarder/http/withoutKeys.ts',
				find: "text.replaceAll(key, '[REDACTED]')",
				replace: 'text.replaceAll(key, key)',
			},
		],
	},
	{
		name: 'keys left in the receiver’s words',
		kind: 'rule',
		look: 'secrets',
		edits: [
			{
				file: 'forwarder/sink/without-secrets.ts',
				find: "rest.replaceAll(secret, '[REDACTED]')",
				replace: 'rest.replaceAll(secret, secret)',
			},
		],
	},
	{
		name: 'body written anew instead of as received',
		kind: 'rule',
		look: 'body',
		edits: [
			{
				file: 'providers/list.ts',
				find: 'valid.push({ id: known, time, raw, json });',
				replace: 'valid.push({ id: known, time, raw: JSON.stringify(json), json });',
			},
		],
	},
];
