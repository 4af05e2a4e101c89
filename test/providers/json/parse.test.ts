import fc from 'fast-check';
import { parseAnswer } from '../../../providers/json/parse';

const parse = (text: string) => parseAnswer(Buffer.from(text));

/** What a parser makes of it, or that it refuses it. */
function outcome(parser: (text: string) => unknown, text: string): unknown {
	try {
		return { json: parser(text) };
	} catch (error) {
		expect(error).toBeInstanceOf(SyntaxError);
		return 'no JSON';
	}
}

const like = (text: string) =>
	expect(outcome((one) => parse(one).json, text)).toStrictEqual(outcome(JSON.parse, text.replace(/^\uFEFF/, '')));

test('keeps elements byte for byte: spaces, key order, big integers, 1.0, duplicate keys, letters of any width', () => {
	const elements = [
		'{"id":9007199254740993}',
		'{ "b" : 1.0,"a":[ ] , "b":2 }',
		'"x,]}"',
		'null',
		'-1e9',
		'[[],{}]',
		'"\\"]"',
		'"ë 😀"',
	];
	const { texts } = parse(`{"meta":{"events":[0]},\n "events" : [ ${elements.join(' ,\n ')} ] , "next":"]"}`);
	expect(texts).toEqual(new Map([['events', elements]]));
});

test('a bare list is cut too, an empty one has no elements, anything else has no texts', () => {
	expect(parse(' [1, {"a":2}]')).toEqual({ json: [1, { a: 2 }], texts: new Map([['', ['1', '{"a":2}']]]) });
	expect(parse('{"events":[ ]}').texts).toEqual(new Map([['events', []]]));
	expect(parse('{"events":{}}').texts.size).toBe(0);
	expect(parse('"[1]"')).toEqual({ json: '[1]', texts: new Map() });
	expect(parse('{"a":[1],"a":null}')).toEqual({ json: { a: null }, texts: new Map() });
});

test.each([
	'{"a":[1],"a":5}',
	'{"a":5,"a":[1]}',
	'{"a":[1],"a":[2,3]}',
	'{"__proto__":[1],"b":[]}',
	'{"b":[1],"1":[2]}',
	'\uFEFF{"a":["\uFEFF"]}',
	'{"a":[{"b":1}.5]}',
	'{"a":[1,]}',
	'{"a":[,1]}',
	'{"a":[1 2]}',
	'{"a":[1,\u00a02]}',
	'{"a":[1]',
	'{"a":[1]]}',
	'{"a" [1]}',
	'{"a":[1]5}',
	'{"a":[1] "b":2}',
	'{"a":[{"b":1]}',
	'{a:[1]}',
	'[1]x',
	'[1',
	'[',
	'',
	' ',
])('agrees with JSON.parse on %s', like);

test('agrees with JSON.parse on whatever is JSON', () => {
	const value = fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.array(fc.jsonValue({ maxDepth: 2 }))));
	fc.assert(
		fc.property(value, fc.constantFrom(undefined, 1, '\t'), (json, indent) => like(JSON.stringify(json, null, indent))),
	);
});

test('agrees with JSON.parse on what nearly is', () => {
	const text = fc.dictionary(fc.string({ maxLength: 2 }), fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 3 }));
	const slip = fc.constantFrom('', ',', '[', ']', '{', '}', '"', ':', '1', ' ', '\\', 'é', '.5');
	fc.assert(
		fc.property(text, fc.nat(), fc.nat(3), slip, (json, where, cut, put) => {
			const whole = JSON.stringify(json);
			const at = where % (whole.length + 1);
			like(whole.slice(0, at) + put + whole.slice(at + cut));
		}),
		{ numRuns: 2000 },
	);
});
