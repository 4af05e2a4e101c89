/** What is counted and remembered for metrics and health, apart from the state file. */
import type { RelayReport } from '../../../forwarder/run/report';
import { both, createMonitor } from '../../../forwarder/run/monitor';
import { createSnapshots, streamState } from '../../../forwarder/run/snapshot';
import { holdingOf, together } from '../../../forwarder/run/holding';
import { watchStore } from '../../../forwarder/run/watchStore';
import { fromMillis } from '../../../core/time';
import { simClock } from '../../support/clock';
import { stateFile } from '../../support/stateFile';
import { streamOf } from '../../support/streamOf';

const MINUTE = 60_000;
const page = {
	kind: 'page' as const,
	events: 20,
	fresh: 3,
	dropped: 2,
	invalid: 1,
	replaced: 1,
	late: 1,
	forgotten: 0,
};
const failed = { kind: 'transient' as const, message: 'no connection', waitMs: 1000 };

describe('monitor', () => {
	test('adds up pages, refused positions and polls', () => {
		const clock = simClock();
		const { report, of } = createMonitor({ clock });
		report.progress!('dr', page);
		clock.advance(5000);
		report.progress!('dr', { ...page, fresh: 0 });
		report.progress!('dr', { kind: 'rejected', why: 'refused', reason: 'expired' });
		report.pollFailed!('dr', failed, 10);
		expect(of('dr')).toMatchObject({
			read: 40,
			fresh: 3,
			dropped: 4,
			invalid: 2,
			replaced: 2,
			rejected: 1,
			failure: failed,
		});
		expect(of('dr').lastFresh).toBe(clock.now() - 5000);
		expect(streamState({ counts: of('dr') })).toBe('failing');
		report.pollSucceeded!('dr', 10);
		expect(of('dr').polls).toEqual({ succeeded: 1, transient: 1, refused: 0, fatal: 0 });
		expect(streamState({ counts: of('dr') })).toBe('ok');
		expect(streamState({ counts: of('erp') })).toBe('starting');
	});

	test('pages of a back-fill count, and are not a sign that something happens now', () => {
		const { report, of } = createMonitor({ clock: simClock() });
		report.backfill!('dr', { kind: 'page', progress: page });
		report.backfill!('dr', { kind: 'page', progress: { kind: 'rejected', why: 'refused', reason: 'expired' } });
		report.backfill!('dr', { kind: 'finished' });
		expect(of('dr')).toMatchObject({ read: 20, fresh: 3, dropped: 2, invalid: 1, rejected: 1 });
		expect(of('dr').lastFresh).toBeUndefined();
	});

	test('tells how many events older than what is remembered the last poll that ended well was shown', () => {
		const { report, of } = createMonitor({ clock: simClock() });
		const shown = () => [of('dr').forgotten, of('dr').forgottenLately];
		report.progress!('dr', { ...page, forgotten: 3 });
		report.progress!('dr', { ...page, forgotten: 4 });
		expect(shown()).toEqual([7, 0]);
		report.pollSucceeded!('dr', 10);
		expect(shown()).toEqual([7, 7]);
		report.progress!('dr', { ...page, forgotten: 2 });
		report.pollFailed!('dr', failed, 10);
		expect(shown()).toEqual([9, 7]);
		report.pollSucceeded!('dr', 10);
		expect(shown()).toEqual([9, 2]);
		report.pollSucceeded!('dr', 10);
		expect(shown()).toEqual([9, 0]);
		expect(of('dr').late).toBe(3);
	});

	test('a failure has begun with the first of those in a row, also one of background work', () => {
		const clock = simClock();
		const { report, of } = createMonitor({ clock });
		const begun = clock.now();
		const failAll = () => {
			report.pollFailed!('dr', failed, 10);
			report.backfill!('dr', { kind: 'failed', failure: failed });
			report.verify!('dr', { kind: 'failed', failure: failed });
		};
		failAll();
		clock.advance(MINUTE);
		failAll();
		const since = { ...failed, sinceMs: begun };
		expect(of('dr')).toMatchObject({ failure: since, background: { backfill: since, verify: since } });
		report.pollSucceeded!('dr', 10);
		report.backfill!('dr', { kind: 'page', progress: page });
		report.verify!('dr', { kind: 'verified', result: {} as never });
		expect(of('dr')).toMatchObject({ background: {} });
		failAll();
		expect(of('dr')).toMatchObject({
			failure: { sinceMs: begun + MINUTE },
			background: { verify: { sinceMs: begun + MINUTE } },
		});
	});

	test('a clock more than 2 minutes off is told once, and again only after it was right', () => {
		const clock = simClock();
		const told: [string, number][] = [];
		const { report, of } = createMonitor({ clock, onSkew: (...given) => told.push(given) });
		const read = (skewMs: number) => report.progress!('dr', { ...page, serverTime: fromMillis(clock.now() + skewMs) });
		for (const skewMs of [2 * MINUTE, -2 * MINUTE - 1, -3 * MINUTE, 0, 4 * MINUTE, 4 * MINUTE]) read(skewMs);
		expect(told).toEqual([
			['dr', -2 * MINUTE - 1],
			['dr', 4 * MINUTE],
		]);
		report.progress!('dr', page);
		expect(of('dr').skewMs).toBe(4 * MINUTE);
	});
});

test('two reports both hear everything, also what only one of them listens to', () => {
	const heard: string[] = [];
	const told = both<RelayReport>(
		{ pollSucceeded: () => heard.push('first'), progress: () => heard.push('progress') },
		{ pollSucceeded: (source, tookMs) => heard.push(`second ${source} ${tookMs}`) },
	);
	told.pollSucceeded!('dr', 5);
	told.progress!('dr', page);
	expect(heard).toEqual(['first', 'second dr 5', 'progress']);
	expect(told.delivery).toBeUndefined();
});

describe('with a state file', () => {
	const clock = simClock();
	const file = stateFile(() => clock.now());
	afterAll(() => file.remove());
	const event = { id: '1', time: 5n, raw: '{"ä":1}', json: {} };

	test('a write that fails shows until it succeeds; reads and notes change nothing', async () => {
		const watched = watchStore(file.open(), () => clock.now());
		const stream = streamOf(watched.store, { name: 'dr', fingerprint: 'f', destinations: ['siem'] });
		expect(watched.failure()).toBeUndefined();
		const tooLarge = { start: 1n, watermark: 2n ** 80n };
		await expect(stream.commit(tooLarge)).rejects.toThrow();
		expect(watched.failure()).toEqual({ at: clock.now(), message: expect.any(String) as string });
		await stream.load();
		expect(watched.failure()).toBeDefined();
		await watched.store.notePoll('dr');
		expect(watched.failure()).toBeDefined();
		await stream.commit({ start: 1n, watermark: 2n });
		expect(watched.failure()).toBeUndefined();
	});

	test('a write of a back-fill that fails shows as well; one that was cancelled is not a failure', async () => {
		const watched = watchStore(file.open(), () => clock.now());
		const jobs = watched.store.backfills({ name: 'dr', destinations: ['siem'] });
		await expect(jobs.commit({ done: 1n })).rejects.toThrow('cancelled');
		expect(watched.failure()).toBeUndefined();
		await expect(jobs.commit({ done: 2n ** 80n })).rejects.toThrow();
		expect(watched.failure()).toBeDefined();
	});

	test('ages, lag on the clock of the provider, and batches that nobody takes any more', async () => {
		const store = file.open();
		const stream = streamOf(store, { name: 'erp', fingerprint: 'f', destinations: ['siem', 'gone'] });
		const watermark = fromMillis(clock.now() - 10 * MINUTE);
		await stream.commit({ start: 1n, watermark, fresh: [event], observed: fromMillis(clock.now()) });
		await store.notePoll('erp');
		const monitor = createMonitor({ clock });
		// the provider is 30 s behind: a watermark set by its clock looks older than it is
		monitor.report.progress!('erp', { ...page, serverTime: fromMillis(clock.now() - 30_000) });
		clock.advance(MINUTE);
		const status = { state: 'ok' as const, since: 0, inFlight: { dr: 1 }, consecutiveFailures: 0 };
		const source = { name: 'erp', provider: 'arcus-erp' as const, latenessMs: 1, pollIntervalMs: 1 };
		const look = createSnapshots({
			destinations: () => [{ name: 'siem', endpoint: 'https://siem.example', headers: {} }],
			...{ clock, env: {} },
			holding: holdingOf(
				{
					status: () => ({
						...{ sources: [source as never], refused: new Map(), domains: new Map() },
						deliveries: new Map([['siem', status]]),
					}),
				},
				watchStore(store, () => clock.now()),
			),
			monitor,
			stop: new AbortController().signal,
		});
		expect(await look()).toMatchObject({
			streams: [
				{
					name: 'erp',
					watermarkLagMs: 11 * MINUTE - 30_000,
					// of which a millisecond is lateness
					lagMs: 11 * MINUTE - 30_001,
					lastSuccessAgeMs: MINUTE,
					oldestUnacknowledgedMs: MINUTE,
					stored: { waiting: 2, waitingBytes: 8 },
				},
			],
			destinations: [{ name: 'siem', waiting: 1, oldestUnacknowledgedMs: MINUTE, inFlight: 1 }],
			orphans: [{ name: 'gone', waiting: 1 }],
			stopping: false,
		});
	});

	test('the state is read at most once a second', async () => {
		let reads = 0;
		const look = createSnapshots({
			destinations: () => [],
			...{ clock, env: {} },
			holding: {
				...together(() => []),
				summary: async () => {
					reads++;
					return { streams: [], destinations: [], past: [], unseen: [], paused: [] };
				},
			},
			monitor: createMonitor({ clock }),
			stop: new AbortController().signal,
		});
		await look();
		clock.advance(900);
		await look();
		expect(reads).toBe(1);
		clock.advance(60_000);
		await look();
		expect(reads).toBe(2);
		clock.advance(-120_000);
		await look();
		expect(reads).toBe(3);
	});
});
