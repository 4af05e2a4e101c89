import { arpio } from '../../../providers/arpio/provider';
import { anchors } from '../../../providers/auditapi/anchors';
import type { Page, Position, Range, Source } from '../../../core/contract';
import { PositionRejected, RequestError } from '../../../core/http/failure';
import { fromMillis, SECOND } from '../../../core/time';
import { beginStream, sweep } from '../../../core/walk/stream';
import type { StreamStore, WalkOptions } from '../../../core/walk/contract';
import { poll } from '../../../core/walk/walk';
import { findLetter, listLetters } from '../../../forwarder/store/sqlite/deadLetters';
import { readState } from '../../../forwarder/store/sqlite/open';
import type { Store } from '../../../forwarder/store/contract';
import { arpioApi, arpioSandboxKey, type ArpioApi } from '../../../sandbox/arpio/api';
import { arpioAccountId, arpioEvent } from '../../../sandbox/arpio/events';
import { simClock, type SimClock } from '../../support/clock';
import { simCall } from '../../support/simCall';
import { stateFile, type StateFile } from '../../support/stateFile';
import { door } from '../../support/door';
import { streamOf } from '../../support/streamOf';

const MINUTE = 60_000;
const LATENESS = 10 * MINUTE;

let clock: SimClock;
let api: ArpioApi;
let file: StateFile;
let store: Store;
let stream: StreamStore;
let source: Source;
let requests: { range: Range; position?: Position }[];
const options: WalkOptions = { lateness: fromMillis(LATENESS), maxPages: 100, keepSeen: 0n };

beforeEach(async () => {
	clock = simClock();
	api = arpioApi({ clock });
	file = stateFile(() => clock.now());
	requests = [];
	const headers = arpio.authorize({ apiKey: `${arpioSandboxKey.id}:${arpioSandboxKey.secret}` });
	const inner = arpio.source(simCall(api, clock, headers), { accountId: arpioAccountId }, { pageSize: 3 }, door);
	source = {
		...inner,
		page: (range, position, signal) => {
			requests.push({ range, position });
			return inner.page(range, position, signal);
		},
	};
	restart();
	await beginStream(stream, fromMillis(clock.now() - 60 * MINUTE), fromMillis(clock.now()));
});

afterEach(() => file.remove());

function restart(): void {
	store = file.open();
	stream = streamOf(store, { name: 'dr', fingerprint: 'f', destinations: ['siem'] });
}

/** An event of `agoMs` before now. */
function happen(id: string, agoMs = 0, visibleInMs = 0): void {
	const micros = Math.round((clock.now() - agoMs) * 1000);
	const { raw } = arpioEvent({
		id,
		micros,
		accountId: arpioAccountId,
		type: 'updateApplication',
		url: '',
		statusCode: 200,
	});
	api.log.add({ id, micros, raw, visibleAt: clock.now() + visibleInMs });
}

async function pollNow(given: Partial<WalkOptions> = {}, from = source): Promise<void> {
	await poll({ source: from, store: stream, clock, options: { ...options, ...given } });
}

/** Ids in the outbox, in commit order: each copy counts. */
async function shipped(): Promise<string[]> {
	return (await store.outbox('siem').pending(0, 1000)).flatMap(({ events }) => events.map(({ id }) => id));
}

const watermarkMs = async () => Number((await stream.load())!.watermark / 1_000_000n);

test('what is visible is shipped at once; the watermark stays the lateness behind now', async () => {
	for (let i = 0; i < 8; i++) happen(`e${i}`, i * MINUTE);
	await pollNow();
	expect((await shipped()).sort()).toEqual(['e0', 'e1', 'e2', 'e3', 'e4', 'e5', 'e6', 'e7']);
	expect(await watermarkMs()).toBe(clock.now() - LATENESS);
	expect((await stream.load())!.walk).toBeUndefined();
});

test('eight events in pages of three take three requests, and no token is sent twice', async () => {
	for (let i = 0; i < 8; i++) happen(`e${i}`, i * MINUTE);
	await pollNow();
	expect(requests).toHaveLength(3);
	expect(new Set(requests.map(({ position }) => JSON.stringify(position))).size).toBe(3);
});

test.each([
	['the provider', 60 * MINUTE, 0],
	['our own machine', 0, 60 * MINUTE],
])(
	'the clock of %s runs ahead for a while: the watermark passes nothing that is still to come',
	async (_whose, dateSkewMs, ownMs) => {
		api.switches.dateSkewMs = dateSkewMs;
		const ahead = { ...clock, now: () => clock.now() + ownMs };
		await poll({ source, store: stream, clock: ahead, options });
		expect(await watermarkMs()).toBe(clock.now() - LATENESS);
		api.switches.dateSkewMs = 0;
		clock.advance(5 * MINUTE);
		happen('meanwhile', MINUTE);
		await pollNow();
		expect(await shipped()).toEqual(['meanwhile']);
	},
);

test('an event that becomes visible late, within the lateness, is shipped once', async () => {
	happen('on time');
	happen('late', 0, LATENESS - 1000);
	await pollNow();
	for (let i = 0; i < 15; i++) {
		clock.advance(MINUTE);
		await pollNow();
	}
	expect(await shipped()).toEqual(['on time', 'late']);
});

test('equal timestamps across pages and polls: each once', async () => {
	for (let i = 0; i < 7; i++) happen(`tie${i}`);
	await pollNow();
	happen('tie late');
	await pollNow();
	expect((await shipped()).sort()).toEqual(['tie late', ...Array.from({ length: 7 }, (_, i) => `tie${i}`)]);
});

test('a quiet stream advances, and a future event does not move the watermark', async () => {
	happen('tomorrow', -24 * 60 * MINUTE);
	await pollNow();
	clock.advance(30 * MINUTE);
	await pollNow();
	expect(await shipped()).toEqual(['tomorrow']);
	expect(await watermarkMs()).toBe(clock.now() - LATENESS);
});

test('a walk that fails in the middle goes on where it was, after a restart too, without loss or repeat', async () => {
	for (let i = 0; i < 8; i++) happen(`e${i}`, i * MINUTE);
	const before = await watermarkMs();
	const failing: Source = { ...source, page: failAt(3) };
	await expect(pollNow({}, failing)).rejects.toThrow(/status 500/);
	expect(await watermarkMs()).toBe(before);
	restart();
	requests = [];
	await pollNow();
	expect(requests).toHaveLength(1);
	expect((await shipped()).sort()).toEqual(['e0', 'e1', 'e2', 'e3', 'e4', 'e5', 'e6', 'e7']);
});

test('an expired token means the same window again, never the end of it', async () => {
	for (let i = 0; i < 8; i++) happen(`e${i}`, i * MINUTE);
	const slow: Source = {
		...source,
		page: async (...args) => {
			if (requests.length === 2) clock.advance(api.switches.tokenExpiryMs + 1000);
			return source.page(...args);
		},
	};
	await pollNow({}, slow);
	expect((await shipped()).sort()).toEqual(['e0', 'e1', 'e2', 'e3', 'e4', 'e5', 'e6', 'e7']);
	expect(requests.map(({ position }) => position === undefined)).toEqual([true, false, false, true, false, false]);
});

test('a window whose tokens never last is cut in halves until it fits', async () => {
	for (let i = 0; i < 20; i++) happen(`e${i}`, i * MINUTE);
	api.switches.tokenExpiryMs = -1;
	await pollNow();
	expect((await shipped()).sort()).toEqual(Array.from({ length: 20 }, (_, i) => `e${i}`).sort());
	expect(await watermarkMs()).toBe(Math.floor((clock.now() - LATENESS) / 1000) * 1000);
});

test('a window of more pages than allowed is cut in halves that share their boundary', async () => {
	for (let i = 0; i < 20; i++) happen(`e${i}`, i * MINUTE);
	await pollNow({ maxPages: 3 });
	expect((await shipped()).sort()).toEqual(Array.from({ length: 20 }, (_, i) => `e${i}`).sort());
});

test('a provider without a clock: what became visible while its answer was on its way stays ahead of the watermark', async () => {
	const asked = clock.now();
	const slow: Source = {
		onRejected: 'restart',
		page: async () => {
			clock.advance(8 * MINUTE);
			return { events: [], invalid: [] };
		},
	};
	await pollNow({}, slow);
	expect(await watermarkMs()).toBe(asked - LATENESS);
});

test('a window of one instant whose tokens never last ends the poll with an error, not in an endless loop', async () => {
	for (let i = 0; i < 7; i++) happen(`tie${i}`, 20 * MINUTE);
	api.switches.tokenExpiryMs = -1;
	await expect(pollNow()).rejects.toThrow(/goes on refusing/);
	await expect(pollNow()).rejects.toThrow(/goes on refusing/);
	api.switches.tokenExpiryMs = 15 * MINUTE;
	await pollNow();
	expect((await shipped()).sort()).toEqual(Array.from({ length: 7 }, (_, i) => `tie${i}`));
	expect(await watermarkMs()).toBeGreaterThan(clock.now() - LATENESS - MINUTE);
});

test('a window of one instant that needs more pages than allowed ends the poll with an error', async () => {
	for (let i = 0; i < 20; i++) happen(`tie${i}`, 20 * MINUTE);
	await expect(pollNow({ maxPages: 3 })).rejects.toThrow(/does not end/);
	await pollNow();
	expect(await shipped()).toHaveLength(20);
});

test('events of one instant are known as long as one of them is the anchor of a climb, however old they are', async () => {
	const events = ['a', 'b'].map((id) => ({ id, time: fromMillis(clock.now()), raw: '{}', json: {} }));
	const serverTime = () => fromMillis(clock.now());
	const climbing: Source = {
		onRejected: 'continueBelowOldest',
		reach: SECOND,
		memory: anchors,
		// the list has b above a
		page: async (_range, position) => ({
			events: position === undefined ? [...events].reverse() : position['before'] === 'a' ? [events[1]!] : [],
			invalid: [],
			serverTime: serverTime(),
		}),
	};
	for (let i = 0; i < 5; i++) {
		await pollNow({}, climbing);
		clock.advance(60 * MINUTE);
	}
	expect((await shipped()).sort()).toEqual(['a', 'b']);
});

test('an event at the watermark itself is not an anchor: another one of that instant may still come and stand below it', async () => {
	const edge = { id: 'edge', time: fromMillis(clock.now() - LATENESS), raw: '{}', json: {} };
	const positions: (Position | undefined)[] = [];
	const climbing: Source = {
		onRejected: 'continueBelowOldest',
		memory: anchors,
		page: async (_range, position) => {
			positions.push(position);
			const events = position ? [] : positions.length === 1 ? [edge] : [edge, { ...edge, id: 'same instant' }];
			return { events, invalid: [], serverTime: fromMillis(clock.now()) };
		},
	};
	await pollNow({}, climbing);
	await pollNow({}, climbing);
	clock.advance(1);
	await pollNow({}, climbing);
	await pollNow({}, climbing);
	expect(await shipped()).toEqual(['edge', 'same instant']);
	expect(positions).toEqual([undefined, undefined, undefined, { before: 'edge' }]);
});

test('an element without a time is never what a climb begins at: it could stand above everything', async () => {
	const { id: bad, raw, reason } = { id: 'bad', raw: '{"id":"bad"}', reason: 'no timestamp' };
	const positions: (Position | undefined)[] = [];
	const climbing: Source = {
		onRejected: 'continueBelowOldest',
		memory: anchors,
		page: async (_range, position) => {
			positions.push(position);
			const good = { id: 'good', time: fromMillis(clock.now() - MINUTE), raw: '{}', json: {} };
			const events = positions.length === 1 ? [good] : [];
			return { events, invalid: [{ id: bad, raw, reason }], serverTime: fromMillis(clock.now()) };
		},
	};
	for (let i = 0; i < 4; i++) {
		await pollNow({}, climbing);
		clock.advance(60 * MINUTE);
	}
	expect(positions).toEqual([undefined, undefined, { before: 'good' }, { before: 'good' }]);
	expect((await store.summary()).streams).toMatchObject([{ deadLetters: 1 }]);
});

test('a repeated token stops the walk with an error; what was read is safe and nothing is lost', async () => {
	for (let i = 0; i < 8; i++) happen(`e${i}`, i * MINUTE);
	api.switches.repeatToken = true;
	await expect(pollNow()).rejects.toThrow(/same position twice/);
	expect(await watermarkMs()).toBe(clock.now() - 60 * MINUTE);
	api.switches.repeatToken = false;
	await pollNow();
	expect((await shipped()).sort()).toEqual(['e0', 'e1', 'e2', 'e3', 'e4', 'e5', 'e6', 'e7']);
});

test('an empty page with a token is not the end', async () => {
	for (let i = 0; i < 8; i++) happen(`e${i}`, i * MINUTE);
	api.switches.emptyPageEvery = 2;
	await pollNow();
	expect(await shipped()).toHaveLength(8);
});

test('a sweep over the past ships what came later than promised, and leaves the watermark alone', async () => {
	happen('very late', 0, 2 * LATENESS);
	for (let i = 0; i < 30; i++) {
		clock.advance(MINUTE);
		await pollNow();
	}
	expect(await shipped()).toEqual([]);
	const before = await stream.load();
	const range = { lower: fromMillis(clock.now() - 50 * MINUTE), upper: before!.watermark };
	await sweep({ source, store: stream, clock, options }, range);
	expect(await shipped()).toEqual(['very late']);
	expect(await stream.load()).toEqual(before);
});

test('dropped events are not shipped, redacted ones are stored redacted', async () => {
	happen('noise');
	happen('kept');
	await pollNow({
		drop: ({ id }) => id === 'noise',
		redact: () => '{"redacted":true}',
	});
	const [batch] = (await store.outbox('siem').pending(0, 10)).slice(1);
	expect(batch!.events).toMatchObject([{ id: 'kept', raw: '{"redacted":true}', json: { redacted: true } }]);
});

test('what the filter cannot judge is shipped, and stops nothing', async () => {
	happen('odd');
	await pollNow({
		drop: () => {
			throw new TypeError('no such field');
		},
	});
	expect(await shipped()).toEqual(['odd']);
});

test('what is not an event is redacted as well before it is stored', async () => {
	api.log.add({ id: 'bad', micros: clock.now() * 1000, raw: '{"eventId":"bad","timestamp":"soon","key":"s3cret"}' });
	await pollNow({ redact: (text) => text.replace('s3cret', '[REDACTED]') });
	const db = readState(file.path);
	const [letter] = listLetters(db, {}, 1).letters;
	expect(findLetter(db, letter!.id)!.raw).toBe('{"eventId":"bad","timestamp":"soon","key":"[REDACTED]"}');
	db.close();
});

test('an element without a time goes to the dead letters once, and the page goes on', async () => {
	happen('good');
	api.log.add({ id: 'bad', micros: clock.now() * 1000, raw: '{"eventId":"bad","timestamp":"soon"}' });
	await pollNow();
	await pollNow();
	expect(await shipped()).toEqual(['good']);
	expect((await store.summary()).streams).toMatchObject([{ deadLetters: 1 }]);
});

test('events from before the configured start are not collected', async () => {
	const page: Page = { events: [], invalid: [], serverTime: fromMillis(clock.now()) };
	const old = { id: 'old', time: fromMillis(clock.now()) - 3600n * SECOND - 1n, raw: '{}', json: {} };
	await pollNow(
		{},
		{
			onRejected: 'restart',
			page: async () => ({ ...page, events: [old, { ...old, id: 'edge', time: old.time + 1n }] }),
		},
	);
	expect(await shipped()).toEqual(['edge']);
});

describe('newest-first lists with ids as cursors', () => {
	const at = (minutesAgo: number) => fromMillis(clock.now() - minutesAgo * MINUTE);
	const page = (ids: number[], next?: number): Page => ({
		events: ids.map((ago) => ({ id: `m${ago}`, time: at(ago), raw: '{}', json: {} })),
		invalid: [],
		serverTime: fromMillis(clock.now()),
		...(next !== undefined && { next: { cursor: `m${next}` } }),
	});

	test('a deleted cursor: the walk goes on below the last event but one, and the watermark still reaches its goal', async () => {
		const ranges: Range[] = [];
		const answers = [page([1, 2], 2), new PositionRejected('gone'), page([2, 3])];
		await pollNow({}, scripted(answers, ranges));
		expect(ranges.map(({ upper }) => upper)).toEqual([undefined, undefined, at(1)]);
		expect(await shipped()).toEqual(['m1', 'm2', 'm3']);
		expect(await watermarkMs()).toBe(clock.now() - LATENESS);
	});

	test('a cursor deleted before anything was read: the window again', async () => {
		const ranges: Range[] = [];
		const empty = { ...page([]), next: { cursor: 'x' } };
		await pollNow({}, scripted([empty, new PositionRejected('gone'), page([1])], ranges));
		expect(ranges.map(({ upper }) => upper)).toEqual([undefined, undefined, undefined]);
		expect(await shipped()).toEqual(['m1']);
	});

	function scripted(answers: (Page | PositionRejected)[], ranges: Range[]): Source {
		return {
			onRejected: 'continueBelowOldest',
			page: async (range) => {
				ranges.push(range);
				const answer = answers.shift()!;
				if (answer instanceof PositionRejected) throw answer;
				return answer;
			},
		};
	}
});

/** From the n-th request on. */
function failAt(number: number): Source['page'] {
	return (...args) => {
		if (requests.length >= number - 1) {
			requests.push({ range: args[0] });
			throw new RequestError({ method: 'GET', path: '/', kind: 'http', status: 500 });
		}
		return source.page(...args);
	};
}
