import { runtime } from '../../../nodes/shared/runtime';

const { clock, deadline } = runtime;

it('wakes at once when it is told to stop, and does not sleep after that', async () => {
	const controller = new AbortController();
	let awake = false;
	// not longer: n8n's own timer goes on
	void clock.sleep(500, controller.signal).then(() => (awake = true));
	controller.abort();
	await new Promise(setImmediate);
	expect(awake).toBe(true);
	await clock.sleep(3_600_000, controller.signal);
});

it('sleeps no longer than asked', async () => {
	const start = clock.now();
	await clock.sleep(5);
	await clock.sleep(0);
	expect(clock.now() - start).toBeGreaterThanOrEqual(4);
});

it('has deadlines that pass', async () => {
	const signal = deadline(1);
	await clock.sleep(500, signal);
	expect(signal.aborted).toBe(true);
});
