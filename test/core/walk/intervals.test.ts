import fc from 'fast-check';
import { firstOpen, merged, type Interval } from '../../../core/walk/intervals';

const interval = fc
	.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 12 }))
	.map(([from, length]): Interval => ({ from: BigInt(from), to: BigInt(from + length) }));
const intervals = fc.array(interval, { maxLength: 8 });

const has = (list: readonly Interval[], at: bigint) => list.some(({ from, to }) => from <= at && at < to);
const instants = Array.from({ length: 60 }, (_, at) => BigInt(at));

test('merging keeps every instant and adds none', () => {
	fc.assert(fc.property(intervals, (list) => instants.every((at) => has(merged(list), at) === has(list, at))));
});

test('merged intervals are in order, apart and not empty', () => {
	fc.assert(
		fc.property(intervals, (list) => {
			const result = merged(list);
			return result.every(({ from, to }, i) => from < to && (i === 0 || result[i - 1]!.to < from));
		}),
	);
});

test('merging leaves what it was given alone, and once is enough', () => {
	fc.assert(
		fc.property(intervals, (list) => {
			const copy = structuredClone(list);
			const once = merged(list);
			expect(list).toEqual(copy);
			expect(merged(once)).toEqual(once);
		}),
	);
});

test('partition by partition, a span is read whole, what is covered is left out, and nothing is read twice', () => {
	fc.assert(
		fc.property(interval, intervals, fc.integer({ min: 1, max: 9 }), (span, list, width) => {
			const covered = merged(list);
			const read: Interval[] = [];
			for (let from = span.from; ;) {
				const next = firstOpen({ from, to: span.to }, BigInt(width), covered);
				if (!next) break;
				expect(next.to - next.from <= BigInt(width) && next.from < next.to).toBe(true);
				read.push(next);
				from = next.to;
			}
			for (const at of instants) {
				const times = read.filter((one) => has([one], at)).length;
				expect(times).toBe(has([span], at) && !has(covered, at) ? 1 : 0);
			}
		}),
	);
});
