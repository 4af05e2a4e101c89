/** What a trigger has saved, of this version and of earlier ones. */
import type { Walk } from '../../../../core/walk/contract';
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
	expect(decode({ ...before, walk: { ...walk, climbing: 'a' } })!.stream).toMatchObject({ walk: undefined, kept });
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
