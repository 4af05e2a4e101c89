/** Waits that no single timer can hold. */
import { after, deadline, systemClock } from '../../forwarder/waits';

const DAY_MS = 86_400_000;

describe('on a clock that is turned', () => {
	beforeEach(() => jest.useFakeTimers());
	afterEach(() => jest.useRealTimers());

	test.each([0, 1000, 24 * DAY_MS, 25 * DAY_MS, 60 * DAY_MS, 36_500 * DAY_MS])(
		'%d ms end then, and not before',
		(ms) => {
			const done = jest.fn();
			after(ms, done);
			jest.advanceTimersByTime(Math.max(0, ms - 1));
			expect(done).toHaveBeenCalledTimes(ms === 0 ? 1 : 0);
			jest.advanceTimersByTime(1);
			expect(done).toHaveBeenCalledTimes(1);
		},
	);

	test('one that is taken back does not come, however far it has got', () => {
		const done = jest.fn();
		const cancel = after(60 * DAY_MS, done);
		jest.advanceTimersByTime(50 * DAY_MS);
		cancel();
		jest.advanceTimersByTime(50 * DAY_MS);
		expect(done).not.toHaveBeenCalled();
		expect(jest.getTimerCount()).toBe(0);
	});

	test('a sleep of two months ends when it is cut short, and leaves nothing behind', async () => {
		const stop = new AbortController();
		const slept = systemClock.sleep(60 * DAY_MS, stop.signal);
		jest.advanceTimersByTime(30 * DAY_MS);
		stop.abort();
		await slept;
		expect(jest.getTimerCount()).toBe(0);
	});
});

test('a deadline in two months is still to come when a short one has passed', async () => {
	const [far, near] = [deadline(60 * DAY_MS), deadline(20)];
	await systemClock.sleep(10_000, near);
	expect(near.reason).toMatchObject({ name: 'TimeoutError' });
	expect(far.aborted).toBe(false);
});
