import { isDuplicate, Search, Searches } from '../../../core/otlp/search';

interface Item {
	name: number;
	bad: boolean;
}

const records = (count: number, isBad: (name: number) => boolean): Item[] =>
	Array.from({ length: count }, (_, name) => ({ name, bad: isBad(name) }));

/** A receiver that refuses the same records whenever they come. */
const steady = (items: readonly Item[]) => ({ rejected: items.filter(({ bad }) => bad).length, message: 'too long' });

/** Sends what the search asks for. Returns the sizes of the requests. */
function run(search: Search<Item>, receiver: (items: readonly Item[], sent: number) => ReturnType<typeof steady>) {
	const sizes: number[] = [];
	for (let items = search.next(); items; items = search.next()) {
		sizes.push(items.length);
		const { rejected, message } = receiver(items, sizes.length);
		search.answered(rejected, message);
	}
	return { sizes, copies: sizes.reduce((sum, size) => sum + size, 0) };
}

const begin = (items: readonly Item[], { rejected, message } = steady(items)) => new Search(items, rejected, message);
const names = (items: readonly Item[]) => items.map(({ name }) => name);

test('one refused record of 400 is found by sending half as much again as there is', () => {
	const search = begin(records(400, (name) => name === 123));
	const { sizes, copies } = run(search, steady);
	expect(search.refused).toMatchObject([{ item: { name: 123 }, message: 'too long' }]);
	expect(search.taken).toHaveLength(399);
	expect(search.failure).toBeUndefined();
	expect(copies).toBeLessThanOrEqual(600);
	expect(sizes.length).toBeLessThan(20);
});

test.each([
	['those that stand together', (name: number) => name < 100],
	['every hundredth', (name: number) => name % 100 === 99],
	['all but one', (name: number) => name !== 7],
	['five in a row and one elsewhere', (name: number) => (name > 40 && name < 46) || name === 300],
])('finds %s', (_, isBad) => {
	const items = records(500, isBad);
	const search = begin(items);
	const { copies } = run(search, steady);
	expect(names(search.refused.map(({ item }) => item)).sort()).toEqual(names(items.filter(({ bad }) => bad)).sort());
	expect(search.taken).toHaveLength(items.filter(({ bad }) => !bad).length);
	expect(search.doubtful).toEqual([]);
	expect(copies).toBeLessThanOrEqual(1000);
});

test('finds the one at fault wherever it stands, among any number', () => {
	for (let count = 2; count <= 80; count++) {
		for (let bad = 0; bad < count; bad++) {
			const search = begin(records(count, (name) => name === bad));
			expect(run(search, steady).copies).toBeLessThanOrEqual(2 * count);
			expect(names(search.refused.map(({ item }) => item))).toEqual([bad]);
		}
	}
});

test('what was refused as a whole needs no search', () => {
	const search = new Search([1, 2], 9, 'quota');
	expect(search.next()).toBeUndefined();
	expect(search.refused).toEqual([
		{ item: 1, message: 'quota' },
		{ item: 2, message: 'quota' },
	]);
});

/** Every record is in exactly one of the three, and never more is sent than twice what there is. */
test('whatever a receiver says, it ends within its budget, and no record is forgotten or told twice', () => {
	let seed = 11;
	const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
	for (let round = 0; round < 3000; round++) {
		const count = 1 + Math.floor(random() * 60);
		const items = records(count, () => random() < 0.1);
		const proven = new Set<number>();
		const search = begin(items, { rejected: 1 + Math.floor(random() * count), message: 'no' });
		const { copies } = run(search, (some) => {
			// right most of the time, else anything
			const answer =
				random() < 0.8 ? steady(some) : { rejected: Math.floor(random() * 1.2 * some.length), message: 'no' };
			if (answer.rejected === 0) for (const { name } of some) proven.add(name);
			return answer;
		});
		const { taken, doubtful } = search;
		const refused = search.refused.map(({ item }) => item);
		expect(names([...taken, ...refused, ...doubtful]).sort((a, b) => a - b)).toEqual([...items.keys()]);
		expect(copies).toBeLessThanOrEqual(2 * count);
		expect(names(taken).every((name) => proven.has(name))).toBe(true);
		expect(doubtful.length > 0).toBe(search.failure !== undefined && doubtful.length > 0);
		if (search.failure === undefined) expect(doubtful).toEqual([]);
	}
});

describe('ends with the rest in doubt', () => {
	test('when too many are refused here and there to be found within the budget', () => {
		const search = begin(records(512, (name) => name % 4 === 0));
		const { sizes } = run(search, steady);
		expect(search.failure).toMatch(/resend too much/);
		expect(sizes.length).toBeLessThan(40);
	});

	test('when a quota takes what it refused before', () => {
		// the first 300 of a second are taken; the parts come seconds later
		const items = records(512, () => false);
		const search = begin(items, { rejected: 212, message: 'quota' });
		run(search, steady);
		expect(search.doubt).toBe(
			'212 of 512 records refused: quota; unknown which, because its counts changed when parts were sent again',
		);
		expect(search.refused).toEqual([]);
		// what was taken whole meanwhile is taken
		expect(search.taken.length + search.doubtful.length).toBe(512);
	});

	test('when a quota refuses everything from now on: nothing is called refused that was counted otherwise before', () => {
		const search = begin(
			records(512, () => false),
			{ rejected: 212, message: 'quota' },
		);
		run(search, (items, sent) =>
			sent > 8 ? { rejected: items.length, message: 'quota' } : { rejected: 0, message: '' },
		);
		expect(search.failure).toBeDefined();
		expect(search.refused).toEqual([]);
	});

	test('when it always refuses one, whatever comes', () => {
		const search = begin(
			records(100, () => false),
			{ rejected: 1, message: 'sampled' },
		);
		const { sizes } = run(search, () => ({ rejected: 1, message: 'sampled' }));
		expect(search.failure).toMatch(/counts changed/);
		expect(sizes.length).toBe(2);
		expect(search.doubtful).toHaveLength(100);
	});

	test('when it refuses copies because it has them already', () => {
		const search = begin(records(3, (name) => name === 0));
		run(search, (items) => ({ rejected: items.length, message: 'duplicate record id' }));
		expect(search.failure).toMatch(/already has/);
		expect(names(search.doubtful)).toEqual([0, 1, 2]);
	});
});

test.each(['status 409', 'Duplicate event', 'document already exists'])('"%s" speaks of a copy', (words) => {
	expect(isDuplicate(words)).toBe(true);
	expect(isDuplicate('already too long')).toBe(false);
});

describe('after three searches in a row that found nothing out', () => {
	const quota = { rejected: 1, message: 'quota' };
	const failing = (searches: Searches) => {
		const search = searches.begin(
			records(9, () => false),
			quota.rejected,
			quota.message,
		);
		const { sizes } = run(search, () => quota);
		searches.ended(search);
		return sizes.length;
	};

	test('what is refused in part is in doubt at once, until a request is taken whole', () => {
		const searches = new Searches();
		expect([1, 2, 3, 4, 5].map(() => failing(searches))).toEqual([2, 2, 2, 0, 0]);
		searches.taken();
		expect(failing(searches)).toBe(2);
	});

	test('one that found it lets others go on', () => {
		const searches = new Searches();
		for (let round = 0; round < 9; round++) {
			expect(failing(searches)).toBe(2);
			const search = searches.begin(
				records(9, (name) => name === 1),
				1,
				'bad',
			);
			run(search, steady);
			searches.ended(search);
			expect(search.refused).toHaveLength(1);
		}
	});

	test('what is refused as a whole is still refused', () => {
		const searches = new Searches();
		for (let round = 0; round < 4; round++) failing(searches);
		expect(searches.begin([1], 1, 'no')).toMatchObject({ refused: [{ item: 1 }], failure: undefined });
	});
});
