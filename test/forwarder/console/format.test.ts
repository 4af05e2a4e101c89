import { count, duration, percent, rate, sentences, several, words } from '../../../forwarder/console/format';

test.each([
	[0, '0 s'],
	[1_499, '1 s'],
	[119_000, '119 s'],
	[120_000, '2 min'],
	[7_200_000, '2 h'],
	[172_800_000, '2 d'],
	[4349 * 86_400_000, '12 y'],
])('%d ms are %s', (ms, text) => {
	expect(duration(ms)).toBe(text);
});

test('figures have as many digits as one reads', () => {
	expect([0, 0.283, 3.14, 41.2, 12_345].map(count)).toEqual(['0', '0.28', '3.1', '41', '12,345']);
});

test('little is counted by the minute, much by the second', () => {
	expect([0, 12, 599, 600].map((perMinute) => rate(perMinute))).toEqual(['0/min', '12/min', '599/min', '10/s']);
	expect([0, 300, 600].map((tick) => rate(tick, 600))).toEqual(['0/s', '5/s', '10/s']);
});

test('what is not complete is never 100 %', () => {
	expect(percent(99.99)).toBe('99.9 %');
	expect(percent(100)).toBe('100.0 %');
});

test('one is one, and names of rules are words', () => {
	expect([several(1, 'source'), several(2, 'source')]).toEqual(['1 source', '2 sources']);
	expect(words('watermark_frozen')).toBe('Watermark frozen');
});

test('what is wrong and what to do are sentences, however others have written them', () => {
	expect(sentences('from: is not a date', 'write a date')).toBe('from: is not a date. Write a date');
	expect(sentences('Did you mean "endpoint"?', 'Mend it')).toBe('Did you mean "endpoint"? Mend it');
	expect(sentences('It answered 500.')).toBe('It answered 500.');
});
