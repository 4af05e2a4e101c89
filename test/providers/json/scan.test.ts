import fc from 'fast-check';
import { cutElements, cutValue, exactText } from '../../../providers/json/scan';

test('cuts elements byte for byte: spaces, key order, big integers, 1.0, duplicate keys', () => {
	const elements = [
		'{"id":9007199254740993}',
		'{ "b" : 1.0,"a":[ ] , "b":2 }',
		'"x,]}"',
		'null',
		'-1e9',
		'[[],{}]',
		'"\\"]"',
	];
	expect(
		cutElements(`{"meta":{"events":[0]},\n "events" : [ ${elements.join(' ,\n ')} ] , "next":"]"}`, ['events']),
	).toEqual(elements);
});

test('a bare array is cut too, an empty one gives nothing, anything else is undefined', () => {
	expect(cutElements(' [1, 2]')).toEqual(['1', '2']);
	expect(cutElements('{"events":[ ]}', ['events'])).toEqual([]);
	expect(cutElements('{"events":{}}', ['events'])).toBeUndefined();
	expect(cutElements('{}', ['events'])).toBeUndefined();
});

test('of duplicate keys the last one counts, as for JSON.parse', () => {
	expect(cutValue('{"a":1,"a":2}', ['a'])).toBe('2');
});

test('exact text of a scalar keeps all digits; containers and null have none', () => {
	const json = '{"p":{"user_id":9007199254740993,"s":"\\u00e9","n":null,"o":{}}}';
	expect(exactText(json, ['p', 'user_id'])).toBe('9007199254740993');
	expect(exactText(json, ['p', 's'])).toBe('é');
	expect(exactText(json, ['p', 'n'])).toBeUndefined();
	expect(exactText(json, ['p', 'o'])).toBeUndefined();
	expect(exactText(json, ['q', 'o'])).toBeUndefined();
});

test('whatever JSON stands in a list, its elements parse to what JSON.parse sees', () => {
	fc.assert(
		fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 1, '\t'), (values, indent) => {
			const cut = cutElements(JSON.stringify({ a: '[', list: values }, null, indent), ['list']);
			expect(cut?.map((text) => JSON.stringify(JSON.parse(text)))).toEqual(
				values.map((value) => JSON.stringify(value)),
			);
		}),
	);
});

test('text that is no JSON never loops', () => {
	fc.assert(
		fc.property(fc.string(), (text) => {
			try {
				cutElements(`{"a":[${text}`, ['a']);
			} catch (error) {
				expect(error).toBeInstanceOf(SyntaxError);
			}
		}),
	);
});
