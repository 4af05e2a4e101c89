import { clearInterval, clearTimeout, setInterval, setTimeout } from '../../../nodes/shared/timers';

let wake: (() => void)[] = [];
jest.mock('n8n-workflow', () => ({ sleep: () => new Promise<void>((resolve) => wake.push(resolve)) }));
beforeEach(() => (wake = []));

/** Lets every sleep that has begun end. */
const passes = async () => {
	wake.splice(0).forEach((resolve) => resolve());
	await new Promise(setImmediate);
};

it('calls once, with the arguments', async () => {
	const call = jest.fn();
	setTimeout(call, 10, 'a', 2);
	expect(call).not.toHaveBeenCalled();
	await passes();
	await passes();
	expect(call.mock.calls).toEqual([['a', 2]]);
});

it('does not sleep where there is nothing to wait for', async () => {
	const call = jest.fn();
	setTimeout(call, 0);
	expect(call).not.toHaveBeenCalled();
	await Promise.resolve();
	await Promise.resolve();
	expect(call).toHaveBeenCalledTimes(1);
	expect(wake).toEqual([]);
});

it('does not call after it was cleared', async () => {
	const call = jest.fn();
	clearTimeout(setTimeout(call, 10));
	clearTimeout(undefined);
	await passes();
	expect(call).not.toHaveBeenCalled();
});

it('calls again and again until it is cleared', async () => {
	const call = jest.fn();
	const timer = setInterval(call, 10);
	await passes();
	await passes();
	clearInterval(timer);
	await passes();
	expect(call).toHaveBeenCalledTimes(2);
});
