import { firstPollInMs, firstPolls, nextPollInMs } from '../../../forwarder/run/pollTimes';

const MINUTE = 60_000;
const START = Date.parse('2026-02-11T16:00:00Z');

/** Instants of the polls of one source, each of which takes 200 ms. */
function polls(name: string, first: number, until: number): number[] {
	const found: number[] = [];
	for (let at = first; at < until;) {
		found.push(at);
		const over = at + 200;
		at = over + nextPollInMs(name, MINUTE, at, over);
	}
	return found;
}

/** The most polls in one second. */
function busiest(instants: readonly number[]): number {
	const perSecond = new Map<number, number>();
	for (const at of instants) perSecond.set(Math.floor(at / 1000), (perSecond.get(Math.floor(at / 1000)) ?? 0) + 1);
	return Math.max(...perSecond.values());
}

const tenants = Array.from({ length: 500 }, (_, index) => `tenant-${index}`);

test('a relay with a few sources polls all of them at once', () => {
	expect(firstPollInMs(0, 1, MINUTE)).toBe(0);
	expect(firstPollInMs(9, 10, MINUTE)).toBe(0);
});

test('500 sources never ask in one second more than three times as often as in the mean', () => {
	const all = tenants.flatMap((name, at) => polls(name, START + firstPollInMs(at, 500, MINUTE), START + 10 * MINUTE));
	expect(busiest(all)).toBeLessThanOrEqual(3 * (500 / 60));
});

test('after an outage that held all of them up to one instant, they are spread again', () => {
	const back = START + 12_345;
	const all = tenants.flatMap((name) => polls(name, back, back + 5 * MINUTE).slice(1));
	expect(busiest(all)).toBeLessThanOrEqual(3 * (500 / 60));
});

test('a source is polled once in each interval, and has the same place in it after a restart', () => {
	const one = polls('acme', START, START + 10 * MINUTE).slice(1);
	const other = polls('acme', START + 17_000, START + 10 * MINUTE).slice(1);
	expect(one.map((at) => at % MINUTE)).toEqual(one.map(() => one[0]! % MINUTE));
	expect(other[0]! % MINUTE).toBe(one[0]! % MINUTE);
	expect(one.slice(1).map((at, index) => at - one[index]!)).toEqual(Array(one.length - 1).fill(MINUTE));
});

test('a timer that is a moment early does not make two polls of one', () => {
	const due = polls('acme', START, START + 3 * MINUTE)[1]!;
	expect(nextPollInMs('acme', MINUTE, due - 5, due - 1)).toBeGreaterThan(MINUTE / 2);
});

test('a poll that takes longer than the interval is followed by the next one at once or at its place', () => {
	expect(nextPollInMs('acme', MINUTE, START, START + 5 * MINUTE)).toBe(0);
});

test('shards that are opened one by one take turns as if they were one relay', () => {
	const sources = tenants.map((name) => ({ name, pollIntervalMs: MINUTE }));
	const firstInMs = firstPolls(sources);
	const shards = Array.from({ length: 64 }, (_, shard) => sources.filter((_, at) => at % 64 === shard));
	const all = shards.flat().map((source) => START + firstInMs(source));
	expect(busiest(all)).toBeLessThanOrEqual(3 * (500 / 60));
});
