import { cutValue, exactText } from '../../../providers/json/scan';

test('of duplicate keys the last one counts, as for JSON.parse', () => {
	expect(cutValue('{"a":1,"a":2}', ['a'])).toBe('2');
});

test('a value is cut out byte for byte, from lists too', () => {
	expect(cutValue(' {"ä":[0, { "b" : 1.0,"a":[ ] }]}', ['ä', 1])).toBe('{ "b" : 1.0,"a":[ ] }');
	expect(cutValue('{"a":1}', ['b'])).toBeUndefined();
});

test('exact text of a scalar keeps all digits; containers and null have none', () => {
	const json = '{"p":{"user_id":9007199254740993,"s":"\\u00e9","n":null,"o":{}}}';
	expect(exactText(json, ['p', 'user_id'])).toBe('9007199254740993');
	expect(exactText(json, ['p', 's'])).toBe('é');
	expect(exactText(json, ['p', 'n'])).toBeUndefined();
	expect(exactText(json, ['p', 'o'])).toBeUndefined();
	expect(exactText(json, ['q', 'o'])).toBeUndefined();
});
