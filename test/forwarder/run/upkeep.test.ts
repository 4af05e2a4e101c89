import { keepUp } from '../../../forwarder/run/upkeep';
import type { Action } from '../../../forwarder/store/actions';

test('what people do to the state by hand is told soon, and once', async () => {
	const stop = new AbortController();
	const done: Action[][] = [[], [{ by: 'ada', at: 1n, what: 'gaps acknowledge' }], []];
	const told: Action[] = [];
	const slept: number[] = [];
	const clock = {
		now: () => 0,
		sleep: async (ms: number) => {
			slept.push(ms);
			if (done.length === 0) stop.abort();
		},
	};
	const deps = {
		store: { newActions: () => done.shift() ?? [] },
		clock,
		onAction: (one: Action) => void told.push(one),
	};
	await keepUp(deps, stop.signal);
	expect(told).toEqual([{ by: 'ada', at: 1n, what: 'gaps acknowledge' }]);
	expect(Math.max(...slept)).toBeLessThanOrEqual(5000);
});
