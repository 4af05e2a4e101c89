import { formatInstant, parseInstant, toHrTime, utcDay } from '../../core/time';
import { words } from '../../core/record/words';

test.each([
	['2026-02-11T08:02:14.217018Z', 1770796934217018000n],
	['2026-02-11T08:02:14Z', 1770796934000000000n],
	['2026-02-11T13:45:00+05:30', 1770797700000000000n],
	['2026-02-11T08:15:00-0130', 1770803100000000000n],
	['1969-12-31T23:59:59.5Z', -500000000n],
	['2026-02-11T08:02:14.1234567891Z', 1770796934123456789n],
	// a leap second: the last nanosecond of its minute
	['2016-12-31T23:59:60Z', 1483228799999999999n],
	['2016-12-31T23:59:60.25Z', 1483228799999999999n],
	['2017-01-01T05:29:60+05:30', 1483228799999999999n],
	['9999-12-31T23:59:59.999999999-23:59', 253402387139999999999n],
])('reads %s', (text, instant) => expect(parseInstant(text)).toBe(instant));

test.each([
	...[
		'2026-02-30T00:00:00Z',
		'2026-13-01T00:00:00Z',
		'2026-02-11T24:00:00Z',
		'2026-02-11T08:0x:00Z',
		'2026-02-11T08:00:61Z',
	],
	...['2026-02-11T08:02:14.', '2026-02-11T08:02:14.Z', '2026-02-11T08:02:14+5', '2026-02-11T08:02:14Z '],
	...['2026-02-11', 'yesterday', '', 17, null],
])('refuses %p', (text) => expect(parseInstant(text)).toBeUndefined());

test('writes what it reads, cut to the digits asked for', () => {
	expect(formatInstant(1770796934217018999n)).toBe('2026-02-11T08:02:14.217018Z');
	expect(formatInstant(1770796934217018999n, 0)).toBe('2026-02-11T08:02:14Z');
	expect(formatInstant(-1n, 9)).toBe('1969-12-31T23:59:59.999999999Z');
	expect(toHrTime(-1n)).toEqual([-1, 999999999]);
	expect(utcDay(1770796934217018999n)).toBe('2026-02-11');
});

test('words are whole: latest holds no test, getRecoveryPoints no recover', () => {
	expect(words('startApplicationTest')).toEqual(['start', 'application', 'test']);
	expect(words('getLatestRecoveryPoints')).toEqual(['get', 'latest', 'recovery', 'points']);
	expect(words('user.role_changed-API:HTTPServer')).toEqual(['user', 'role', 'changed', 'api', 'http', 'server']);
});
