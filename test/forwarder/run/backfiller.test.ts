import type { JobChange, JobStore } from '../../../core/walk/backfill';
import type { Page, Source } from '../../../core/contract';
import { RequestError } from '../../../core/http/failure';
import { fromMillis } from '../../../core/time';
import { createBackfiller, type BackfillNotice } from '../../../forwarder/run/backfill';
import { BackfillEnded } from '../../../forwarder/store/backfill';
import { simClock } from '../../support/clock';
import { arpio } from '../../../providers/arpio/provider';

const HOUR = 3_600_000_000_000n;

/** A job of three hours, long past, and a provider that answers in turn. */
function setUp(...answers: Error[]) {
	const clock = simClock();
	const slept: number[] = [];
	const notices: BackfillNotice[] = [];
	const stop = new AbortController();
	const from = fromMillis(clock.now()) - 100n * HOUR;
	let job: { from: bigint; to: bigint; done: bigint; width: bigint } | undefined;
	const ask = () => (job = { from, to: from + 3n * HOUR, done: from, width: HOUR });
	const changes: JobChange[] = [];
	const store: JobStore = {
		load: async () => job && { ...job },
		covered: async () => [],
		seen: async () => new Set(),
		room: async () => undefined,
		commit: async (change) => {
			if (!job) throw new BackfillEnded('cancelled');
			changes.push(change);
			job = change.finished ? undefined : { ...job, done: change.done };
		},
	};
	const page: Page = { events: [], invalid: [] };
	const source: Source = {
		onRejected: 'restart',
		page: async () => {
			const answer = answers.shift();
			if (answer) throw answer;
			return page;
		},
	};
	const backfiller = createBackfiller({
		provider: arpio,
		source,
		store,
		clock: {
			now: clock.now,
			sleep: async (ms, signal) => {
				slept.push(ms);
				if (slept.length > 20) stop.abort();
				await clock.sleep(ms, signal);
			},
		},
		random: () => 0,
		options: { lateness: 0n, maxPages: 100, keepSeen: 0n },
		pollIntervalMs: 60_000,
		report: (notice) => notices.push(notice),
	});
	const kinds = () => notices.map(({ kind }) => kind).filter((kind) => kind !== 'page');
	return { ask, cancel: () => (job = undefined), backfiller, stop, slept, kinds, changes, source };
}

const status = (code: number) => new RequestError({ method: 'GET', path: '/x', kind: 'http', status: code });

test('a job is read to its end, and that is all', async () => {
	const { ask, backfiller, stop, kinds, slept } = setUp();
	ask();
	expect(await backfiller.finish(stop.signal)).toBeUndefined();
	expect(kinds()).toEqual(['partition', 'partition', 'partition', 'finished']);
	expect(slept).toEqual([]);
});

test('a transient failure is waited out, longer each time', async () => {
	const { ask, backfiller, stop, kinds, slept } = setUp(status(500), status(503), status(500));
	ask();
	expect(await backfiller.finish(stop.signal)).toBeUndefined();
	expect(kinds()).toEqual(['failed', 'failed', 'failed', 'partition', 'partition', 'partition', 'finished']);
	expect(slept).toEqual([7500, 15_000, 30_000]);
});

test('a refusal ends the command, with what to do', async () => {
	const { ask, backfiller, stop } = setUp(status(401));
	ask();
	expect(await backfiller.finish(stop.signal)).toMatchObject({
		kind: 'refused',
		fix: expect.stringContaining('apiKey') as string,
	});
});

test('a refusal does not end the daemon: it probes slowly', async () => {
	const { ask, backfiller, stop, slept, kinds } = setUp(status(401));
	ask();
	await backfiller.run(stop.signal);
	expect(slept[0]).toBe(150_000);
	expect(kinds()).toEqual(['failed', 'partition', 'partition', 'partition', 'finished']);
});

test('a job that is cancelled while a page is read is not a failure', async () => {
	const { ask, cancel, backfiller, stop, kinds, changes, source } = setUp();
	ask();
	const { page } = source;
	source.page = (...args) => {
		cancel();
		return page(...args);
	};
	expect(await backfiller.finish(stop.signal)).toBeUndefined();
	expect(kinds()).toEqual([]);
	expect(changes).toEqual([]);
});
