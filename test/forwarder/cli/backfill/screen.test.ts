import { agree, readRange } from '../../../../forwarder/cli/backfill/range';
import {
	outcomeJson,
	outcomeText,
	progressLine,
	tooOldWarning,
	type Sample,
} from '../../../../forwarder/cli/backfill/screen';
import type { Backfill } from '../../../../forwarder/store/backfill';
import { formatInstant, fromMillis, parseInstant } from '../../../../core/time';

const NOW = Date.parse('2026-02-11T16:00:00Z');
const at = (text: string) => parseInstant(`2026-${text}T00:00:00Z`)!;
const START = at('02-10');

const job = (given: Partial<Backfill> = {}): Backfill => ({
	...{ id: 1, stream: 'dr', asked: '30d to start', from: at('01-01'), to: at('01-11'), done: at('01-01') },
	...{ pages: 0, events: 0, started: fromMillis(NOW), cancelled: false },
	...given,
});

describe('the range', () => {
	const range = (from?: string, to?: string) => readRange({ from, to }, NOW);

	test('is read from dates, instants and ages', () => {
		const { from, to } = range('2d', '2026-02-10');
		expect([formatInstant(from!, 0), formatInstant(to!, 0)]).toEqual(['2026-02-09T16:00:00Z', '2026-02-10T00:00:00Z']);
	});

	test('ends where the live walk began, by default and at most', () => {
		expect(agree(range('30d'), START, undefined, NOW)).toMatchObject({ kind: 'begin', to: START, cut: false });
		expect(agree(range('30d', 'now'), START, undefined, NOW)).toMatchObject({ kind: 'begin', to: START, cut: true });
	});

	test.each([
		['without words', range()],
		['the same words, though ages mean other instants now', { ...range('30d'), text: '30d to start' }],
		['a range within it', range('2026-01-02', '2026-01-03')],
	])('goes on with an unfinished job: %s', (_, asked) => {
		expect(agree(asked, START, job(), NOW)).toEqual({ kind: 'goOn', job: job() });
	});

	test('that asks for more than the unfinished job is refused with both ways out', () => {
		expect(() => agree(range('2025-01-01'), START, job(), NOW)).toThrow(/2026-01-01.*without --from.*--cancel/);
	});
});

describe('progress', () => {
	const sample = (seconds: number, given: Partial<Backfill> = {}, waiting = 0): Sample => ({
		atMs: NOW + seconds * 1000,
		job: job(given),
		waiting,
	});
	const first = sample(0, { done: at('01-02'), events: 100 });
	const line = (last: Sample, terminal = false) => progressLine(first, last, 600_000, terminal);

	test('shows the part of the range, what was found, and how it goes since it was watched', () => {
		expect(line(sample(10, { done: at('01-06'), events: 1100 }))).toBe('50.0 %  1100 events  100/s  ETA 13s');
	});

	test('has a bar on a terminal', () => {
		expect(line(sample(10, { done: at('01-06'), events: 1100 }), true)).toMatch(/^\[█{12}░{12}\] 50\.0 %/);
	});

	test('promises nothing before anything has moved', () => {
		expect(line(first)).toBe('10.0 %  100 events  0/s  ETA -');
	});

	test('says that the end of a young range has to wait', () => {
		const young = { to: fromMillis(NOW), done: fromMillis(NOW - 590_000) };
		expect(line(sample(10, young))).toMatch(/waits 9m 50s for late events$/);
	});

	test('says what is left when all is read', () => {
		expect(line(sample(10, { done: at('01-11'), ended: 1n, events: 100 }, 3))).toBe(
			'100.0 %  100 events  0/s  3 batches to ship',
		);
	});
});

describe('the outcome', () => {
	const outcome = {
		job: job({ done: at('01-06'), events: 7, pages: 2 }),
		complete: false,
		seconds: 61,
		tooOld: [{ destination: 'siem', count: 3 }],
		troubles: ['destination siem: status 401'],
	};

	test('names what is missing and why', () => {
		expect(outcomeText(outcome)).toBe(
			'dr: 2026-01-01T00:00:00Z to 2026-01-11T00:00:00Z is not complete, read up to 2026-01-06T00:00:00Z: ' +
				'7 events, 2 pages, 1m 1s\n' +
				'3 events were too old for siem and are dead letters: audit-relay dead-letters list\n' +
				'destination siem: status 401\n',
		);
	});

	test('is one JSON object for machines', () => {
		expect(JSON.parse(outcomeJson(outcome))).toMatchObject({
			source: 'dr',
			done: '2026-01-06T00:00:00.000000Z',
			complete: false,
			tooOld: [{ destination: 'siem', count: 3 }],
		});
	});
});

test('a destination that takes all that is asked for causes no warning', () => {
	const limited = { name: 'siem', maxEventAgeMs: 3_600_000 };
	expect(tooOldWarning(fromMillis(NOW - 3_600_000), NOW, limited)).toBeUndefined();
	expect(tooOldWarning(fromMillis(NOW - 3_600_001), NOW, limited)).toMatch(/dead letters/);
	expect(tooOldWarning(fromMillis(NOW - 3_600_001), NOW, { ...limited, onTooOld: 'restamp' })).toMatch(
		/time of their receipt/,
	);
	expect(tooOldWarning(0n, NOW, { name: 'siem' })).toBeUndefined();
});
