/** A search through very many letters lets others have their turn, and ends. */
import { chosen, search, type Look } from '../../../forwarder/store/letterSearch';

/** So many letters, of which each thousandth fits, and each of which takes so long. */
function letters(count: number, microsEach: number) {
	let nowMs = 0;
	const steps: number[] = [];
	const look: Look = (below, most) => {
		const from = Math.min(below, count + 1);
		const looked = Math.min(most, from - 1);
		const ids = Array.from({ length: looked }, (_, i) => from - 1 - i);
		nowMs += (looked * microsEach) / 1000;
		steps.push((looked * microsEach) / 1000);
		return { looked, last: ids.at(-1) ?? 0, found: ids.filter((id) => id % 1000 === 0) };
	};
	return { look, steps, now: () => nowMs };
}

test('all are looked at, the newest first, in steps that are as long as they should be', async () => {
	const { look, steps, now } = letters(1_000_000, 20);
	let turns = 0;
	const others = setInterval(() => turns++);
	const { ids, looked, isCut } = await search(look, { stepMs: 10, now });
	clearInterval(others);
	expect([ids.length, ids[0], ids.at(-1), looked, isCut]).toEqual([1000, 1_000_000, 1000, 1_000_000, false]);
	expect(Math.max(...steps)).toBeLessThan(20);
	expect(turns).toBeGreaterThan(10);
	// what is quick is not cut into very many
	expect(steps.length).toBeLessThan(4000);
});

test('letters that take long, each, are looked at a few at a time', async () => {
	const { look, steps, now } = letters(1000, 5000);
	expect(await search(look, { stepMs: 10, now })).toMatchObject({ ids: [1000], looked: 1000 });
	expect(steps.at(-2)).toBe(50);
});

test('when the time is over it says how far it came', async () => {
	const { look, now } = letters(1_000_000, 100);
	const { ids, looked, isCut } = await search(look, { stepMs: 10, limitMs: 5000, now });
	expect(isCut).toBe(true);
	expect(looked).toBeGreaterThan(49_000);
	expect(looked).toBeLessThan(52_000);
	expect(ids[0]).toBe(1_000_000);
	expect(ids).toHaveLength(Math.ceil((looked - 1) / 1000));
});

test('of none there is nothing to find', async () => {
	expect(await search(letters(0, 1).look, { stepMs: 10 })).toEqual({ ids: [], looked: 0, isCut: false });
});

test('only what says something is searched for', async () => {
	const find = async () => ({ ids: [7], looked: 9, isCut: false });
	const none = () => Promise.reject(new Error('searched'));
	expect(await chosen([3], none)).toEqual([3]);
	expect(await chosen({ stream: 'dr' }, none)).toEqual({ stream: 'dr' });
	expect(await chosen({ stream: 'dr', text: 'x' }, find)).toEqual([7]);
});
