/** What a trigger has saved, of this version and of earlier ones. */
import type { Walk } from '../../../../core/walk/contract';
import { encode as encodeState, streamForm } from '../../../../core/walk/codec';
import { decode, encode } from '../../../../nodes/shared/trigger/saved';

const before = {
	...{ version: 2, fingerprint: 'x', name: 'y', saves: 3, start: '1', watermark: '9', sweptAt: 1 },
	...{ anchors: [['a', '7']], neverClimb: true, seen: [['a', '7']] },
};
const walk = { windows: [['9', null]], position: { before: 'c' }, pages: 1, rejections: 0 };
const kept = { anchors: [['a', '7']], neverClimb: true };

it('keeps where reading upwards may begin', () => {
	const state = decode(before)!;
	expect(state.stream).toMatchObject({ start: 1n, watermark: 9n, kept });
	expect(decode(JSON.parse(JSON.stringify(encode(state))))).toEqual(state);
});

it('goes on with a walk, and begins one that reads upwards again', () => {
	expect(decode({ ...before, walk })!.stream.walk).toMatchObject({ windows: [{ lower: 9n }], pages: 1 });
	const { stream } = decode({ ...before, walk: { ...walk, climbing: 'a' } })!;
	expect(stream).toMatchObject({ kept });
	expect(stream.walk).toBeUndefined();
});

it('reads what it writes, all of a walk', () => {
	const whole: Required<Walk> = {
		windows: [{ lower: 1n, upper: 5n }, { lower: 5n }],
		...{ position: { before: 'c' }, begun: { before: 'a' }, startedAt: 6n, oldest: 4n, below: 3n },
		...{ pages: 2, rejections: 1, size: 7, skim: true },
	};
	const state = decode(before)!;
	const walking = { ...state, stream: { ...state.stream, walk: whole } };
	expect(decode(JSON.parse(JSON.stringify(encode(walking))))).toEqual(walking);
});

it('writes of a stream what a column holds', () => {
	const { stream } = decode(before)!;
	expect(JSON.stringify(encode({ ...decode(before)!, stream }).stream)).toBe(encodeState(streamForm, stream));
});

it('never gives two copies one object: n8n wraps what it is given', () => {
	const state = decode({ ...before, walk: { ...walk, begun: { before: 'a' } } })!;
	const [one, other] = [encode(state), encode(state)].map(
		({ stream }) => stream as Record<string, Record<string, object>>,
	);
	expect(one).toEqual(other);
	for (const [a, b] of [
		[one!['kept'], other!['kept']],
		[one!['walk']!['position'], other!['walk']!['position']],
	])
		expect(a).not.toBe(b);
});
