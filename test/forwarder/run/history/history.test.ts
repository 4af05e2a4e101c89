/** Minute points of the last hour. */
import { History } from '../../../../forwarder/run/history/history';
import { simClock } from '../../../support/clock';

const MINUTE = 60_000;
const START = Date.parse('2026-11-20T12:00:00Z');

function scene(lagAt?: (name: string, atMs: number) => number | undefined) {
	const clock = simClock(START);
	return { clock, history: new History(() => clock.now(), { ...(lagAt && { lagAt }) }) };
}

test('what happens counts in its minute, and is forgotten after an hour', () => {
	const { clock, history } = scene();
	history.events('dr', 3);
	clock.advance(MINUTE);
	history.events('dr', 4);
	history.events('dr', 5);
	history.request('dr', 'ok');
	history.request('dr', 'limited');
	const { events, requests, lastAt } = history.of('dr');
	expect(lastAt).toBe(START + MINUTE);
	expect(events).toEqual([...new Array<null>(58).fill(null), 3, 9]);
	expect([requests.ok.at(-1), requests.limited.at(-1), requests.failed.at(-1)]).toEqual([1, 1, 0]);
	clock.advance(59 * MINUTE);
	expect(history.of('dr').events).toEqual([9, ...new Array<number>(59).fill(0)]);
	clock.advance(500 * MINUTE);
	expect(history.of('dr').events).toEqual(new Array<number>(60).fill(0));
});

test('the lag at the end of each minute is kept, also of those in which nothing happened', () => {
	const watermark = START - 10 * MINUTE;
	const { clock, history } = scene((_name, at) => at - watermark);
	history.events('dr', 1);
	clock.advance(3 * MINUTE + 30_000);
	const minutes = history
		.of('dr')
		.lagMs.slice(-5)
		.map((ms) => (ms === null ? null : ms / MINUTE));
	expect(minutes).toEqual([null, 11, 12, 13, 13.5]);
});

test('a pause is counted in the minutes that it covers, once', () => {
	const { clock, history } = scene();
	clock.advance(50_000);
	history.pause('dr', 90_000);
	clock.advance(20_000);
	// longer than it was told
	history.pause('dr', 90_000);
	expect(history.of('dr').pausedMs.slice(-2)).toEqual([10_000, 10_000]);
	clock.advance(2 * MINUTE);
	expect(history.of('dr').pausedMs.slice(-4)).toEqual([10_000, 60_000, 40_000, 0]);
	history.pause('dr', 600_000);
	clock.advance(10_000);
	history.pause('dr', 0);
	clock.advance(30_000);
	expect(history.of('dr').pausedMs.at(-1)).toBe(10_000);
});

test('of what is in flight the most at one time is kept, and what goes on counts in the next minute too', () => {
	const { clock, history } = scene();
	for (const count of [100, 300, 200]) history.inFlight('siem', count);
	clock.advance(2 * MINUTE);
	history.inFlight('siem', 0);
	clock.advance(MINUTE);
	expect(history.of('siem').inFlight.slice(-5)).toEqual([null, 300, 200, 200, 0]);
	expect(history.flying('siem')).toBe(0);
	history.inFlight('siem', 1_000_000);
	expect(history.of('siem').inFlight.at(-1)).toBe(65_535);
});

test('steps may be finer: as many are kept, and a pause fills no more than one', () => {
	const clock = simClock(START);
	const history = new History(() => clock.now(), { steps: { stepMs: 5000, points: 120 } });
	history.events('dr', 3);
	history.pause('dr', 12_000);
	clock.advance(5000);
	history.events('dr', 4);
	clock.advance(10_000);
	const { events, pausedMs, stepMs, lastAt } = history.of('dr');
	expect([stepMs, lastAt, events.length]).toEqual([5000, START + 15_000, 120]);
	expect(events.slice(-5)).toEqual([null, 3, 4, 0, 0]);
	expect(pausedMs.slice(-5)).toEqual([null, 5000, 5000, 2000, 0]);
	clock.advance(10 * MINUTE);
	expect(history.of('dr').events.every((count) => count === 0)).toBe(true);
});

test('the rate is that of the last five minutes, and of less after a start', () => {
	const { clock, history } = scene();
	history.events('dr', 60);
	clock.advance(30_000);
	expect(history.perMinute('dr')).toBe(60);
	clock.advance(90_000);
	expect(history.perMinute('dr')).toBe(30);
	clock.advance(10 * MINUTE);
	expect(history.perMinute('dr')).toBe(0);
	expect(history.perMinute('unknown')).toBe(0);
});

test('what is forgotten leaves its place to another, without its points', () => {
	const { history } = scene();
	history.events('a', 1);
	history.events('b', 2);
	history.forget('a');
	history.events('c', 4);
	expect([history.of('a').events.at(-1), history.of('b').events.at(-1), history.of('c').events.at(-1)]).toEqual([
		null,
		2,
		4,
	]);
});

test('a clock that is set back a little goes on in its minute, one that is set back by more begins anew', () => {
	const { clock, history } = scene();
	history.events('dr', 1);
	clock.advance(-1000);
	history.events('dr', 1);
	expect(history.of('dr').events.at(-1)).toBe(2);
	clock.advance(-10 * MINUTE);
	history.events('dr', 7);
	expect(history.of('dr').events.slice(-2)).toEqual([null, 7]);
});

test('a thousand take less than 1 kB each', () => {
	const clock = simClock(START);
	const before = process.memoryUsage().arrayBuffers;
	const history = new History(() => clock.now(), { rows: 1000 });
	for (let one = 0; one < 1000; one++) history.events(`source-${one}`, 1);
	expect((process.memoryUsage().arrayBuffers - before) / 1000).toBeLessThan(1000);
});
