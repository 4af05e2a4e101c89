import fc from 'fast-check';
import { isCut, skimmer } from '../../../core/json/skim';

/** Piece by piece, as it comes from a connection. */
function skimmed(text: string, pieceSize = 65_536): string {
	const skim = skimmer();
	const bytes = Buffer.from(text);
	const parts: Uint8Array[] = [];
	for (let at = 0; at < bytes.length; at += pieceSize) parts.push(...skim(bytes.subarray(at, at + pieceSize)));
	return Buffer.concat(parts).toString();
}

const page = (...events: unknown[]) =>
	JSON.stringify({ object: 'list', data: events, has_more: true, next_cursor: 'c' });
const long = 'x'.repeat(50_000);
/** The only element of what was kept. */
const element = (text: string) => (JSON.parse(text) as { data: Record<string, unknown>[] }).data[0]!;

test('what is small stays as it is, byte for byte, wherever it is cut into pieces', () => {
	fc.assert(
		fc.property(fc.array(fc.json(), { maxLength: 5 }), fc.integer({ min: 1, max: 40 }), (events, pieceSize) => {
			const text = ` {"object":"list","data":[${events.join(' , ')}],"next":"ä€😀"}\n`;
			expect(skimmed(text, pieceSize)).toBe(text);
		}),
	);
});

test.each([
	['a long text', { id: 'e1', text: long, at: '2026-01-01T00:00:00Z' }],
	['long texts in a text', { id: 'e1', text: `€😀\\"\n`.repeat(20_000), at: '2026-01-01T00:00:00Z' }],
	['a long name', { id: 'e1', [long]: 1, at: '2026-01-01T00:00:00Z' }],
	[
		'many small values',
		{ id: 'e1', list: Array.from({ length: 200_000 }, () => ({ a: 1 })), at: '2026-01-01T00:00:00Z' },
	],
	[
		'many members',
		{
			id: 'e1',
			of: Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, i])),
			at: '2026-01-01T00:00:00Z',
		},
	],
	[
		'all of it before the id',
		{ list: Array.from({ length: 200_000 }, (_, i) => i), text: long, id: 'e1', at: '2026-01-01T00:00:00Z' },
	],
])('%s: id, time and cursor are kept, it says what is missing, and it is JSON', (_what, event) => {
	for (const pieceSize of [65_536, 7]) {
		const kept = skimmed(page(event), pieceSize);
		expect(kept.length).toBeLessThan(150_000);
		expect(element(kept)).toMatchObject({ id: 'e1', at: '2026-01-01T00:00:00Z' });
		expect(isCut(JSON.stringify(element(kept)))).toBe(true);
		expect(JSON.parse(kept)).toMatchObject({ has_more: true, next_cursor: 'c' });
	}
});

test('a long number, deep nesting and space inside of an element count as left out', () => {
	for (const inside of [
		`1${'0'.repeat(50_000)}`,
		`${'['.repeat(50_000)}${']'.repeat(50_000)}`,
		`${' '.repeat(50_000)}1`,
	]) {
		const kept = skimmed(`{"data":[{"id":"e1","v":${inside},"w":2}],"has_more":false}`);
		expect(kept.length).toBeLessThan(3000);
		expect(element(kept)).toMatchObject({ id: 'e1', w: 2 });
		expect(isCut(kept)).toBe(true);
	}
});

test('an element of a million members is cut as well', () => {
	const members = Array.from({ length: 400_000 }, (_, i) => `"k${i}":${i}`).join();
	const kept = skimmed(`{"data":[{"id":"e1",${members}}],"has_more":false}`);
	expect(kept.length).toBeLessThan(1_100_000);
	expect(element(kept).id).toBe('e1');
	expect(isCut(kept)).toBe(true);
});

test('of several elements only those that are too long are cut, also in a bare list', () => {
	const [small, large] = [JSON.stringify({ id: 'a', n: [1, { b: 2 }] }), JSON.stringify({ id: 'b', text: long })];
	for (const text of [`[${small},${large},${small}]`, `{"events":[${small},${large},${small}],"nextToken":"t"}`]) {
		const kept = skimmed(text);
		expect(kept).toContain(`${small},{"id":"b"`);
		expect(kept.split(small)).toHaveLength(3);
		expect(JSON.parse(kept)).toBeTruthy();
	}
});

test('padding around the elements is dropped and nothing is said to be missing', () => {
	const pad = ' '.repeat(50_000);
	const kept = skimmed(`${pad}{"data":${pad}[${pad}{"id":"e1"}${pad},${pad}{"id":"e2"}${pad}],${pad}"next":1}${pad}`);
	expect(kept.length).toBeLessThan(20_000);
	expect(isCut(kept)).toBe(false);
	expect(JSON.parse(kept)).toEqual({ data: [{ id: 'e1' }, { id: 'e2' }], next: 1 });
});

test('whatever JSON comes, JSON is kept', () => {
	const big = fc.oneof(
		fc.constantFrom(...['1'.repeat(3000), JSON.stringify('\\'.repeat(3000)), JSON.stringify('\u{1f600}'.repeat(900))]),
		fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value)),
		fc.integer({ min: 1, max: 60 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
		fc.constant(`[${Array(40_000).fill('[1,2]').join()}]`),
		fc.constant(`[${Array(40_000).fill('{"a": "b", "c":{}}').join(' , ')}]`),
	);
	const around = fc.constantFrom(
		'[?]',
		'[[?]]',
		'{"a":?}',
		'{"data":[{"x":1,"v":?,"y":2}]}',
		'{"data":[?,?]}',
		'[{"v":{"w":[?,?]},"z":1}]',
	);
	fc.assert(
		fc.property(
			around,
			fc.array(big, { minLength: 2, maxLength: 2 }),
			fc.integer({ min: 1, max: 5000 }),
			(text, values, size) => {
				let at = 0;
				const whole = text.replace(/\?/g, () => values[at++ % 2]!);
				JSON.parse(skimmed(whole, size));
			},
		),
		{ numRuns: 200 },
	);
});
