import { exactTexts } from '../../../core/json/scan';

test('of duplicate keys the last one counts, as for JSON.parse', () => {
	expect(exactTexts('{"a":1,"a":2}')(['a'])).toBe('2');
	expect(exactTexts('{"a":{"b":1},"a":{}}')(['a', 'b'])).toBeUndefined();
});

test('exact text of a scalar keeps all digits; containers and null have none', () => {
	const exact = exactTexts('{"p":{"user_id":9007199254740993,"s":"\\u00e9","n":null,"o":{}}, "ä":[0, {"b" : 1.0}]}');
	expect(exact(['p', 'user_id'])).toBe('9007199254740993');
	expect(exact(['p', 's'])).toBe('é');
	expect(exact(['p', 'n'])).toBeUndefined();
	expect(exact(['p', 'o'])).toBeUndefined();
	expect(exact(['q', 'o'])).toBeUndefined();
	expect(exact(['ä', 1, 'b'])).toBe('1.0');
});
