import type { History } from '../../../forwarder/server/api/types';
import type { HealthProblem } from '../../../forwarder/server/readiness';
import { pathOf } from '../../../forwarder/console/parts/sparkPath';
import { requestLines } from '../../../forwarder/console/parts/requests';
import { settled } from '../../../forwarder/console/settled';
import { grouped } from '../../../forwarder/console/views/overview/groups';
import { backfillProgress, paceOf, walkProgress } from '../../../forwarder/console/views/source/readProgress';

describe('problems', () => {
	const problem = (source: string, more: Partial<HealthProblem> = {}): HealthProblem => ({
		rule: 'source_refused',
		severity: 'not_ready',
		source,
		message: '401',
		...more,
	});

	test('three hundred tenants with the same one are one, where the first of them was', () => {
		const many = Array.from({ length: 300 }, (_, i) => problem(`tenant${i}`));
		const other = problem('slow', { rule: 'source_failing', severity: 'degraded' });
		const groups = grouped([many[0]!, other, ...many.slice(1)]);
		expect(groups.map(({ rule, problems }) => [rule, problems.length])).toEqual([
			['source_refused', 300],
			['source_failing', 1],
		]);
	});

	test('what stops it and what only needs a look are not mixed', () => {
		expect(grouped([problem('a'), problem('b', { severity: 'degraded' })])).toHaveLength(2);
	});
});

describe('an hour of points', () => {
	const minute = 60_000;
	const hour = (some: readonly number[]) => [...Array<null>(60 - some.length).fill(null), ...some];
	const rates = Array.from({ length: 20 }, (_, i) => i + 1);

	test('ends before the minute that runs, and begins with the process, in everything that has points', () => {
		const history = {
			lastAt: 99 * minute,
			stepMs: minute,
			rate: hour(rates),
			lagMs: hour(rates),
			requests: { ok: hour(rates) },
		};
		const whole = rates.slice(0, -1);
		expect(settled(history)).toEqual({
			lastAt: 98 * minute,
			stepMs: minute,
			rate: whole,
			lagMs: whole,
			requests: { ok: whole },
		});
	});

	test('of a process that has just begun is the minute that runs, with room before it', () => {
		const { lastAt, rate } = settled({ lastAt: 99 * minute, stepMs: minute, rate: hour([4]), lagMs: hour([5]) });
		expect(lastAt).toBe(99 * minute);
		expect(rate).toEqual([...Array<null>(9).fill(null), 4]);
	});

	test('may know nothing at all', () => {
		expect(settled({ lastAt: 0, stepMs: minute, rate: hour([]), lagMs: hour([]) }).rate).toEqual(
			Array<null>(10).fill(null),
		);
	});
});

describe('a sparkline', () => {
	test('goes from nothing to the highest point', () => {
		expect(pathOf([0, 10, 5], 20, 12)).toBe('M1 11L10 1L19 6');
	});

	test('breaks where nothing is known, and shows a point that stands alone', () => {
		expect(pathOf([1, null, 1, 1], 30, 12)).toBe('M1 1h0M19.7 1L29 1');
	});

	test('of nothing is nothing, of zeros a line at the bottom', () => {
		expect(pathOf([null, null], 20, 12)).toBe('');
		expect(pathOf([null, 3], 20, 12)).toBe('');
		expect(pathOf([0, 0], 20, 12)).toBe('M1 11L19 11');
	});
});

describe('how far it is', () => {
	const job = { fromAt: 0, toAt: 1000, doneAt: 250, startedAt: 0, events: 500 };

	test('a back-fill goes on as fast as it went', () => {
		expect(backfillProgress(job, 10_000)).toEqual({ percent: 25, eventsPerSecond: 50, leftMs: 30_000 });
	});

	test('before its first page nobody knows how long it takes, at its end nothing is left', () => {
		expect(backfillProgress({ ...job, doneAt: 0, events: 0 }, 10_000)).toEqual({ percent: 0, eventsPerSecond: 0 });
		expect(backfillProgress({ ...job, doneAt: 1000 }, 10_000)).not.toHaveProperty('leftMs');
	});

	test('how fast it goes is said of the last finer steps that are over; before there are any, of minutes, if one is over', () => {
		const row = { eventsPerMinute: 60 };
		const fine = (...rate: (number | null)[]) => ({ fine: { rate, stepMs: 5000 } as History });
		const history = { rate: [60, 1] };
		expect(paceOf({ row, history })).toBe(1);
		expect(paceOf({ row, history: { rate: [null, 1] } })).toBeUndefined();
		expect(paceOf({ row, history, ...fine(null, null, 900) })).toBe(1);
		expect(paceOf({ row, history, ...fine(null, 100, 50, 900) })).toBe(15);
		expect(paceOf({ row, history, ...fine(9999, 5, 5, 5, 5, 5, 900) })).toBe(1);
	});

	test('an ordinary poll is not worth a word, a first walk and a long one are', () => {
		expect(walkProgress({ watermarkAt: 1, walk: { pages: 1 } }, 1, 0)).toBeUndefined();
		expect(walkProgress({ watermarkAt: 1 }, 1, 0)).toBeUndefined();
		const long = walkProgress({ watermarkAt: 1, walk: { pages: 9, reachedAt: 7 } }, 1, 0);
		expect(long).toEqual({ isFirst: false, pages: 9, reachedAt: 7, eventsPerSecond: 1 });
		expect(walkProgress({ walk: { pages: 0 } }, 1, 0)).toMatchObject({ isFirst: true });
	});

	test('a walk that goes down from the newest is as far as it has come down', () => {
		const walk = { fromAt: 0, toAt: 1000, doneAt: 800, beganAt: 5000, pages: 9 };
		expect(walkProgress({ walk }, 1, 7000)).toMatchObject({ percent: 20, leftMs: 8000 });
	});
});

test('requests of a step that are more than the process counts are said to be that many or more', () => {
	const requests = { ok: [255, 65_535], limited: [254, 255], refused: [0, null], failed: [1, 255] };
	const said = (stepMs: number) =>
		requestLines({ lastAt: 0, stepMs, rate: [], lagMs: [], pausedMs: [], requests }).map(({ label, points, text }) => [
			label,
			...points.map((value) => (value === null ? null : text!(value))),
		]);
	expect(said(60_000)).toEqual([
		['Ok', '255', '65,535 or more'],
		['Limited', '254', '255 or more'],
		['Refused', '0', null],
		['Failed', '1', '255 or more'],
	]);
	expect(said(5_000)[1]).toEqual(['Limited', '3,048', '3,060 or more']);
});
