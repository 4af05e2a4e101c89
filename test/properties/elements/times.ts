/** Times over everything that ISO 8601 can write, each with the instant that it means, or none when no 64 bits hold it. */
import fc from 'fast-check';

export interface Time {
	/** JSON text; undefined when there is none. */
	json?: string;
	/** Nanoseconds since the epoch; undefined when the element cannot be an event. */
	nanos?: bigint;
}

const two = (value: number) => String(value).padStart(2, '0');
const number = (min: number, max: number) => fc.integer({ min, max });

const dateTime = (year: fc.Arbitrary<number>) =>
	fc.record({
		year,
		month: number(1, 12),
		day: number(1, 28),
		hour: number(0, 23),
		minute: number(0, 59),
		second: fc.oneof(number(0, 59), fc.constantFrom(59, 60)),
		fraction: fc.oneof(fc.constant(''), fc.stringMatching(/^[0-9]{1,12}$/)),
		mark: fc.constantFrom('.', ','),
		between: fc.constantFrom('T', 't', ' '),
		offset: fc.oneof(fc.constant(0), number(-1439, 1439)),
		zone: fc.constantFrom('Z', 'z', 'none', 'colon', 'plain'),
	});

type Parts = typeof dateTime extends (year: never) => fc.Arbitrary<infer T> ? T : never;

function written({ year, month, day, hour, minute, second, fraction, mark, between, offset, zone }: Parts): Time {
	const hasOffset = zone === 'colon' || zone === 'plain';
	const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map(two);
	const shown = hasOffset
		? `${offset < 0 ? '-' : '+'}${hours}${zone === 'colon' ? ':' : ''}${minutes}`
		: zone === 'none'
			? ''
			: zone;
	const clock = [hour, minute, second].map(two).join(':');
	const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
	const json = `"${date}${between}${clock}${fraction && mark + fraction}${shown}"`;
	// whole milliseconds are exact in a double, for all years of four digits but those before 100
	const ms = Date.UTC(year, month - 1, day, hour, minute - (hasOffset ? offset : 0), Math.min(second, 59));
	const nanos = second === 60 ? 999_999_999n : BigInt(fraction.padEnd(9, '0').slice(0, 9));
	return { json, nanos: BigInt(ms) * 1_000_000n + nanos };
}

export const goodTime: fc.Arbitrary<Time> = fc.oneof(
	{ weight: 3, arbitrary: dateTime(number(2020, 2030)).map(written) },
	dateTime(number(1679, 2260)).map(written),
	fc.constantFrom<Time>(
		{ json: '"1678-01-01T00:00:00Z"', nanos: BigInt(Date.UTC(1678, 0)) * 1_000_000n },
		{ json: '"2261-12-31T23:59:59.999999999Z"', nanos: BigInt(Date.UTC(2262, 0)) * 1_000_000n - 1n },
		{ json: '"1969-12-31T23:59:59.999999999Z"', nanos: -1n },
		{ json: '"1970-01-01T00:00:00Z"', nanos: 0n },
	),
);

export const badTime: fc.Arbitrary<Time> = fc.oneof(
	dateTime(fc.oneof(number(100, 1676), number(2263, 9999)))
		.map(written)
		.map(({ json }) => ({ json })),
	fc
		.constantFrom(
			...[
				'"0000-01-01T00:00:00Z"',
				'"0001-01-01T00:00:00Z"',
				'"9999-12-31T23:59:59.999999999-23:59"',
				'"2026-02-30T00:00:00Z"',
			],
			...['"+012026-02-11T09:00:00Z"', '"-0001-01-01T00:00:00Z"', '"2026-W07-3T09:00:00Z"', '"2026-042T09:00:00Z"'],
			...[
				'"20260211T090000Z"',
				'"2026-02-11"',
				'"2026-02-11T24:00:00Z"',
				'"2026-02-11T09:00:61Z"',
				'"2026-02-11T09Z"',
				'"09:00"',
			],
			...[
				'"P1D"',
				'"soon"',
				'""',
				'"\\ud800"',
				'null',
				'true',
				'1770800400',
				'1e400',
				'[]',
				'{}',
				'["2026-02-11T09:00:00Z"]',
			],
		)
		.map((json) => ({ json })),
	fc.constant({}),
);
