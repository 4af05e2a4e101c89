import { instant } from '../../../nodes/shared/instants';
import { formatInstant } from '../../../core/time';

const iso = (value: unknown, zone = 'UTC') => {
	const found = instant('Time', value, zone);
	return found === undefined ? undefined : formatInstant(found, 9);
};

it.each([
	['2026-02-11T09:14:07.123456789Z', 'UTC', '2026-02-11T09:14:07.123456789Z'],
	['2026-02-11T09:14:07', 'Europe/Berlin', '2026-02-11T08:14:07.000000000Z'],
	['2026-07-11T09:14:07', 'Europe/Berlin', '2026-07-11T07:14:07.000000000Z'],
	['2026-02-11T09:14', 'America/New_York', '2026-02-11T14:14:00.000000000Z'],
	['2026-02-11T09:14+05:30', 'UTC', '2026-02-11T03:44:00.000000000Z'],
	['2026-02-11', 'Asia/Tokyo', '2026-02-10T15:00:00.000000000Z'],
	[' 2026-02-11 ', 'Asia/Tokyo', '2026-02-10T15:00:00.000000000Z'],
	['2026-02-11 09:14:07', 'UTC', '2026-02-11T09:14:07.000000000Z'],
	// the hours around the change of the clocks
	['2026-03-29T01:59:59', 'Europe/Berlin', '2026-03-29T00:59:59.000000000Z'],
	['2026-03-29T02:30:00', 'Europe/Berlin', '2026-03-29T01:30:00.000000000Z'],
	['2026-03-08T02:30:00', 'America/New_York', '2026-03-08T07:30:00.000000000Z'],
	['2026-03-29T03:00:00', 'Europe/Berlin', '2026-03-29T01:00:00.000000000Z'],
	['2026-10-25T03:00:00', 'Europe/Berlin', '2026-10-25T02:00:00.000000000Z'],
	[new Date('2026-02-11T09:14:07.5Z'), 'Asia/Tokyo', '2026-02-11T09:14:07.500000000Z'],
	[{ toISO: () => '2026-02-11T09:14:07.000+01:00' }, 'UTC', '2026-02-11T08:14:07.000000000Z'],
	['1970-01-01T00:00:00.25', 'UTC', '1970-01-01T00:00:00.250000000Z'],
])('reads %s in %s', (value, zone, expected) => expect(iso(value, zone)).toBe(expected));

it.each(['', undefined, null])('takes %p for no time', (value) => expect(iso(value)).toBeUndefined());

// as an expression makes them of something that is no date; Luxon's gives null then
const invalid = [new Date('yesterday'), { toISO: () => null }];

it.each(['yesterday', '11.02.2026', '2026-02-30T00:00:00Z', 1_770_801_247, {}, ...invalid])('refuses %p', (value) => {
	expect(() => iso(value)).toThrow(/Time is not a date and time/);
});
