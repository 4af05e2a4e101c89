/** What of a source's configuration reaches those who read its past. */
import { DatabaseSync } from 'node:sqlite';
import type { Range, Source, SourceEvent } from '../../../core/contract';
import { createDomain } from '../../../core/http/politeness';
import type { Integrity } from '../../../core/provider';
import { fromMillis, SECOND } from '../../../core/time';
import type { SourceConfig } from '../../../forwarder/config/types';
import { createGates, type Gates } from '../../../forwarder/run/gates';
import { createRelay } from '../../../forwarder/run/relay';
import type { VerifyNotice } from '../../../forwarder/run/scheduledVerify';
import { askForBackfill } from '../../../forwarder/store/sqlite/backfills';
import { arpio } from '../../../providers/arpio/provider';
import { stateFile, type StateFile } from '../../support/stateFile';
import { TestClock } from '../delivery/support/clock';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LATE_IN_THE_PAST = 2 * HOUR;

let clock: TestClock;
let file: StateFile;
beforeEach(() => {
	clock = new TestClock();
	file = stateFile(() => clock.now());
});
afterEach(() => file.remove());

interface Scene {
	startedAgo: number;
	events?: readonly SourceEvent[];
	gates?: Gates;
}

/** A source that is read from `startedAgo` on, 10 minutes late now, and up to two hours in what has passed. */
async function scene({ startedAgo, events = [], gates }: Scene) {
	const config: SourceConfig = {
		...{ name: 'it', provider: arpio, baseUrl: 'https://api.example.com', settings: { accountId: 'a' }, secrets: {} },
		...{ sizes: { pageSize: 100 }, start: fromMillis(clock.now() - startedAgo), pollIntervalMs: MINUTE },
		...{ latenessMs: 10 * MINUTE, pastLatenessMs: LATE_IN_THE_PAST, verifyEveryMs: 24 * HOUR },
		rateLimit: { requestsPerMinute: 60, maxConcurrent: 1, retries: 0, reserve: 0 },
		...{ dropReads: false, redact: [], destinations: ['siem'] },
	};
	const asked: Range[] = [];
	const source: Source = {
		onRejected: 'restart',
		reach: 0n,
		async page(range) {
			asked.push(range);
			const { lower, upper = fromMillis(clock.now()) } = range;
			return { events: events.filter(({ time }) => time >= lower && time <= upper), invalid: [] };
		},
	};
	const integrity: Integrity = {
		link: ({ hash, previous }) => ({ chain: 'c', hash: String(hash), previous: String(previous), actor: String(hash) }),
		...{ total: async () => undefined, verify: async () => undefined, maxRows: 100 },
	};
	const notices: VerifyNotice[] = [];
	const domain = createDomain({ ...config.rateLimit, clock, random: () => 0.5 });
	const store = file.open();
	const relay = await createRelay({
		...{ config: { sources: [config], resourceAttributes: {} }, store, clock, random: () => 0.5, outlets: [], gates },
		open: async () => ({ provider: arpio, source, background: () => ({ source, integrity }), domain }),
		report: { verify: (_name, notice) => void notices.push(notice) },
	});
	return { relay, asked, notices };
}

it('a back-fill reads only what can no longer change, by the lateness of the past', async () => {
	const begun = clock.now();
	const { relay, asked } = await scene({ startedAgo: 30 * MINUTE });
	const stop = new AbortController();
	await relay.begin('it');
	const start = begun - 30 * MINUTE;
	const db = new DatabaseSync(file.path);
	askForBackfill(db, {
		...{ stream: 'it', asked: '6h', from: fromMillis(start - 6 * HOUR), to: fromMillis(start) },
		now: fromMillis(begun),
	});
	db.close();
	asked.length = 0;
	const filled = relay.backfill('it', stop.signal);
	await clock.pass(HOUR);
	const newest = asked.map(({ upper }) => upper!).reduce((a, b) => (a > b ? a : b));
	// a bound is asked for a second more
	expect(newest).toBeLessThanOrEqual(fromMillis(clock.now() - LATE_IN_THE_PAST) + SECOND);
	stop.abort();
	await filled;
});

it('a check looks for the other end of a link as far away as the past can be late', async () => {
	const time = fromMillis(clock.now() - 30 * MINUTE);
	const linked = (id: string, at: bigint, previous: string): SourceEvent => {
		const json = { id, hash: id, previous };
		return { id, time: at, raw: JSON.stringify(json), json };
	};
	const events = [linked('a', time - 1n, 'first'), linked('c', time, 'b')];
	const { relay, asked, notices } = await scene({ startedAgo: HOUR, events });
	const stop = new AbortController();
	const running = relay.run(stop.signal, 0);
	await clock.pass(HOUR);
	expect(notices).toMatchObject([{ kind: 'verified', result: { verdict: 'broken' } }]);
	expect(asked).toContainEqual({
		lower: time - 2n * fromMillis(LATE_IN_THE_PAST),
		upper: time + 2n * fromMillis(LATE_IN_THE_PAST),
	});
	stop.abort();
	await running;
});

describe('a source that a person has paused', () => {
	/** Reads what is new, of the past too, and checks what it has. */
	async function paused(...args: Parameters<typeof scene>) {
		const gates = createGates();
		const { relay, asked } = await scene({ ...args[0], gates });
		return { gates, relay, asked };
	}

	it('is asked for nothing, of the past neither, from the first moment on', async () => {
		const { gates, relay, asked } = await paused({ startedAgo: HOUR });
		await relay.begin('it');
		const [to, now] = [fromMillis(clock.now() - HOUR), fromMillis(clock.now())];
		const db = new DatabaseSync(file.path);
		askForBackfill(db, { stream: 'it', asked: '9h', from: to - fromMillis(9 * HOUR), to, now });
		db.close();
		asked.length = 0;
		gates.pauseOnly(['it']);
		const stop = new AbortController();
		const running = relay.run(stop.signal, 0);
		await clock.pass(2 * HOUR);
		expect(asked).toEqual([]);
		gates.pauseOnly([]);
		await clock.pass(HOUR);
		// live and past
		expect(asked.some(({ lower }) => lower < to)).toBe(true);
		expect(asked.some(({ upper }) => upper === undefined || upper > now)).toBe(true);
		stop.abort();
		await running;
	});

	it('is polled at once when it is resumed, or when somebody wants it polled', async () => {
		const { gates, relay, asked } = await paused({ startedAgo: HOUR });
		const stop = new AbortController();
		const running = relay.run(stop.signal, 0);
		await clock.pass(0);
		gates.pauseOnly(['it']);
		await clock.pass(HOUR);
		const before = asked.length;
		gates.pauseOnly([]);
		await clock.pass(0);
		expect(asked.length).toBeGreaterThan(before);
		const resumed = asked.length;
		gates.of('it').call();
		await clock.pass(0);
		expect(asked.length).toBeGreaterThan(resumed);
		stop.abort();
		await running;
	});

	it('keeps a single pass from being complete', async () => {
		const { gates, relay, asked } = await paused({ startedAgo: HOUR });
		gates.pauseOnly(['it']);
		const troubles = ['source it: is paused; run audit-relay resume it'];
		const never = new AbortController().signal;
		expect(await clock.until(relay.once(never, 1000))).toEqual(troubles);
		expect(await clock.until(relay.backfill('it', never))).toEqual(troubles);
		expect(asked).toEqual([]);
	});
});
