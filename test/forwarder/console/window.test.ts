import { askedFor, extentOf } from '../../../forwarder/console/views/overview/window';

const ROW = 46;
const HEIGHT = 920;
const at = (above: number, total = 10_000) => extentOf(above, HEIGHT, ROW, total);

test('of ten thousand rows some screens are drawn, wherever one is', () => {
	for (const above of [-400, 0, 20_000, 459_000]) {
		const { from, to } = at(above);
		expect(to - from).toBeLessThan(60);
	}
});

test('every row that is seen is drawn', () => {
	for (let above = 0; above <= 10_000 * ROW - HEIGHT; above += 5_431) {
		const { from, to } = at(above);
		expect(from * ROW).toBeLessThanOrEqual(above);
		expect(to * ROW).toBeGreaterThanOrEqual(above + HEIGHT);
	}
});

test('every row that is drawn is asked for', () => {
	for (let above = 0; above <= 10_000 * ROW; above += 1_777) {
		const { from, to } = at(above);
		const { offset, limit } = askedFor({ from, to });
		expect(offset).toBeLessThanOrEqual(from);
		expect(offset + limit).toBeGreaterThanOrEqual(to);
		expect(limit).toBeLessThanOrEqual(500);
	}
});

test('a turn of the wheel asks for nothing new', () => {
	expect(askedFor(at(20 * ROW))).toEqual(askedFor(at(22 * ROW)));
});

test('a list that has become short has no rows beyond its end', () => {
	expect(at(50_000, 3)).toEqual({ from: 3, to: 3 });
	expect(at(-300, 3)).toEqual({ from: 0, to: 3 });
	expect(askedFor({ from: 0, to: 0 })).toEqual({ offset: 0, limit: 20 });
});
