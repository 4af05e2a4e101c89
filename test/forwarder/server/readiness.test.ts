/** Every rule of docs/operations.md: what breaks it, just before it breaks, and what it says. */
import { readFileSync } from 'node:fs';
import type { Failing } from '../../../forwarder/run/monitor';
import type { Snapshot } from '../../../forwarder/run/snapshot';
import { problemsOf, readiness, sourceReadiness, stateOf } from '../../../forwarder/server/readiness';
import { fromMillis } from '../../../core/time';
import { counts, destination, MINUTE, NOW, SINCE, snapshot, stream, worker } from './support';

const none = { succeeded: 0, transient: 0, refused: 0, fatal: 0 };
const failure = (kind: Failing['kind'], fix?: string, sinceMs = SINCE): Failing => ({
	kind,
	message: 'GET /events: status 401',
	waitMs: 1000,
	sinceMs,
	atMs: sinceMs,
	...(fix && { fix }),
});

const since = '2026-11-20T11:00:00Z';

const rules = (given: Snapshot) => readiness(given).map(({ rule }) => rule);

test('all is well: ready, and nothing to say', () => {
	expect(readiness(snapshot())).toEqual([]);
	expect(stateOf([])).toBe('ready');
});

const paused = { sinceMs: SINCE, by: 'ada', note: 'key rotation' };
const DAY = 24 * 60 * MINUTE;

test.each([
	['not known', {}, 'how long its provider keeps events is not known'],
	['nothing read', { retentionMs: DAY }, 'nothing of it was read yet'],
	[
		'still kept',
		{ retentionMs: DAY, losesAtMs: NOW + DAY },
		'from 2026-11-21T12:00:00Z on its provider drops events that were not read',
	],
	[
		'lost already',
		{ retentionMs: DAY, losesAtMs: NOW - DAY },
		'since 2026-11-19T12:00:00Z its provider has been dropping events that were not read',
	],
])('a paused source says who did it and what that costs (%s), and nothing else', (_, given, costs) => {
	// it looks frozen and refused, and would not be ready
	const late = { watermarkLagMs: 20 * MINUTE + 1, counts: counts({ failure: failure('refused') }) };
	expect(readiness(snapshot({ streams: [stream({ ...late, paused: { ...paused, ...given } })] }))).toEqual([
		{
			...{ rule: 'source_paused', severity: 'degraded', source: 'dr', since, fix: 'run audit-relay resume dr' },
			message: `paused by ada (key rotation): nothing is read, what was read is still shipped; ${costs}`,
		},
	]);
});

const fix = 'Check the endpoint';

const blocking: [string, Snapshot, object][] = [
	[
		'a halted destination',
		snapshot({ destinations: [destination({ state: 'halted', lastError: { at: 1, message: 'HTTP 401', fix } })] }),
		{ rule: 'destination_halted', destination: 'siem', since, message: 'HTTP 401', fix },
	],
	[
		'a provider that refuses the key, with what to do',
		snapshot({ streams: [stream({ counts: counts({ failure: failure('refused', 'check apiKey') }) })] }),
		{ rule: 'source_refused', source: 'dr', since, message: 'GET /events: status 401', fix: 'check apiKey' },
	],
	[
		'a watermark that does not move while polls succeed',
		snapshot({ streams: [stream({ watermarkLagMs: 20 * MINUTE + 1 })] }),
		{ rule: 'watermark_frozen', source: 'dr', message: 'the watermark is 1200 s behind, more than 1200 s' },
	],
	[
		'a watermark that does not move because polls fail, with why',
		snapshot({
			streams: [
				stream({
					watermarkLagMs: 30 * MINUTE,
					counts: counts({ failure: failure('transient', undefined, NOW - MINUTE) }),
					pausedMs: 5000,
				}),
			],
		}),
		{
			rule: 'watermark_frozen',
			source: 'dr',
			since: '2026-11-20T11:59:00Z',
			message:
				'the watermark is 1800 s behind, more than 1200 s: GET /events: status 401; the provider asked for a pause of 5 s more',
		},
	],
	[
		'a batch that has waited for more than 15 minutes',
		snapshot({ destinations: [destination({ oldestUnacknowledgedMs: 15 * MINUTE + 1 })] }),
		{
			rule: 'unacknowledged',
			destination: 'siem',
			since: '2026-11-20T11:44:59Z',
			message: 'a record has waited for 900 s, more than 900 s',
		},
	],
	[
		'a state that cannot be written',
		snapshot({ writeFailure: { at: SINCE, message: 'database or disk is full' } }),
		{ rule: 'store_not_writable', since, message: 'the last write to the state failed: database or disk is full' },
	],
	[
		'a database that has not answered for the time to live',
		snapshot({ worker: worker({ beatAgeMs: 6_000 }) }),
		{
			rule: 'store_not_writable',
			since: '2026-11-20T11:59:54Z',
			message: 'the database has not answered for 6 s; others have its shards, if they reach it',
		},
	],
	[
		'a database that has not answered yet',
		snapshot({ worker: worker({ beatAgeMs: undefined }) }),
		{ rule: 'store_not_writable', message: 'the database has not answered yet' },
	],
	[
		'no poll yet',
		snapshot({ streams: [stream({ counts: counts({ polls: none }) })] }),
		{ rule: 'starting', source: 'dr', message: 'no poll has succeeded since the start' },
	],
	['the stop', snapshot({ stopping: true }), { rule: 'stopping', message: 'told to stop' }],
	[
		'a lost lease',
		snapshot({ fatal: 'another process owns the state now' }),
		{ rule: 'fatal', message: 'another process owns the state now' },
	],
];

test.each(blocking)('not ready: %s', (_name, given, expected) => {
	const problems = readiness(given);
	expect(problems).toEqual([{ severity: 'not_ready', ...expected }]);
	expect(stateOf(problems)).toBe('not_ready');
});

const mistake = {
	source: 'acme',
	sinceMs: SINCE,
	message: 'conf.d/acme.yaml:2:5 file keys/acme cannot be read (ENOENT).',
};

const looks: [string, Snapshot, object][] = [
	[
		'a source that a person has paused',
		snapshot({ streams: [stream({ paused: { sinceMs: SINCE, by: 'ada' } })] }),
		{
			...{ rule: 'source_paused', source: 'dr', since, fix: 'run audit-relay resume dr' },
			message: expect.stringContaining('paused by ada: nothing is read') as string,
		},
	],
	[
		'a source with a mistake in the configuration, beside others that are read',
		snapshot({ mistakes: [mistake] }),
		{ rule: 'source_misconfigured', source: 'acme', since, message: mistake.message },
	],
	[
		'a file that cannot be read',
		snapshot({ mistakes: [{ sinceMs: SINCE, message: 'conf.d/acme.yaml: the file is empty.' }] }),
		{ rule: 'source_misconfigured', since, message: 'conf.d/acme.yaml: the file is empty.' },
	],
	[
		'a refused key of one of two tenants',
		snapshot({
			streams: [stream(), stream({ name: 'erp', counts: counts({ failure: failure('refused', undefined, SINCE) }) })],
		}),
		{ rule: 'source_refused', source: 'erp', since, message: expect.stringContaining('401') as string },
	],
	[
		'shards that nobody holds',
		snapshot({ worker: worker({ unowned: 2, unownedSinceMs: SINCE }) }),
		{ rule: 'shards_unowned', since, message: expect.stringContaining('nobody alive holds 2 of 64 shards') as string },
	],
	[
		'configurations that differ',
		snapshot({ worker: worker({ differSinceMs: SINCE }) }),
		{ rule: 'configurations_differ', since, message: expect.stringContaining('each follows its own') as string },
	],
	[
		'a source that was not polled yet since a takeover: no roll-out waits for it',
		snapshot({ worker: worker(), streams: [stream({ counts: counts({ polls: none }) })] }),
		{ rule: 'starting', source: 'dr', message: 'no poll has succeeded since the start' },
	],
	[
		'a notification that nobody takes',
		snapshot({
			notifications: [{ name: 'ops', sent: 0, failed: 1, failure: { sinceMs: SINCE, reason: 'status 404' } }],
		}),
		{
			...{
				rule: 'notification_failing',
				notification: 'ops',
				since,
				message: 'the notification ops reaches nobody: status 404',
			},
			fix: 'audit-relay notify test ops',
		},
	],
	[
		'a state that was set aside',
		snapshot({ setAside: 'audit-relay.db.unreadable-1' }),
		{ rule: 'state_set_aside', message: expect.stringContaining('kept as audit-relay.db.unreadable-1') as string },
	],
	[
		'a destination that only fails',
		snapshot({ destinations: [destination({ state: 'degraded', lastError: { at: 1, message: 'HTTP 503', fix } })] }),
		{
			rule: 'destination_degraded',
			destination: 'siem',
			since,
			message: 'nothing but failures for 5 minutes: HTTP 503',
			fix,
		},
	],
	[
		'batches for a destination that is gone',
		snapshot({ orphans: [{ name: 'old', waiting: 3 }] }),
		{
			rule: 'destination_unknown',
			destination: 'old',
			message: '3 records wait for it, but the configuration does not name it',
		},
	],
	[
		'a disk that is nearly full',
		snapshot({ diskLow: true, outboxFull: true }),
		{ rule: 'disk_low', message: expect.stringContaining('nearly full') as string },
	],
	[
		'a full outbox',
		snapshot({ outboxFull: true }),
		{ rule: 'outbox_full', message: 'polling waits until destinations have taken something' },
	],
	[
		'a clock that is ahead',
		snapshot({ streams: [stream({ counts: counts({ skewMs: 2 * MINUTE + 1 }) })] }),
		{ rule: 'clock_skew', source: 'dr', message: "its clock is 120 s ahead of this machine's" },
	],
	[
		'a clock that is behind',
		snapshot({ streams: [stream({ counts: counts({ skewMs: -3 * MINUTE }) })] }),
		{ rule: 'clock_skew', source: 'dr', message: "its clock is 180 s behind this machine's" },
	],
	[
		'a start in the future of the provider',
		snapshot({ streams: [stream({ startsInMs: 60 * MINUTE })] }),
		{
			rule: 'start_in_future',
			source: 'dr',
			message: "it starts 3600 s ahead of the provider's clock; nothing is collected until then",
		},
	],
	[
		'a provider that ignores its time filter',
		snapshot({ streams: [stream({ counts: counts({ forgottenLately: 7 }) })] }),
		{
			rule: 'filter_ignored',
			source: 'dr',
			message:
				'the provider ignores its time filter: the last poll was shown 7 events older than what is remembered; they are not shipped again',
		},
	],
	[
		'polls that fail without an end while the watermark moves: a second look that is refused',
		snapshot({ streams: [stream({ counts: counts({ failure: failure('transient') }) })] }),
		{ rule: 'source_failing', source: 'dr', since, message: 'no poll succeeds: GET /events: status 401' },
	],
	[
		'a back-fill that the provider refuses',
		snapshot({
			streams: [stream({ counts: counts({ background: { backfill: failure('refused', 'check the scope') } }) })],
		}),
		{
			rule: 'background_failing',
			source: 'dr',
			since,
			message: 'the back-fill does not go on: GET /events: status 401',
			fix: 'check the scope',
		},
	],
	[
		'completeness checks that fail for more than an hour',
		snapshot({
			streams: [stream({ counts: counts({ background: { verify: failure('transient', undefined, SINCE - 1) } }) })],
		}),
		{
			rule: 'background_failing',
			source: 'dr',
			since: '2026-11-20T10:59:59Z',
			message: 'completeness cannot be checked: GET /events: status 401',
		},
	],
	[
		'dead letters, also of a source that is gone',
		snapshot({
			unseen: [
				{
					stream: 'old',
					deadLetters: { count: 5, since: fromMillis(SINCE), reasons: { rejected: 4, invalid_event: 1 } },
				},
			],
		}),
		{
			rule: 'dead_letters',
			source: 'old',
			since,
			message: '5 dead letters (4 rejected, 1 invalid_event)',
			fix: 'run audit-relay dead-letters list --source old; then retry, or export and discard them',
		},
	],
	[
		'a gap that nobody has acknowledged',
		snapshot({ unseen: [{ stream: 'dr', gaps: { count: 1, since: fromMillis(SINCE), reasons: { retention: 1 } } }] }),
		{
			rule: 'gaps',
			source: 'dr',
			since,
			message: '1 gap (1 retention)',
			fix: 'run audit-relay gaps list --source dr; then gaps acknowledge --all --source dr',
		},
	],
	[
		'a broken verdict that nobody has acknowledged',
		snapshot({ unseen: [{ stream: 'erp', brokenAt: fromMillis(SINCE) }] }),
		{
			rule: 'verify_broken',
			source: 'erp',
			since,
			message: 'the last completeness check found it broken',
			fix: 'run audit-relay verify --source erp; then verify --acknowledge --source erp',
		},
	],
];

test.each(looks)('ready but degraded: %s', (_name, given, expected) => {
	const problems = readiness(given);
	expect(problems).toEqual([{ severity: 'degraded', ...expected }]);
	expect(stateOf(problems)).toBe('degraded');
});

const fine: [string, Snapshot][] = [
	['a lag of lateness + 10 poll intervals', snapshot({ streams: [stream({ watermarkLagMs: 20 * MINUTE })] })],
	[
		'quick polls: 5 minutes on top of the lateness',
		snapshot({ streams: [stream({ pollIntervalMs: 1000, watermarkLagMs: 15 * MINUTE })] }),
	],
	['no watermark yet after the first poll', snapshot({ streams: [stream({ watermarkLagMs: undefined })] })],
	[
		'polls that fail for 10 minutes',
		snapshot({
			streams: [stream({ counts: counts({ failure: failure('transient', undefined, NOW - 10 * MINUTE) }) })],
		}),
	],
	[
		'a back-fill that fails for an hour',
		snapshot({ streams: [stream({ counts: counts({ background: { backfill: failure('transient') } }) })] }),
	],
	['a batch of 15 minutes', snapshot({ destinations: [destination({ oldestUnacknowledgedMs: 15 * MINUTE })] })],
	['2 minutes of skew', snapshot({ streams: [stream({ counts: counts({ skewMs: 2 * MINUTE }) })] })],
	['a worker that holds nothing', snapshot({ streams: [], worker: worker({ held: 0 }) })],
	['shards that are being taken over', snapshot({ worker: worker({ unowned: 9, unownedSinceMs: NOW - MINUTE }) })],
	['a roll-out that goes on', snapshot({ worker: worker({ differSinceMs: NOW - 15 * MINUTE }) })],
	[
		'a filter that was ignored before the last poll',
		snapshot({ streams: [stream({ counts: counts({ forgotten: 7 }) })] }),
	],
];

test.each(fine)('ready: %s', (_name, given) => {
	expect(readiness(given)).toEqual([]);
});

test('reading the past for the first time is "starting", not "frozen", however far back it is', () => {
	const first = stream({ watermarkLagMs: 365 * 24 * 60 * MINUTE, counts: counts({ polls: none }) });
	expect(rules(snapshot({ streams: [first] }))).toEqual(['starting']);
});

test('quick polls are frozen one millisecond after 5 minutes', () => {
	const quick = stream({ pollIntervalMs: 1000, watermarkLagMs: 15 * MINUTE + 1 });
	expect(rules(snapshot({ streams: [quick] }))).toEqual(['watermark_frozen']);
});

test('every stream and destination is looked at, and what keeps it from being ready comes first', () => {
	const given = snapshot({
		setAside: 'x',
		streams: [stream({ counts: counts({ skewMs: 9 * MINUTE }) }), stream({ name: 'erp', watermarkLagMs: 60 * MINUTE })],
		destinations: [destination(), destination({ name: 'lake', state: 'halted' })],
	});
	const seen = readiness(given).map(({ rule, source: one, destination: other }) => [rule, one ?? other]);
	expect(seen).toEqual([
		['destination_halted', 'lake'],
		['state_set_aside', undefined],
		['clock_skew', 'dr'],
		['watermark_frozen', 'erp'],
	]);
});

test('docs/operations.md lists exactly these rules', () => {
	const tested = [...blocking, ...looks].flatMap(([, given]) => rules(given));
	const [, chapter] = /## Readiness([^]*?)## Metrics/.exec(readFileSync('docs/operations.md', 'utf8'))!;
	const listed = [...chapter!.matchAll(/^- \*\*`(\w+)`\*\*/gm)].map(([, rule]) => rule);
	expect(listed.sort()).toEqual([...new Set(tested)].sort());
});

test('for itself a source is not ready while it is not read; the process is when none is', () => {
	const refused = (name: string) => stream({ name, counts: counts({ failure: failure('refused', undefined, SINCE) }) });
	const one = snapshot({ streams: [stream(), refused('erp')], mistakes: [mistake] });
	const stateFor = (name: string) => stateOf(sourceReadiness(one, name)!);
	expect(['dr', 'erp', 'acme'].map(stateFor)).toEqual(['ready', 'not_ready', 'not_ready']);
	expect(sourceReadiness(one, 'nobody')).toBeUndefined();
	expect(stateOf(readiness(one))).toBe('degraded');
	// whoever is on call is told of the one tenant whose events nobody reads
	expect(problemsOf(one)).toContainEqual(expect.objectContaining({ source: 'erp', severity: 'not_ready' }));
	expect(stateOf(readiness(snapshot({ streams: [refused('dr'), refused('erp')] })))).toBe('not_ready');
	// what is read as it was before works
	const before = snapshot({ mistakes: [{ ...mistake, source: 'dr' }] });
	expect(stateOf(sourceReadiness(before, 'dr')!)).toBe('degraded');
});

test('thirty thousand sources that have yet to be polled are looked at once, not each beside all others', () => {
	const names = Array.from({ length: 30_000 }, (_, at) => `tenant-${at}`);
	const given = snapshot({
		streams: names.map((name) => stream({ name, counts: counts({ polls: none }) })),
		mistakes: names.map((source) => ({ ...mistake, source })),
	});
	const before = process.cpuUsage();
	expect(stateOf(readiness(given))).toBe('not_ready');
	const { user, system } = process.cpuUsage(before);
	expect(user + system).toBeLessThan(2_000_000);
});
