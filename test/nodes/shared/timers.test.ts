import { clearTimeout, setTimeout } from '../../../nodes/shared/timers';

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

it('does not call after it was cleared', async () => {
	const call = jest.fn();
	clearTimeout(setTimeout(call, 10));
	clearTimeout(undefined);
	await passes();
	expect(call).not.toHaveBeenCalled();
});
