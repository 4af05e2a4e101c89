/** The pages of one source and of one destination. */
import type { Change } from '../../../../core/walk/contract';
import { fromMillis } from '../../../../core/time';
import { createKnown } from '../../../../forwarder/run/known';
import { createMonitor } from '../../../../forwarder/run/monitor';
import { destinationDetail, sourceDetail } from '../../../../forwarder/server/api/details';
import { readiness } from '../../../../forwarder/server/readiness';
import type { KeptGap } from '../../../../forwarder/store/gaps';
import { simClock } from '../../../support/clock';
import { siem, source } from '../../run/configured';
import { counts, destination, MINUTE, NOW, snapshot, stream } from '../support';

const instant = (ms: number) => fromMillis(NOW + ms);

function scene() {
	const clock = simClock(NOW);
	const knowing = createKnown({ sources: [source], destinations: [siem] }, clock, createMonitor({ clock }));
	const { known } = knowing;
	const covered = [{ from: instant(-90 * MINUTE), to: instant(-80 * MINUTE) }];
	const backfill = {
		...{ id: 3, stream: 'dr', asked: '7d', pages: 4, events: 70, cancelled: false },
		...{
			from: instant(-80 * MINUTE),
			to: instant(-20 * MINUTE),
			done: instant(-50 * MINUTE),
			started: instant(-MINUTE),
		},
	};
	const given = snapshot({
		streams: [
			stream({
				counts: counts({
					failure: { kind: 'refused', message: 'status 401', fix: 'check the key', waitMs: 1, sinceMs: 1, atMs: 2 },
				}),
			}),
		],
		destinations: [
			destination({
				state: 'halted',
				nextProbeAt: NOW + 9,
				lastError: { at: NOW, message: 'status 401', fix: 'check the header' },
			}),
		],
		past: [{ stream: 'dr', start: instant(-100 * MINUTE), covered, backfill }],
	});
	const view = { snapshot: given, problems: readiness(given), known };
	const gap: KeptGap = {
		id: 7,
		stream: 'dr',
		reason: 'retention',
		detail: 'not read in time',
		from: instant(-5000),
		at: instant(0),
	};
	const state = {
		listGaps: async () => ({ total: 1, gaps: [gap] }),
		countLetters: async () => [
			{ stream: 'dr', destination: 'siem', reason: 'too_old', records: 5 },
			{ stream: 'dr', reason: 'invalid_event', records: 1 },
		],
	};
	const commit = (change: Change) => knowing.store.committed('dr', change);
	knowing.store.loaded('dr', { start: instant(-100 * MINUTE), watermark: instant(-12 * MINUTE) });
	return { clock, known, knowing, view, state, commit };
}

test('a source: where it is, what it has met, and how it is configured, without any key', async () => {
	const { view, state, commit } = scene();
	commit({ walk: { windows: [{ lower: instant(-12 * MINUTE) }], pages: 2, rejections: 0, startedAt: instant(0) } });
	const detail = await sourceDetail(view, { name: 'dr', authority: 'full' }, state);
	expect(detail).toMatchObject({
		row: {
			...{ name: 'dr', state: 'refused', severity: 'not_ready' },
			lastError: { at: 2, what: 'status 401', fix: 'check the key' },
		},
		problems: [{ rule: 'source_refused', fix: 'check the key' }],
		counts: { read: 20, fresh: 17, requests: 4 },
		position: {
			startAt: NOW - 100 * MINUTE,
			watermarkAt: NOW - 12 * MINUTE,
			walk: { fromAt: NOW - 12 * MINUTE, toAt: NOW, beganAt: NOW, pages: 2 },
		},
		past: {
			coveredAt: [{ from: NOW - 90 * MINUTE, to: NOW - 80 * MINUTE }],
			backfill: { id: 3, doneAt: NOW - 50 * MINUTE, asked: '7d', isCancelled: false },
		},
		gaps: [{ id: 7, reason: 'retention', fromAt: NOW - 5000, at: NOW }],
		deadLetters: [
			{ reason: 'too_old', destination: 'siem', count: 5 },
			{ reason: 'invalid_event', count: 1 },
		],
		configuration: {
			...{
				name: 'dr',
				provider: 'arpio',
				accountId: 'a1',
				apiKey: '(environment variable ARPIO_API_KEY)',
				start: 'now',
			},
			...{ pollInterval: '1m', lateness: '10m', redact: ['user.email'], destinations: ['siem'] },
		},
	});
	expect(JSON.stringify(detail)).not.toContain('canary');
});

test('a walk that has ended is gone, and the watermark has moved', async () => {
	const { view, state, commit } = scene();
	commit({ walk: { windows: [{ lower: 0n }], pages: 2, rejections: 0 } });
	commit({ walk: null, watermark: instant(-10 * MINUTE) });
	expect((await sourceDetail(view, { name: 'dr', authority: 'full' }, state)).position).toEqual({
		startAt: NOW - 100 * MINUTE,
		watermarkAt: NOW - 10 * MINUTE,
	});
});

test('a walk that comes down from the newest says how far it is, one that does not says nothing of it', async () => {
	const { view, state, knowing, commit } = scene();
	// before its first walk has ended nothing is complete
	knowing.store.loaded('dr', { start: instant(-100 * MINUTE), watermark: instant(-100 * MINUTE) });
	const walk = { pages: 2, rejections: 0, startedAt: instant(0), oldest: instant(-25 * MINUTE) };
	const { lower, middle } = { lower: instant(-100 * MINUTE), middle: instant(-50 * MINUTE) };
	const position = async () => (await sourceDetail(view, { name: 'dr', authority: 'full' }, state)).position;
	commit({ walk: { ...walk, windows: [{ lower }] } });
	expect(await position()).toEqual({
		startAt: NOW - 100 * MINUTE,
		walk: { fromAt: NOW - 100 * MINUTE, toAt: NOW, doneAt: NOW - 25 * MINUTE, beganAt: NOW, pages: 2 },
	});
	commit({ walk: { ...walk, windows: [{ lower, upper: middle }, { lower: middle }] } });
	expect((await position()).walk).not.toHaveProperty('doneAt');
	commit({ walk: { ...walk, begun: { cursor: 'x' }, windows: [{ lower }] } });
	expect((await position()).walk).not.toHaveProperty('doneAt');
});

test('what the last completeness check compared', async () => {
	const { view, state, knowing } = scene();
	view.snapshot.streams[0]!.stored = {
		...{ name: 'dr', shipped: 5, waiting: 0, waitingBytes: 0, deadLetters: 0, doubtful: 0, gaps: 0, gapReasons: {} },
		...{ lastVerdict: 'broken', lastVerdictAt: instant(0) },
	};
	const finding = {
		check: 're-walk' as const,
		verdict: 'broken' as const,
		detail: '1 missing',
		where: [{ id: 'x', why: 'missing' }],
	};
	const result = {
		source: 'dr',
		gaps: [],
		verdict: 'broken' as const,
		reason: '1 missing',
		from: instant(-MINUTE),
		findings: [finding],
	};
	knowing.report.verify!('dr', { kind: 'verified', result });
	expect((await sourceDetail(view, { name: 'dr', authority: 'full' }, state)).verdict).toEqual({
		...{ verdict: 'broken', at: NOW },
		check: {
			...{ reason: '1 missing', fromAt: NOW - MINUTE },
			findings: [{ check: 're-walk', verdict: 'broken', detail: '1 missing' }],
		},
	});
});

test('a destination: what it took, since when it is halted, what it left', async () => {
	const { clock, view, state, knowing } = scene();
	const whereabouts = { address: '', waiting: async () => 0 };
	const tell = (notice: Parameters<NonNullable<typeof knowing.report.delivery>>[1]) =>
		knowing.report.delivery!('siem', notice, whereabouts);
	tell({ kind: 'acknowledged', stream: 'dr', observed: instant(-3000), shipped: 18, deadLettered: 0, doubtful: 0 });
	for (const status of [200, 200, 401, 429, 503, undefined])
		knowing.report.requested!({ to: 'destination', name: 'siem', tookMs: 1, ...(status && { status }) });
	tell({ kind: 'halted', message: 'status 401' });
	clock.advance(30_000);
	tell({ kind: 'resumed' });
	clock.advance(10_000);
	const detail = await destinationDetail(view, { name: 'siem', authority: 'full' }, state);
	expect(detail).toMatchObject({
		row: {
			name: 'siem',
			state: 'halted',
			severity: 'not_ready',
			nextProbeAt: NOW + 9,
			lastError: { what: 'status 401', fix: 'check the header' },
		},
		problems: [{ rule: 'destination_halted', fix: 'check the header' }],
		stops: [{ kind: 'halted', at: NOW, until: NOW + 30_000, message: 'status 401' }],
		answers: { '200': 2, '401': 1, '429': 1, '503': 1, none: 1 },
		deadLetters: [
			{ reason: 'too_old', count: 5 },
			{ reason: 'invalid_event', count: 1 },
		],
		configuration: { endpoint: 'https://siem.example/v1/logs', headers: { authorization: '(file /run/secrets/siem)' } },
	});
	expect([detail.history.rate.at(-1), detail.history.lagMs.at(-1), detail.history.pausedMs.at(-1)]).toEqual([
		18, 3000, 30_000,
	]);
	const { requests } = detail.history;
	expect(Object.entries(requests).map(([outcome, counts]) => [outcome, counts.at(-1)])).toEqual([
		['ok', 2],
		['limited', 1],
		['refused', 1],
		['failed', 2],
	]);
	expect(JSON.stringify(detail)).not.toContain('canary');
});

test('pauses that the provider orders and answers to its requests are in the history of the source, also when it is opened again', async () => {
	const { clock, view, state, knowing } = scene();
	const listeners = new Set<(ms: number) => void>();
	const domain = {
		onPause: (listener: (ms: number) => void) => {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
	};
	knowing.opened(source, domain);
	knowing.opened(source, domain);
	expect(listeners.size).toBe(1);
	for (const listener of listeners) listener(20_000);
	knowing.report.requested!({ to: 'provider', name: 'arpio', source: 'dr', tookMs: 1, status: 429 });
	clock.advance(30_000);
	const { history } = await sourceDetail(view, { name: 'dr', authority: 'full' }, state);
	expect([history.pausedMs.at(-1), history.requests.limited.at(-1)]).toEqual([20_000, 1]);
});

test('others are not there', async () => {
	const { view, state } = scene();
	await expect(sourceDetail(view, { name: 'erp', authority: 'full' }, state)).rejects.toThrow(
		'there is no source "erp"',
	);
	await expect(destinationDetail(view, { name: 'erp', authority: 'full' }, state)).rejects.toThrow(
		'there is no destination "erp"',
	);
});

test('of addresses those who may only look see the host: a path may be a password', async () => {
	const { view, state } = scene();
	const source = await sourceDetail(view, { name: 'dr', authority: 'read' }, state);
	const siem = await destinationDetail(view, { name: 'siem', authority: 'read' }, state);
	expect([source.configuration['baseUrl'], siem.configuration['endpoint']]).toEqual([
		'https://api.arpio.io',
		'https://siem.example/…',
	]);
});
