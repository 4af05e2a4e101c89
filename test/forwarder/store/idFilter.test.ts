/** The filter of ids: it may take another id for one of its own, now and then; never the other way round. */
import { createHash } from 'node:crypto';
import { IdFilter } from '../../../forwarder/store/idFilter';

const hashOf = (n: number) => {
	const digest = createHash('sha1').update(String(n)).digest();
	return { high: digest.readUInt32BE(0), low: digest.readUInt32BE(4) };
};

test('holds what was added, and next to nothing else, when it is full', () => {
	const filter = new IdFilter(20_000);
	for (let n = 0; n < 20_000; n++) filter.add(hashOf(n));
	expect(filter.isFull).toBe(true);
	expect(Array.from({ length: 20_000 }, (_, n) => filter.mayHold(hashOf(n)))).not.toContain(false);
	const mistaken = Array.from({ length: 200_000 }, (_, n) => filter.mayHold(hashOf(20_000 + n))).filter(Boolean);
	expect(mistaken.length).toBeLessThan(10);
});

test.each([
	[0, 0],
	[0xffffffff, 0xffffffff],
	[0xffffffff, 0],
	[0, 0xffffffff],
])('holds the extremes: %i, %i', (high, low) => {
	const filter = new IdFilter(16);
	expect(filter.mayHold({ high, low })).toBe(false);
	filter.add({ high, low });
	expect(filter.mayHold({ high, low })).toBe(true);
});
