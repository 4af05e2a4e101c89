import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventLog } from '../../sandbox/eventLog';
import * as fixtures from '../../sandbox/fixtures';
import { elements, member, members, replaced, without } from '../../sandbox/rawJson';
import { formatMicros, parseMicros } from '../../sandbox/time';

const fixture = (name: string) => readFileSync(join(__dirname, '../../sandbox/fixtures', `${name}.json`), 'utf8');
const listed = (name: string, key: string) => elements(member(fixture(name), key)!);

describe('generated fixture texts', () => {
	it('hold the JSON files byte for byte', () => {
		const arpio = [...listed('arpio-audit-events', 'events'), ...listed('arpio-audit-events-last-page', 'events')];
		expect(fixtures.arpioEvents).toEqual([...new Set(arpio)]);
		const arcus = [...listed('arcus-audit-log-entries', 'data'), ...listed('arcus-audit-log-entries-page2', 'data')];
		expect(fixtures.arcusEntries).toEqual(arcus.reverse());
		const auditapi = [...listed('auditapi-events', 'data'), ...listed('auditapi-events-page2', 'data')];
		expect(fixtures.auditapiEvents).toEqual(auditapi.reverse());
		expect(fixtures.arpioApplications).toEqual(elements(fixture('arpio-applications')));
		expect(fixtures.arpioResources).toEqual(listed('arpio-application-resources', 'resources'));
		expect(fixtures.arpioIssues).toEqual(elements(fixture('arpio-application-issues')));
		expect(fixtures.arpioRecoveryPoints).toEqual(elements(fixture('arpio-recovery-points')));
		expect(fixtures.arpioAccess).toEqual([fixture('arpio-sync-pair-access').trim()]);
	});
});

describe('raw JSON', () => {
	it('cuts values without changing a byte', () => {
		const text = ' {"a\\"}" : [1, "]"] ,"n":9007199254740993, "f": 1250.0, "o":{"x":{}}} ';
		expect(members(text)).toEqual([
			{ key: 'a"}', value: '[1, "]"]' },
			{ key: 'n', value: '9007199254740993' },
			{ key: 'f', value: '1250.0' },
			{ key: 'o', value: '{"x":{}}' },
		]);
		expect(elements('[ [1,2] , {"a":"\\\\"},"," ]')).toEqual(['[1,2]', '{"a":"\\\\"}', '","']);
		expect(elements('[]')).toEqual([]);
		expect(without(text, new Set(['x']))).toBe(text);
		expect(without(text, new Set(['n', 'o', 'a"}']))).toBe('{"f":1250.0}');
		expect(replaced('{"a":1,"b":2}', 'b', '3')).toBe('{"a":1,"b":3}');
	});
});

describe('time', () => {
	it.each([
		['2026-02-11T09:14:07Z', '2026-02-11T09:14:07Z'],
		['2026-02-11T09:14:07.000001Z', '2026-02-11T09:14:07.000001Z'],
		['2026-02-11T09:14:07.1234567Z', '2026-02-11T09:14:07.123456Z'],
		['2026-02-11T13:45:00+05:30', '2026-02-11T08:15:00Z'],
		['1969-12-31T23:59:59.5Z', '1969-12-31T23:59:59.500000Z'],
	])('%s is %s', (text, utc) => expect(formatMicros(parseMicros(text)!)).toBe(utc));

	it.each(['2026-02-11', 'yesterday', '2026-02-31T00:00:00Z', '2026-02-11T25:00:00Z', '2026-02-11T09:14:07'])(
		'%s is malformed',
		(text) => expect(parseMicros(text)).toBeUndefined(),
	);
});

describe('event log', () => {
	const event = (id: string, micros: number, visibleAt?: number) => ({
		id,
		micros,
		raw: '{}',
		...(visibleAt === undefined ? {} : { visibleAt }),
	});
	const seen = (log: ReturnType<typeof eventLog>, now: number) => log.visible(now).map(({ id }) => id);

	it('orders by own time, equal times by arrival', () => {
		expect(seen(eventLog([event('b', 5), event('c', 5), event('a', 1)]), 0)).toEqual(['a', 'b', 'c']);
	});

	it('shows an event late when told to', () => {
		const log = eventLog([event('now', 1), event('late', 0, 100)]);
		expect([seen(log, 99), seen(log, 100)]).toEqual([['now'], ['late', 'now']]);
		expect(log.get('late', 99)).toBeUndefined();
		expect(log.all()).toHaveLength(2);
	});

	it('forgets what was removed and hides what is older than the retention', () => {
		const log = eventLog([event('old', 1000), event('new', 9000)]);
		log.retentionMs = 5;
		expect(seen(log, 7)).toEqual(['new']);
		expect([log.remove('new'), log.remove('new'), seen(log, 0)]).toEqual([true, false, ['old']]);
	});
});
