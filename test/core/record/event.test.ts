import type { InvalidEvent, SourceEvent } from '../../../core/contract';
import { readEvent } from '../../../core/record/event';
import { hash128 } from '../../../core/record/hash';
import { idOf } from '../../../core/record/ids';
import { parseAnswer } from '../../../core/json/parse';

const TIME = '"at":"2026-02-11T09:00:00Z"';

function read(element: string | Buffer): SourceEvent | InvalidEvent {
	const page = Buffer.concat([Buffer.from('['), Buffer.from(element), Buffer.from(']')]);
	const [found] = parseAnswer(page).lists.get('')!;
	return readEvent(found!, idOf(found!, 'id'), 'at');
}

const bytes = (...parts: (string | number)[]) =>
	Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))));

test('two ids that differ only in bytes that are not UTF-8 are two events, and it is said that bytes are lost', () => {
	const [one, other] = [0xe9, 0xea].map((byte) => bytes(`{${TIME},"id":"Ren`, byte, '"}'));
	expect(read(one!)).toMatchObject({ id: `h:${hash128(one!)}`, isReplaced: true, json: { id: 'Ren\ufffd' } });
	expect(read(other!)).toMatchObject({ id: `h:${hash128(other!)}`, isReplaced: true });
	expect(read(one!).id).not.toBe(read(other!).id);
});

test('bytes lost elsewhere leave the id what it is', () => {
	const name = bytes(`{${TIME},"id":"e1","name":"Ren`, 0xe9, '"}');
	expect(read(name)).toMatchObject({ id: 'e1', isReplaced: true, raw: `{${TIME},"id":"e1","name":"Ren\ufffd"}` });
});

test('a U+FFFD that the provider sent is a letter as any other', () => {
	const event = read(`{${TIME},"id":"Ren\ufffd"}`);
	expect(event.id).toBe('Ren\ufffd');
	expect(event).not.toHaveProperty('isReplaced');
});

test.each([
	['half a surrogate pair, which cannot be stored or sent', '"\\ud800"'],
	['a name that we make up for others', '"h:6c62272e07bb014262b821756295c58d"'],
	['a name that the walk makes up for others', '"?e1"'],
	['nothing', '""'],
	['null', 'null'],
	['a flag', 'true'],
	['a list', '["e1"]'],
	['an object', '{"id":"e1"}'],
	['megabytes', `"${'x'.repeat(2_000_000)}"`],
])('an event whose id is %s is known by its text', (_what, id) => {
	const raw = `{${TIME},"id":${id}}`;
	expect(read(raw)).toMatchObject({ id: `h:${hash128(raw)}`, raw });
});

test.each([
	['"e\\u0000\\u001f"', 'e\u0000\u001f'],
	['"\\ud83d\\ude00"', '😀'],
	['7', '7'],
	['9007199254740993', '9007199254740993'],
	['1.50', '1.50'],
	['1e400', '1e400'],
	[`1${'0'.repeat(400)}`, `1${'0'.repeat(400)}`],
	['"first","id":"last"', 'last'],
	['9007199254740993,"id":9007199254740995', '9007199254740995'],
	['9007199254740993,"id":"text"', 'text'],
])('an id %s keeps all of it: %j', (id, expected) => {
	expect(read(`{${TIME},"id":${id}}`).id).toBe(expected);
});

test('elements that are not events are each known by themselves, also under one id', () => {
	const ids = ['"soon"', '"later"', '7', 'null'].map((at) => read(`{"id":"e1","at":${at}}`).id);
	expect(new Set(ids).size).toBe(4);
	expect(ids.every((id) => id.startsWith('e1#'))).toBe(true);
});

test.each([
	['1678-01-01T00:00:00Z', undefined],
	['2261-12-31T23:59:59.999999999Z', undefined],
	['1677-12-31T23:59:59.999999999Z', 'the time in at is outside the years 1678 to 2261'],
	['2262-01-01T00:00:00Z', 'the time in at is outside the years 1678 to 2261'],
	['0000-01-01T00:00:00Z', 'the time in at is outside the years 1678 to 2261'],
	['9999-12-31T23:59:59-23:59', 'the time in at is outside the years 1678 to 2261'],
	['+12026-01-01T00:00:00Z', 'no usable time in at'],
	['2026-02-11', 'no usable time in at'],
])('a time of %s is what 64 bits hold, or the element is not an event: %s', (at, reason) => {
	expect((read(`{"id":"e1","at":"${at}"}`) as Partial<InvalidEvent>).reason).toBe(reason);
});
