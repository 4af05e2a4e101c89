import { decodeState, encodeState } from '../../../forwarder/store/codec';
import type { Walk } from '../../../core/walk/contract';

test('an id or a cursor that looks like a written bigint comes back as the text that it is', () => {
	const anchors = ['5n', '-5n', '~5n', '~~-5n', '5', 'n', '~'].map((id, at) => ({ id, time: BigInt(-at) }));
	expect(decodeState(encodeState(anchors))).toEqual(anchors);
	const walk: Walk = {
		windows: [{ lower: 5n }],
		position: { cursor: '42n' },
		begun: { before: '7n' },
		pages: 0,
		rejections: 0,
	};
	expect(decodeState<Walk>(encodeState(walk))).toEqual(walk);
});

test('what an earlier version has written means the same', () => {
	expect(decodeState('[{"id":"a","time":"-12n"}]')).toEqual([{ id: 'a', time: -12n }]);
});
