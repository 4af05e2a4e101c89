import { hash128 } from '../../../core/record/hash';

// vectors: the FNV specification (draft-eastlake-fnv), 128 bits, variant 1a
it.each([
	['', '6c62272e07bb014262b821756295c58d'],
	['a', 'd228cb696f1a8caf78912b704e4a8964'],
	['foobar', '343e1662793c64bf6f0d3597ba446f18'],
])('hashes %j as the specification says', (text, expected) => {
	expect(hash128(text)).toBe(expected);
});
