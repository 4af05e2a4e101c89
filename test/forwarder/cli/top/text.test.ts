import { stripVTControlCharacters } from 'node:util';
import { FIRST } from '../../../../forwarder/cli/top/keys';
import { footLine, headLines, topLines, type Seen } from '../../../../forwarder/cli/top/text';
import { createUi } from '../../../../forwarder/cli/ui';
import { width } from '../../../../forwarder/cli/table';

const at = Date.parse('2026-03-04T12:00:00Z');
const row = (name: string, more = {}) => ({
	...{
		name,
		provider: 'arpio',
		state: 'ok',
		lagMs: 600_000,
		eventsPerMinute: 12.25,
		waiting: 3,
		deadLetters: 0,
		gaps: 0,
	},
	...more,
});
const destination = (name: string, more = {}) => ({
	...{ name, state: 'ok', sinceAt: at, recordsPerMinute: 10, waiting: 0 },
	...more,
});

function seen(rows: object[], destinations: object[] = [destination('siem')], more = {}): Seen {
	const states = { ok: 497, starting: 0, failing: 1, refused: 2, paused: 0 };
	const process = { version: '1.2.3', at, startedAt: at - 3_600_000, state: 'not_ready', isStopping: false };
	const totals = { eventsPerSecond: 12.34, waiting: 3400, problems: 3, sources: 500, states };
	return {
		overview: { process, totals, problems: [], destinations, ...more },
		page: { total: 500, offset: 0, rows },
	} as unknown as Seen;
}
function lines(given: Seen, columns = 80, env: Record<string, string> = { NO_COLOR: '1' }): string[] {
	const ui = createUi({ write: () => true, isTTY: true, columns, rows: 24 }, env);
	return topLines(given, headLines(given.overview, ui), at, FIRST, ui);
}

test('says how it is as a whole, then each source with what is wrong', () => {
	const error = { lastError: { at, what: 'status 401', fix: 'check apiKey' }, state: 'refused' };
	const paused = { pausedUntil: at + 42_000 };
	expect(lines(seen([row('a', error), row('b', paused), row('c')]), 100)).toEqual([
		'audit-relay 1.2.3 · not ready · up 1h · 2026-03-04T12:00:00Z',
		'500 sources: 2 refused, 1 failing, 497 ok · 12.3 events/s · 3,400 waiting · 3 problems',
		'→ siem ok · 10 records/min · 0 waiting',
		'',
		'SOURCE  STATE    LAG  EVENTS/MIN  WAITING  DEAD  GAPS',
		'a       refused  10m  12.3        3        0     0     status 401; check apiKey',
		'b       ok       10m  12.3        3        0     0     the provider asks to wait for 42s',
		'c       ok       10m  12.3        3        0     0',
	]);
});

test('of several workers it says which one tells this, and who has each of the other sources', () => {
	const worker = { id: 'a-1', living: 3, shards: 64, held: 22, unowned: 0 };
	const states = { ok: 2, starting: 0, failing: 0, refused: 0, paused: 0 };
	const [first, second, , , , mine, other] = lines(
		seen([row('a'), row('b', { worker: 'b-2', eventsPerMinute: 0 })], [destination('siem')], {
			process: { version: '1.2.3', at, startedAt: at, state: 'ready', isStopping: false, worker },
			totals: { eventsPerSecond: 1, waiting: 0, problems: 0, sources: 2, states, lagMs: 120_000 },
		}),
		100,
	);
	expect(first).toContain('worker a-1 of 3, 22 of 64 shards');
	expect(second).toBe('2 sources: 2 ok · 1 events/s by this worker · lag 2m · 0 waiting');
	expect([mine, other].map((line) => /of b-2$/.test(line!))).toEqual([false, true]);
});

test('a destination that is down comes first, with why; problems of the process stand above', () => {
	const down = {
		state: 'halted',
		sinceAt: at - 180_000,
		waiting: 9,
		lastError: { at, what: 'status 403', fix: 'check x' },
	};
	const all = [destination('a'), destination('b'), destination('c'), destination('d', down)];
	const head = lines(
		seen([row('x')], all, { problems: [{ message: 'the disk is full' }, { message: 'x', source: 'x' }] }),
	);
	expect(head.slice(2, 7)).toEqual([
		'! the disk is full',
		'→ d halted for 3m · 10 records/min · 9 waiting · status 403; check x',
		'→ a ok · 10 records/min · 0 waiting',
		'→ b ok · 10 records/min · 0 waiting',
		'… and 1 destination more',
	]);
});

test.each([40, 80])('at %d columns every source has one line, and its note what is left', (columns) => {
	const error = { lastError: { at, what: 'a very long story '.repeat(9) } };
	const names = Array.from({ length: 9 }, (_, i) => `tenant-with-quite-a-long-name-${i}`);
	const table = lines(seen(names.map((name) => row(name, error))), columns).slice(4);
	expect(table).toHaveLength(10);
	for (const line of table) expect(width(line)).toBeLessThanOrEqual(columns);
	expect(table[1]).toContain('a very');
});

test('the last line tells the keys, the filter as it is typed, or that the process has gone', () => {
	const ui = createUi({ write: () => true, isTTY: true, columns: 80 }, { NO_COLOR: '1' });
	const { page } = seen([row('a'), row('b')]);
	expect(footLine({ ...FIRST, filter: 'eu' }, page, undefined, ui)).toBe(
		'1–2 of 500 · q quits · ↑↓ scroll · s sorts (problems) · / filters (eu)',
	);
	expect(footLine({ ...FIRST, filter: 'eu', isTyping: true }, page, undefined, ui)).toMatch(/^filter: eu_ /);
	expect(footLine(FIRST, page, 'gone', ui)).toBe('gone');
});

test('colours change nothing but the colour', () => {
	const error = { lastError: { at, what: 'status 401' }, state: 'refused', gaps: 2 };
	const given = seen([row('a', error), row('b')], [destination('siem', { state: 'halted' })]);
	const colored = lines(given, 70, { FORCE_COLOR: '1' });
	expect(colored.join('')).toContain('\u001b[31m');
	expect(colored.map(stripVTControlCharacters)).toEqual(lines(given, 70));
});
