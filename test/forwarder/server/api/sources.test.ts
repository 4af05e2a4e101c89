/** The list of sources, as the console asks for it. */
import { createKnown, TOTAL } from '../../../../forwarder/run/known';
import { createMonitor } from '../../../../forwarder/run/monitor';
import { sourcesOf } from '../../../../forwarder/server/api/sources';
import { overviewOf } from '../../../../forwarder/server/api/overview';
import type { View } from '../../../../forwarder/server/api/view';
import { readiness } from '../../../../forwarder/server/readiness';
import { simClock } from '../../../support/clock';
import { counts, MINUTE, NOW, snapshot, stream } from '../support';

const failure = {
	kind: 'refused' as const,
	message: 'status 401',
	fix: 'check apiKey',
	waitMs: 1,
	sinceMs: 5,
	atMs: 6,
};
const stored = {
	name: '',
	shipped: 5,
	waiting: 0,
	waitingBytes: 0,
	deadLetters: 0,
	doubtful: 0,
	gaps: 0,
	gapReasons: {},
};

function view(): View {
	const clock = simClock(NOW);
	const { known } = createKnown({ sources: [], destinations: [] }, clock, createMonitor({ clock }));
	const given = snapshot({
		streams: [
			stream({ name: 'beta', provider: 'arpio', stored: { ...stored, waiting: 3 } }),
			stream({ name: 'alpha', provider: 'github', lagMs: 12 * MINUTE }),
			stream({ name: 'broken', counts: counts({ failure }) }),
			stream({ name: 'gamma', pausedMs: 5000, counts: counts({ nextPollAt: NOW + 9000 }) }),
		],
	});
	known.histories.sources.events('gamma', 30);
	known.histories.total.events(TOTAL, 30);
	return { snapshot: given, problems: readiness(given), known };
}

const names = (query: string) => sourcesOf(view(), new URLSearchParams(query)).rows.map(({ name }) => name);

test('problems come first, and what is well keeps its place', () => {
	expect(names('')).toEqual(['broken', 'alpha', 'beta', 'gamma']);
});

test('what fails stands above what has only begun, though neither is ready', () => {
	const { known } = view();
	const begun = counts({ polls: { succeeded: 0, transient: 0, refused: 0, fatal: 0 } });
	const given = snapshot({
		streams: [stream({ name: 'begun', counts: begun }), stream({ name: 'refused', counts: counts({ failure }) })],
	});
	const { rows } = sourcesOf({ snapshot: given, problems: readiness(given), known }, new URLSearchParams());
	expect(rows.map(({ name, severity }) => [name, severity])).toEqual([
		['refused', 'not_ready'],
		['begun', 'not_ready'],
	]);
});

test.each([
	['sort=name', ['alpha', 'beta', 'broken', 'gamma']],
	['sort=name&order=desc', ['gamma', 'broken', 'beta', 'alpha']],
	['sort=lag', ['alpha', 'beta', 'broken', 'gamma']],
	['sort=lag&order=asc', ['beta', 'broken', 'gamma', 'alpha']],
	['sort=rate', ['gamma', 'alpha', 'beta', 'broken']],
	['sort=waiting', ['beta', 'alpha', 'broken', 'gamma']],
	['sort=provider', ['beta', 'broken', 'gamma', 'alpha']],
	['q=GIT', ['alpha']],
	['q=amm', ['gamma']],
	['state=refused', ['broken']],
	['state=ok,refused', ['broken', 'alpha', 'beta', 'gamma']],
	['state=problem', ['broken']],
	['offset=1&limit=2', ['alpha', 'beta']],
	['offset=9', []],
])('%s', (query, expected) => {
	expect(names(query)).toEqual(expected);
});

test('the total counts what is on other pages too', () => {
	expect(sourcesOf(view(), new URLSearchParams('q=a&offset=1&limit=1'))).toMatchObject({ total: 4, offset: 1 });
});

test.each([
	['sort=size', 'sort: "size" is not known'],
	['order=up', 'order: "up" is not known'],
	['state=sad', 'state: "sad" is not known'],
	['limit=0', 'limit: is out of range'],
	['limit=501', 'limit: is out of range'],
	['offset=-1', 'offset: is out of range'],
])('%s is refused: %s', (query, said) => {
	expect(() => names(query)).toThrow(said);
});

test('a row says what is wrong since when, and when it goes on', () => {
	const { rows } = sourcesOf(view(), new URLSearchParams());
	expect(rows[0]).toMatchObject({
		...{ name: 'broken', state: 'refused', sinceAt: 5, severity: 'not_ready' },
		lastError: { at: 6, what: 'status 401', fix: 'check apiKey' },
	});
	expect(rows[3]).toMatchObject({
		name: 'gamma',
		pausedUntil: NOW + 5000,
		nextPollAt: NOW + 9000,
		eventsPerMinute: 30,
	});
	expect(rows[3]!.spark.rate.at(-1)).toBe(30);
	expect(rows[3]!.spark.rate).toHaveLength(60);
});

test('the overview adds up', () => {
	const given = view();
	const overview = overviewOf(given, { version: '1.2.3', startedAt: 1 }, { authority: 'read' });
	expect(overview).toMatchObject({
		process: { version: '1.2.3', at: NOW, startedAt: 1, state: 'degraded', authority: 'read', isStopping: false },
		totals: {
			eventsPerSecond: 0.5,
			events: 68,
			lagMs: 12 * MINUTE,
			furthest: 'alpha',
			sources: 4,
			states: { ok: 3, refused: 1 },
			destinations: 1,
		},
		problems: [{ rule: 'source_refused', source: 'broken' }],
		destinations: [{ name: 'siem', state: 'ok', shipped: 18 }],
	});
});

test('a source that a mistake kept from being begun has a row, and is counted', () => {
	const { known } = view();
	const mistakes = [
		{ source: 'acme', provider: 'arpio', sinceMs: 7, message: 'audit-relay.yaml:4:5: file keys/acme is missing.' },
		// goes on as it was before
		{ source: 'dr', provider: 'arpio', sinceMs: 8, message: 'its pace is wrong' },
		{ source: 'parts', provider: 'arpio', sinceMs: 8, message: 'its pace is wrong' },
	];
	const given = snapshot({ streams: [stream(), stream({ name: 'parts.one' })], mistakes });
	const seen: View = { snapshot: given, problems: readiness(given), known };
	const { total, rows } = sourcesOf(seen, new URLSearchParams());
	expect(total).toBe(3);
	expect(rows[0]).toMatchObject({
		...{ name: 'acme', provider: 'arpio', state: 'refused', severity: 'not_ready', sinceAt: 7 },
		lastError: { at: 7, what: mistakes[0]!.message },
	});
	// nothing is stored of it, or what is stored is not known here
	for (const key of ['waiting', 'shipped', 'deadLetters']) expect(rows[0]).not.toHaveProperty(key);
	expect(sourcesOf(seen, new URLSearchParams('state=refused')).rows.map(({ name }) => name)).toEqual(['acme']);
	const { totals } = overviewOf(seen, { version: '1', startedAt: 0 }, { authority: 'full' });
	expect(totals).toMatchObject({ sources: 3, states: { ok: 2, refused: 1 } });
});

test('what the state has of a source from before a mistake is shown', () => {
	const { known } = view();
	const mistake = { source: 'acme', provider: 'arpio', sinceMs: 7, message: 'no key', openGaps: 2 };
	const given = snapshot({ streams: [], mistakes: [{ ...mistake, stored: { ...stored, waiting: 31 } }] });
	const { rows } = sourcesOf({ snapshot: given, problems: readiness(given), known }, new URLSearchParams());
	expect(rows).toMatchObject([{ name: 'acme', state: 'refused', waiting: 31, shipped: 5, gaps: 2 }]);
});
