/** Where a stream begins when a clock is wrong: by whichever is behind, ours or the provider's. */
import { arcusErp } from '../../../providers/arcus-erp/provider';
import type { SourceConfig } from '../../../forwarder/config/types';
import { createPoller } from '../../../forwarder/run/poller';
import { arpio } from '../../../providers/arpio/provider';
import type { Clock, Source, SourceEvent } from '../../../core/contract';
import type { Provider } from '../../../core/provider';
import { RequestError } from '../../../core/http/failure';
import { fromMillis } from '../../../core/time';
import { stateFile, type StateFile } from '../../support/stateFile';
import { streamOf } from '../../support/streamOf';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let provider: number;
/** Our clock minus the provider's. */
let ahead: number;
let isDown: boolean;
let listed: SourceEvent[];
let requests: number;
let file: StateFile;
const stop = new AbortController();
const clock: Clock = { now: () => provider + ahead, sleep: async () => {} };

beforeEach(() => {
	provider = Date.parse('2026-02-11T16:00:00.700Z');
	ahead = 0;
	isDown = false;
	listed = [];
	requests = 0;
	file = stateFile(() => clock.now());
});
afterEach(() => file.remove());

const source: Source = {
	onRejected: 'restart',
	async page({ lower }) {
		requests++;
		if (isDown) throw new RequestError({ method: 'GET', path: '/', kind: 'network', code: 'ECONNREFUSED' });
		const serverTime = fromMillis(Math.floor(provider / 1000) * 1000);
		return { events: listed.filter(({ time }) => time >= lower), invalid: [], serverTime };
	},
};

function happen(agoMs: number): string {
	const id = `e${listed.length}`;
	listed.push({ id, time: fromMillis(provider - agoMs), raw: '{}', json: {} });
	return id;
}

/** As after a start of the process. */
function started(start: { agoMs: number } | { atMs: number }, provider: Provider = arpio) {
	const store = file.open();
	const config: SourceConfig = {
		name: 'erp',
		provider: arcusErp,
		baseUrl: 'https://api.example.com',
		settings: {},
		sizes: { pageSize: 100 },
		secrets: {},
		...('agoMs' in start
			? { start: fromMillis(clock.now() - start.agoMs), startAgeMs: start.agoMs }
			: { start: fromMillis(start.atMs) }),
		pollIntervalMs: MINUTE,
		latenessMs: 10 * MINUTE,
		pastLatenessMs: 10 * MINUTE,
		rateLimit: { requestsPerMinute: 60, maxConcurrent: 1, retries: 0, reserve: 0 },
		dropReads: false,
		redact: [],
		destinations: ['siem'],
	};
	const stream = streamOf(store, { name: 'erp', fingerprint: 'f', destinations: ['siem'] });
	const aheadOf: number[] = [];
	const poller = createPoller({
		...{ config, provider, source, store: stream, clock, random: () => 0.5, note: async () => {} },
		report: { startAhead: (_source, _start, ms) => aheadOf.push(ms) },
	});
	const waiting = () => store.outbox('siem').pending(0, 100);
	return {
		poller,
		aheadOf,
		load: stream.load,
		once: () => poller.once(stop.signal),
		shipped: async () => (await waiting()).flatMap(({ events }) => events.map(({ id }) => id)),
		told: async () => (await waiting()).flatMap(({ gaps }) => gaps.map(({ detail }) => detail)),
	};
}

test.each([
	['an hour', 'now', HOUR, 0],
	['30 days', '7d', 30 * DAY, 7 * DAY],
])('our clock is %s ahead, start: %s: every event arrives', async (_ahead, _start, aheadMs, agoMs) => {
	ahead = aheadMs;
	const { once, shipped, told, aheadOf, load } = started({ agoMs });
	const ids = agoMs > 0 ? [happen(agoMs - HOUR), happen(MINUTE)] : [];
	for (let i = 0; i < 20; i++) {
		await once();
		provider += MINUTE;
		ids.push(happen(1));
	}
	await once();
	expect(await shipped()).toEqual(ids);
	expect((await load())!.start).toBe(fromMillis(Date.parse('2026-02-11T16:00:00Z') - agoMs));
	expect([(await told()).length, aheadOf]).toEqual([1, []]);
});

test('with right clocks the start is the configured one, to the second, and one request tells', async () => {
	const { once, load } = started({ agoMs: 7 * DAY });
	await once();
	expect((await load())!.start).toBe(fromMillis(Math.floor(provider / 1000) * 1000 - 7 * DAY));
	expect(requests).toBe(2);
	await once();
	expect(requests).toBe(3);
});

test('a provider that is down at the first start moves no start, whenever the process starts again', async () => {
	isDown = true;
	await started({ agoMs: 0 }).once();
	const missed = happen(-MINUTE);
	provider += HOUR;
	isDown = false;
	const { once, shipped } = started({ agoMs: 0 });
	await once();
	expect(await shipped()).toEqual([missed]);
});

test('a start chosen by a clock that was ahead, while the provider was down, is corrected by its first answer and said', async () => {
	[isDown, ahead] = [true, HOUR];
	await started({ agoMs: 0 }).once();
	[isDown, ahead] = [false, 0];
	const { once, shipped, told, load } = started({ agoMs: 0 });
	await once();
	provider += MINUTE;
	const id = happen(1);
	await once();
	expect(await shipped()).toEqual([id]);
	expect((await load())!.start).toBe(fromMillis(Math.floor((provider - MINUTE) / 1000) * 1000));
	expect((await told())[1]).toMatch(
		/^collection starts at \S+, not at \S+: this machine's clock was ahead of the provider's$/,
	);
});

test('what was read from a start on leaves it where it is, also when the clock jumps', async () => {
	const id = happen(MINUTE);
	const first = started({ agoMs: 2 * MINUTE });
	await first.once();
	const before = (await first.load())!.start;
	provider += 30 * MINUTE;
	await first.once();
	ahead = -HOUR;
	const { once, shipped, load } = started({ agoMs: 2 * MINUTE });
	await once();
	expect([await shipped(), (await load())!.start]).toEqual([[id], before]);
});

test('a start written as an instant is kept; that it is in the future of the provider is said', async () => {
	ahead = HOUR;
	const atMs = provider + 50 * MINUTE;
	const { once, aheadOf, load } = started({ atMs });
	await once();
	expect((await load())!.start).toBe(fromMillis(atMs));
	expect(aheadOf).toEqual([50 * MINUTE + 700]);
});

test('a stream that is begun for a back-fill begins where the provider is through, by its own clock', async () => {
	ahead = HOUR;
	const { poller, load } = started({ agoMs: 0 });
	await poller.begin();
	expect((await load())!.start).toBe(fromMillis(Math.floor(provider / 1000) * 1000 - 10 * MINUTE));
});

test('a back-fill has an end to fill up to, also while the provider is down', async () => {
	isDown = true;
	const { poller, load } = started({ agoMs: 0 });
	await poller.begin();
	expect((await load())!.start).toBe(fromMillis(provider - 10 * MINUTE));
});

test('a provider that cannot be read without loss says so where its stream begins', async () => {
	const { once, told } = started({ agoMs: 0 }, { ...arpio, lossy: 'rows slip between two pages' });
	await once();
	expect(await told()).toEqual([
		expect.stringContaining('not collected; later ones can be lost: rows slip between two pages'),
	]);
});
