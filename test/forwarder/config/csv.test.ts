import { parseCsv } from '../../../forwarder/config/csv';

test.each([
	[
		'lines',
		'a,b\nc,d\n',
		[
			[1, 'a', 'b'],
			[2, 'c', 'd'],
		],
	],
	[
		'no line break at the end',
		'a,b\r\nc,d',
		[
			[1, 'a', 'b'],
			[2, 'c', 'd'],
		],
	],
	[
		'empty lines',
		'a\n\n\nb\n\n',
		[
			[1, 'a'],
			[4, 'b'],
		],
	],
	[
		'empty values',
		'a,\n,b\n""\n',
		[
			[1, 'a', ''],
			[2, '', 'b'],
			[3, ''],
		],
	],
	[
		'quotes',
		'"a, ""b""","c\nd"\ne\n',
		[
			[1, 'a, "b"', 'c\nd'],
			[3, 'e'],
		],
	],
	['nothing', '', []],
])('%s', (_name, text, rows) => {
	expect(parseCsv(text)).toEqual(rows.map(([line, ...cells]) => ({ line, cells })));
});

test.each([
	['a quote that is not closed', 'a\n"b\nc\n', 2],
	['a quote within a value', 'a\nb"c\n', 2],
	['something after a quote', 'a\n"b"c\n', 2],
])('%s', (_name, text, line) => {
	expect(parseCsv(text)).toMatchObject({ line });
});
