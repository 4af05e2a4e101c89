/** JSON texts that no serializer of ours would write, and texts that are none. */
import fc from 'fast-check';

/** From nothing to 2 MB, every size as likely as twice that size. */
const size = (most: number) =>
	fc.double({ min: 0, max: Math.log2(most + 1), noNaN: true }).map((power) => Math.floor(2 ** power) - 1);

const digits = (length: number) => '1234567890'.repeat(Math.ceil(length / 10)).slice(0, length);

const number = fc.oneof(
	fc.constantFrom('0', '-0', '1.0', '1e400', '-1E-400', '9007199254740993', '18446744073709551616', '1.50'),
	size(20_000).map((length) => `1${digits(length)}.5${digits(length)}e-${digits(2)}`),
);

const text = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 8 }).map((letters) => JSON.stringify(letters)),
	fc.constantFrom('""', '"\\ud800"', '"x\\udc00\\ud83dy"', '"\\u0000"', '"\ufeff\u2028\ufffd"', '"__proto__"', '"\\/"'),
);

const NAMES = [
	...['id', 'type', 'label', 'name', 'email', 'identity', 'subjectId', 'authority', 'apiRequest', 'apiResponse', 'url'],
	...['statusCode', 'remoteAddresses', 'action', 'event', 'severity', 'level', 'status', 'success', 'outcome', 'actor'],
	...['user', 'user_id', 'account_id', 'ip', 'entry_hash', 'prev_hash', '__proto__', 'constructor', 'toString'],
];
const name = fc.oneof(fc.constantFrom(...NAMES), fc.string({ unit: 'binary', maxLength: 3 }));
const space = fc.constantFrom('', '', ' ', '\n\t');

/** Of every type, nested a little. */
export const { value } = fc.letrec<{ value: string }>((tie) => ({
	value: fc.oneof(
		{ maxDepth: 3, depthSize: 'small' },
		fc.constantFrom('null', 'true', 'false', '[]', '{}'),
		text,
		number,
		fc.array(tie('value'), { maxLength: 3 }).map((all) => `[${all.join(', ')}]`),
		fc
			.array(fc.tuple(name, space, tie('value')), { maxLength: 4 })
			.map((all) => `{${all.map(([key, gap, inner]) => `${JSON.stringify(key)}${gap}:${inner}`).join(',')}}`),
	),
}));

/** Large in one way. */
export const large = fc.oneof(
	size(2_000_000).map((length) => `"${'x'.repeat(length)}"`),
	size(1_000_000).map((length) => `"${'\\"'.repeat(length)}"`),
	size(700_000).map((length) => `"${'€'.repeat(length)}"`),
	size(100_000).map((depth) => `[${'['.repeat(depth)}${']'.repeat(depth)}]`),
	size(100_000).map((depth) => `${'{"a":'.repeat(depth)}0${'}'.repeat(depth)}`),
	size(1_000_000).map((length) => `1${digits(length)}`),
	size(5_000).map(
		(count) => `[${Array.from({ length: count }, (_, index) => `{"type":"t","id":1${digits(17)}${index}}`).join()}]`,
	),
);

/** Members that make the object they stand in no JSON, with their brackets and quotes in pairs. */
export const noMember = fc.constantFrom(
	...['"x":NaN', '"x":-Infinity', '"x":undefined', '"x":None', '"x":True', '"x":01', '"x":.5', '"x":1.', '"x":+1'],
	...[
		'"x":0x1F',
		"'x':1",
		'x:1',
		'"x":\'a b\'',
		'"x":"\n"',
		'"x":"\u0000"',
		'"x":"\\x41"',
		'"x":"\\u12"',
		'"x":1 /* y */',
	],
	...['"x"', '"x":', ':1', '"x":[1,]', '"x":1 2', '\ufeff"x":1', '"x":"a"b"c"', '"x":nul', '"x":{,}', ''],
);

/** Elements that are not objects, or nothing at all. */
export const noObject = fc.oneof(
	fc.constantFrom(
		'',
		'null',
		'true',
		'7',
		'"text"',
		'[]',
		'[{"id":"e1"}]',
		'NaN',
		'undefined',
		'\ufeff',
		'\\',
		';',
		':',
	),
	text,
	number,
);

/** Bytes that are not UTF-8: a lone lead, an overlong form, half a surrogate pair, a lead without what follows it. */
export const noUtf8 = fc.constantFrom(
	[0xff],
	[0xe9],
	[0xc0, 0x80],
	[0xed, 0xa0, 0x80],
	[0xf0, 0x9f],
	[0xe2, 0x28, 0xa1],
	[0x80],
);
