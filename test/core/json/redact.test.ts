import { redact } from '../../../core/json/redact';

const event =
	'{ "a": {"token": ["x", {"y": 1}], "n": 9007199254740993}, "list":[{"secret":"s1"},{"secret":"s2","keep":1.0}], "token":"top" }';

test('replaces the value at a path and leaves every other byte', () => {
	expect(redact(event, 'a.token')).toBe(event.replace('["x", {"y": 1}]', '"[REDACTED]"'));
});

test('enters lists without a part of their own', () => {
	expect(redact(event, 'list.secret')).toBe(event.replace('"s1"', '"[REDACTED]"').replace('"s2"', '"[REDACTED]"'));
});

test('takes an index and a star', () => {
	expect(redact(event, 'list.1.secret')).toBe(event.replace('"s2"', '"[REDACTED]"'));
	expect(redact(event, 'list.*.secret')).toBe(redact(event, 'list.secret'));
	expect(redact('{"a":{"x":1,"y":[2]}}', 'a.*')).toBe('{"a":{"x":"[REDACTED]","y":"[REDACTED]"}}');
});

test('replaces every one of duplicate keys', () => {
	expect(redact('{"k":"one","k":"two"}', 'k')).toBe('{"k":"[REDACTED]","k":"[REDACTED]"}');
});

test('a text that is nested deeper than calls can be is read once', () => {
	const deep = (inner: string) => `{"a":${'['.repeat(100_000)}${inner}${']'.repeat(100_000)}}`;
	expect(redact(deep('{"k":"s"}'), 'a.k')).toBe(deep('{"k":"[REDACTED]"}'));
});

test.each([
	['{"k":"secret","n":NaN}', '{"k":"[REDACTED]","n":NaN}'],
	['{"\\x":1,"k":"secret"}', '{"\\x":1,"k":"[REDACTED]"}'],
	['{"k":"secret"', '{"k":"[REDACTED]"'],
	['{"k":', '{"k":"[REDACTED]"'],
	['{,}]{"k":1}', '{,}]{"k":1}'],
	['', ''],
])('of what is not JSON it replaces what it can find: %s', (text, redacted) => {
	expect(redact(text, 'k')).toBe(redacted);
});

test('leaves the text alone when nothing is there', () => {
	expect(redact(event, 'a.missing.deeper')).toBe(event);
	expect(redact('"text"', 'a')).toBe('"text"');
});
