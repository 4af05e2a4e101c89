import { anchors } from '../../../providers/auditapi/anchors';
import { NotAdjacent } from '../../../providers/auditapi/climb';
import { PositionRejected } from '../../../core/http/failure';

const key = (id: string, time: bigint) => ({ id, time });
const kept = anchors.settle(undefined, 10n, [key('a', 5n), key('c', 7n), key('b', 6n), key('d', 8n)]);

it('begins at the newest event that is older than the watermark', () => {
	expect(anchors.begin(kept, 10n)).toEqual({ before: 'd' });
	expect(anchors.begin(kept, 8n)).toEqual({ before: 'c' });
	expect(anchors.begin(kept, 6n)).toBeUndefined();
	expect(anchors.begin(undefined, 10n)).toBeUndefined();
});

it('keeps three, and none that is not older than the watermark any more', () => {
	expect(kept).toEqual({
		anchors: [
			['d', '8'],
			['c', '7'],
			['b', '6'],
		],
	});
	expect(anchors.settle(kept, 8n, [key('e', 4n)])).toEqual({
		anchors: [
			['c', '7'],
			['b', '6'],
			['e', '4'],
		],
	});
	expect([anchors.lowest(kept), anchors.lowest(undefined)]).toEqual([6n, undefined]);
});

it('begins at another event when one is refused, and never again where reading upwards skips events', () => {
	const other = anchors.refused(kept, { before: 'd' }, new PositionRejected('gone'));
	expect(anchors.begin(other, 10n)).toEqual({ before: 'c' });
	const never = anchors.refused(kept, { before: 'd' }, new NotAdjacent('skips'));
	expect(anchors.begin(never, 10n)).toBeUndefined();
	expect(anchors.begin(anchors.settle(never, 10n, [key('f', 9n)]), 10n)).toBeUndefined();
});

it.each([{ anchors: 'a' }, { anchors: [null, ['a'], ['a', 'b'], [1, '2']] }, { neverClimb: 'no' }])(
	'reads downwards when %j is kept',
	(broken) => {
		expect([anchors.begin(broken, 10n), anchors.lowest(broken)]).toEqual([undefined, undefined]);
	},
);
