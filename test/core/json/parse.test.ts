import fc from 'fast-check';
import { parseAnswer } from '../../../core/json/parse';

const parse = (text: string) => parseAnswer(Buffer.from(text));
const textsOf = (text: string) =>
	new Map([...parse(text).lists].map(([key, elements]) => [key, elements.map(({ raw }) => raw)]));

/** What a parser makes of it, or that it refuses it. */
function outcome(parser: (text: string) => unknown, text: string): unknown {
	try {
		return { json: parser(text) };
	} catch (error) {
		expect(error).toBeInstanceOf(SyntaxError);
		return 'no JSON';
	}
}

/** What `JSON.parse` takes, and the same; what it refuses, unless the fault lies within one element. */
function like(text: string): void {
	const whole = outcome(JSON.parse, text.replace(/^\uFEFF/, ''));
	const ours = outcome((one) => parse(one).json, text);
	const isBroken = ours !== 'no JSON' && [...parse(text).lists.values()].flat().some(({ json }) => json === undefined);
	if (isBroken) expect(whole).toBe('no JSON');
	else expect(ours).toStrictEqual(whole);
}

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
	const texts = textsOf(`{"meta":{"events":[0]},\n "events" : [ ${elements.join(' ,\n ')} ] , "next":"]"}`);
	expect(texts).toEqual(new Map([['events', elements]]));
});

test('a bare list is cut too, an empty one has no elements, anything else has no lists', () => {
	expect(parse(' [1, {"a":2}]').json).toEqual([1, { a: 2 }]);
	expect(textsOf(' [1, {"a":2}]')).toEqual(new Map([['', ['1', '{"a":2}']]]));
	expect(textsOf('{"events":[ ]}')).toEqual(new Map([['events', []]]));
	expect(parse('{"events":{}}').lists.size).toBe(0);
	expect(parse('"[1]"')).toEqual({ json: '[1]', lists: new Map() });
	expect(parse('{"a":[1],"a":null}')).toEqual({ json: { a: null }, lists: new Map() });
});

test.each([
	'{"a":NaN}',
	'NaN',
	'-Infinity',
	'undefined',
	'{"a":01}',
	'{"a":.5}',
	'{"a":0x1F}',
	"{'a':'it''s'}",
	'{a:1}',
	'{"a":1,}',
	'{"a":"\n"}',
	'{"a":"\\x41"}',
	'{"a":1 /* one */}',
	'{"a":[1}',
	'{"a":1}}',
	'{"a":1} {"b":2}',
	'"a":1',
	'',
])('one element that is not JSON, %s, leaves the others what they are', (broken) => {
	const { json, lists } = parse(`{"data":[{"a":1}, ${broken} ,{"b":[2]}],"has_more":false}`);
	expect(json).toEqual({ data: [{ a: 1 }, undefined, { b: [2] }], has_more: false });
	expect(lists.get('data')![1]).toEqual({ raw: broken, json: undefined });
});

test('an element that does not end takes what follows it in the list, and no more', () => {
	const { json } = parse('{"data":[{"a":1},{"b":{"c":2},{"d":3}],"has_more":false}');
	expect(json).toEqual({ data: [{ a: 1 }, undefined], has_more: false });
});

test.each([
	'{"data":[{"a":1},{"b"',
	'{"data":[{"a":1},',
	'{"data":[{"a":1}]',
	'{"data":[{"a":1}],"n":NaN}',
	'[{"a":1},',
])('an answer that is cut off, or no JSON around its lists, is refused as a whole: %s', (text) => {
	expect(() => parse(text)).toThrow(SyntaxError);
});

test('an element with bytes that are not UTF-8 keeps them; one with a U+FFFD of its own has nothing to keep', () => {
	const bytes = Buffer.concat([Buffer.from('["a'), Buffer.from([0xff]), Buffer.from('","\ufffd"]')]);
	const [broken, whole] = parseAnswer(bytes).lists.get('')!;
	expect(broken).toEqual({ raw: '"a\ufffd"', json: 'a\ufffd', bytes: bytes.subarray(1, 5) });
	expect(whole).toEqual({ raw: '"\ufffd"', json: '\ufffd' });
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

describe('a list that is not a member of the answer itself', () => {
	const read = (text: string) => parseAnswer(Buffer.from(text), ['data', 'items']);
	const texts = (text: string) =>
		read(text)
			.lists.get('data.items')
			?.map(({ raw }) => raw);

	test('keeps its elements byte for byte, and the lists beside it', () => {
		const text = '{"data":{"other":[1],"items":[ {"id":9007199254740993} , 1.0 ],"n":2},"more":["x"]}';
		expect(texts(text)).toEqual(['{"id":9007199254740993}', '1.0']);
		expect(
			read(text)
				.lists.get('more')
				?.map(({ raw }) => raw),
		).toEqual(['"x"']);
		expect(read(text).json).toStrictEqual(JSON.parse(text));
	});

	test('one element that is not JSON does not take the others with it', () => {
		expect(texts('{"data":{"items":[{"a":1},{broken},2]}}')).toEqual(['{"a":1}', '{broken}', '2']);
		expect(read('{"data":{"items":[{broken}]}}').json).toEqual({ data: { items: [undefined] } });
	});

	test.each(['{"data":[1]}', '{"data":null}', '{"items":[1]}', '{"data":{"items":{"items":[1]}}}', '[1]'])(
		'is not found elsewhere: %s',
		(text) => {
			expect(texts(text)).toBeUndefined();
			expect(read(text).json).toStrictEqual(JSON.parse(text));
		},
	);

	test('of duplicate keys the last one counts', () => {
		expect(texts('{"data":{"items":[1]},"data":{"items":[2]}}')).toEqual(['2']);
		expect(texts('{"data":{"items":[1],"items":[3]}}')).toEqual(['3']);
		expect(texts('{"data":{"items":[1]},"data":{}}')).toBeUndefined();
		expect(texts('{"data":{"items":[1]},"data":5}')).toBeUndefined();
	});
});
