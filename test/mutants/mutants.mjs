/**
 * Mistakes that the tests must notice: nearly all of them were made by collectors that people use. `look` names the test file, below
 * `test/`, that must notice it; for one of the property tests, the others may, too.
 */

/** @typedef {import('./edit.mjs').Edit} Edit */
/** @typedef {{ name: string, kind: 'loss' | 'repeat' | 'rule', edits: Edit[], look: string }} Mutant */

const steps = 'polling/steps.ts';
const walk = 'polling/walk.ts';
const stream = 'forwarder/store/stream.ts';
const watermark = 'endWindow.watermark';
const reading = 'polling/read.ts';
const commit = 'await store.commit({ ...step, ...events, ...gaps, observed });';
const begin = 'state = { ...state, walk: state.walk ?? begin(state, source) };';

/** @type {Mutant[]} */
export const mutants = [
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
		name: 'acknowledged before the receiver answered',
		kind: 'loss',
		look: 'properties/arcus',
		edits: [
			{
				file: 'forwarder/sink/delivery.ts',
				find: 'entry.outcome = await deliver($a, $b, $c, $d);',
				replace: 'await outbox.acknowledge(entry.batches, 0, []); $0',
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
		look: 'properties/arcus',
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
				replace: '$0 && reply.texts.length >= settings.pageSize',
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
		name: 'answer without a list taken for an empty one',
		kind: 'loss',
		look: 'providers/auditapi/client',
		edits: [{ file: 'providers/list.ts', at: 'readList.isEmpty', replace: 'mayBeEmpty && isPlain(reply.json)' }],
	},
	{
		name: 'element without a time as anchor',
		kind: 'loss',
		look: 'properties/auditapi',
		edits: [
			{ file: 'polling/sift.ts', at: 'mark', replace: "''" },
			{ file: 'polling/sift.ts', at: 'isEventId', replace: '{ return true; }' },
		],
	},
	{
		name: 'local time of the answer instead of the request',
		kind: 'loss',
		look: 'properties/arcus',
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
		name: 'seen bounded by count',
		kind: 'repeat',
		look: 'properties/arcus',
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
				replace: 'returnableFrom({ watermark, anchors: [] }, source, options)',
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
				find: 'if (change.forgetBelow !== undefined) seen.forgetBelow(change.forgetBelow);',
				replace: 'if (change.forgetBelow === 0n) seen.forgetBelow(change.forgetBelow);',
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
		name: 'outbox limit ignored',
		kind: 'rule',
		look: 'forwarder/store/sqlite',
		edits: [
			{ file: 'forwarder/store/room.ts', at: 'isFull', find: 'backlog.size >= limit', replace: 'backlog.size < 0' },
		],
	},
	{
		name: 'windows cut without a common instant',
		kind: 'loss',
		look: 'properties/partitions',
		edits: [
			{
				file: 'polling/windows.ts',
				at: 'halve',
				find: '{ lower: middle, upper }',
				replace: '{ lower: middle + 2_000_000_000n, upper }',
			},
		],
	},
	{
		name: 'former owner may write',
		kind: 'rule',
		look: 'properties/lease',
		edits: [{ file: 'forwarder/store/transaction.ts', find: '$a !== epoch', replace: '$a < epoch' }],
	},
	{
		name: 'page size makes another stream',
		kind: 'rule',
		look: 'properties/settings',
		edits: [
			{
				file: 'forwarder/config/fingerprint.ts',
				find: 'filter: { dropReads }',
				replace: 'filter: { dropReads, pageSize: settings.pageSize }',
			},
		],
	},
	{
		name: 'Retry-After ignored',
		kind: 'rule',
		look: 'properties/pace',
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
		look: 'properties/pace',
		edits: [
			{ file: 'providers/http/politeness.ts', find: 'await ready(signal);', replace: '' },
			{
				file: 'providers/http/politeness.ts',
				find: 'if (!(await running.enter(signal))) return false;',
				replace: 'await ready(signal);\n\t\t\tif (!(await running.enter(signal))) return false;',
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
		name: 'keys left in the receiver’s words',
		kind: 'rule',
		look: 'properties/secrets',
		edits: [{ file: 'forwarder/sink/without-secrets.ts', find: 'withoutKeys($a, $b)', replace: '$a' }],
	},
	{
		name: 'body written anew instead of as received',
		kind: 'rule',
		look: 'properties/body',
		edits: [
			{
				file: 'providers/event.ts',
				find: '{ id: known ?? `h:${hash()}`, time, raw, ...(bytes && { isReplaced: true as const }), json }',
				replace: '{ ...$0, raw: JSON.stringify(json) }',
			},
		],
	},
	{
		name: 'old walk kept after what it read is gone',
		kind: 'loss',
		look: 'forwarder/run/poller',
		edits: [{ file: 'forwarder/run/poller.ts', find: 'isOver && { walk: null }', replace: 'false' }],
	},
	{
		name: 'commits do not wait for the disk',
		kind: 'loss',
		look: 'forwarder/store/sqlite',
		edits: [
			{
				file: 'forwarder/store/open.ts',
				at: 'checked',
				find: 'db.exec($sql)',
				replace: "db.exec(($sql).replace('FULL', 'NORMAL'))",
			},
		],
	},
	{
		name: 'state opened for writing by who only looks',
		kind: 'rule',
		look: 'forwarder/store/sqlite',
		edits: [
			{
				file: 'forwarder/store/open.ts',
				at: 'readState',
				find: 'besideOwner(path, true)',
				replace: 'besideOwner(path, false)',
			},
		],
	},
	{
		name: 'a position at which everything fails is kept for ever',
		kind: 'loss',
		look: 'polling/badPositions',
		edits: [{ file: reading, find: 'return failingAt($a, $b, $c, $d, $e);', replace: 'throw $d;' }],
	},
	{
		name: 'a position given up because the provider is down',
		kind: 'rule',
		look: 'polling/badPositions',
		edits: [{ file: reading, find: 'if (!works) throw error;', replace: '' }],
	},
	{
		name: 'an absurd position kept and sent',
		kind: 'rule',
		look: 'polling/badPositions',
		edits: [{ file: steps, at: 'isUsable', replace: '{ return true; }' }],
	},
	{
		name: 'an event shipped of which a part was left out',
		kind: 'loss',
		look: 'polling/largePages',
		edits: [{ file: reading, find: 'skim ? withoutCut(page) : page', replace: 'page' }],
	},
	{
		name: 'a page that is too large taken for an empty one',
		kind: 'loss',
		look: 'polling/largePages',
		edits: [
			{
				file: reading,
				find: "return { kind: 'tooLarge', walk: less, reason: error.message };",
				replace: "return { kind: 'page', page: { events: [], invalid: [] }, walk };",
			},
		],
	},
	{
		name: 'a list without tokens cut by a size that the server may not take',
		kind: 'loss',
		look: 'polling/largePages',
		edits: [
			{
				file: 'providers/arpio/source.ts',
				find: 'token === undefined ? Math.min(size, sizes.usual) : size',
				replace: 'size',
			},
		],
	},
	{
		name: 'letters of two destinations retried in one batch',
		kind: 'loss',
		look: 'forwarder/store/deadLetters',
		edits: [{ file: 'forwarder/store/deadLetters.ts', find: 'batch.destinations[0] === destination', replace: 'true' }],
	},
	{
		name: 'any JSON taken for an acknowledgement',
		kind: 'loss',
		look: 'forwarder/sink/answer',
		edits: [
			{ file: 'otlp/response.ts', find: 'Object.keys(answer).length === 0 ? NOTHING : undefined', replace: 'NOTHING' },
		],
	},
	{
		name: 'a search that trusts counts which contradict each other',
		kind: 'loss',
		look: 'forwarder/sink/partialSuccess',
		edits: [
			{
				file: 'otlp/search.ts',
				find: '$a || $b || rejected > items.length',
				replace: 'false',
			},
		],
	},
	{
		name: 'what a search leaves in doubt forgotten',
		kind: 'loss',
		look: 'forwarder/sink/partialSuccess',
		edits: [{ file: 'otlp/search.ts', find: 'this.#all.filter((item) => !known.has(item))', replace: '[]' }],
	},
	{
		name: 'a search without an end',
		kind: 'repeat',
		look: 'forwarder/sink/partialSuccess',
		edits: [{ file: 'otlp/search.ts', find: 'least > this.#budget', replace: 'false' }],
	},
	{
		name: 'an id known only at the time it was listed with',
		kind: 'repeat',
		look: 'polling/repeats',
		edits: [
			{ file: stream, find: 'for (const id of ids.among(elements.filter(isEvent))) result.add(id);', replace: ';' },
		],
	},
	{
		name: 'ids of before a restart not known at another time',
		kind: 'repeat',
		look: 'polling/repeats',
		edits: [{ file: 'forwarder/store/ledgerIds.ts', at: 'filled', replace: '{ return new IdFilter(LEAST); }' }],
	},
	{
		name: 'unknown ids shipped however old they are',
		kind: 'repeat',
		look: 'polling/repeats',
		edits: [{ file: 'polling/remembered.ts', at: 'floorOf', replace: '{ return -(2n ** 62n); }' }],
	},
	{
		name: 'late events dropped although the ledger would know them',
		kind: 'loss',
		look: 'polling/repeats',
		edits: [{ file: 'polling/remembered.ts', at: 'floorOf', replace: '{ return returnable; }' }],
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
		look: 'forwarder/verify/scheduled',
		edits: [{ file: 'forwarder/verify/scheduled.ts', find: 'due > 0 && due <= everyMs', replace: 'due > 0' }],
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
		name: 'idle receiver connections never closed',
		kind: 'rule',
		look: 'forwarder/sink/connections',
		edits: [{ file: 'forwarder/sink/connections.ts', find: 'timeout: idleMs', replace: '' }],
	},
	{
		name: 'rest of a batch forgotten once one record of it was taken after an outage',
		kind: 'loss',
		look: 'forwarder/sink/outage',
		edits: [{ file: 'forwarder/sink/isolate.ts', find: 'rest.length > 0', replace: 'false' }],
	},
	{
		name: 'whole requests ask whether an outage is over',
		kind: 'rule',
		look: 'forwarder/sink/outage',
		edits: [{ file: 'forwarder/sink/attempts.ts', find: "turn.size === 'one'", replace: 'false' }],
	},
	{
		name: 'status 500 for everything taken for bad records',
		kind: 'rule',
		look: 'forwarder/sink/retries',
		edits: [{ file: 'forwarder/sink/isolate.ts', find: 'line.health.acceptances > seen', replace: 'true' }],
	},
	{
		name: 'the checksum of a batch not compared',
		kind: 'loss',
		look: 'forwarder/store/damage',
		edits: [{ file: 'forwarder/store/damage.ts', at: 'isWhole', replace: '(_row: BatchRow): boolean => true' }],
	},
	{
		name: 'ids not forgotten when a batch is put aside',
		kind: 'loss',
		look: 'forwarder/store/damage',
		edits: [
			{ file: 'forwarder/store/damage.ts', find: 'forgetListed(shared, name, content.events)', replace: 'undefined' },
			{ file: 'forwarder/store/damage.ts', find: 'forgetWithin(shared, name, span)', replace: 'undefined' },
		],
	},
	{
		name: 'a poll that had begun before moves past a damaged batch',
		kind: 'loss',
		look: 'forwarder/store/damage',
		edits: [{ file: 'forwarder/store/damage.ts', find: 'rewound.add(name)', replace: 'undefined' }],
	},
	{
		name: 'polling fills the disk to the brim',
		kind: 'rule',
		look: 'forwarder/store/disk',
		edits: [{ file: 'forwarder/store/room.ts', find: 'backlog.isDiskLow()', replace: 'false' }],
	},
];
