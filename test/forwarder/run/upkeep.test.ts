import { keepUp } from '../../../forwarder/run/upkeep';
import type { Action } from '../../../forwarder/store/actions';
import { StaleLeaseError } from '../../../forwarder/store/contract';

const HOUR = 3_600_000;

function setUp(newActions: () => Action[], rounds: number, lookForRoom = () => {}) {
	const stop = new AbortController();
	const told: (Action | string)[] = [];
	let now = 0;
	let expired = 0;
	const clock = {
		now: () => now,
		sleep: async (ms: number) => {
			now += ms;
			if (--rounds === 0) stop.abort();
		},
	};
	const running = keepUp(
		{
			store: { newActions: async () => newActions(), lookForRoom },
			clock,
			onAction: (one) => void told.push(one),
			expire: async () => void expired++,
			onFailure: (message) => void told.push(message),
		},
		stop.signal,
	);
	return { running, told, expired: () => expired, now: () => now };
}

test('what people do to the state by hand is told within seconds, and once', async () => {
	const action = { by: 'ada', at: 1n, what: 'gaps acknowledge' };
	const done: Action[][] = [[], [action]];
	const { running, told, now } = setUp(() => done.shift() ?? [], 3);
	await running;
	expect(told).toEqual([action]);
	expect(now()).toBeLessThanOrEqual(15_000);
});

test('old dead letters are looked for at the start, and every hour', async () => {
	const { running, expired } = setUp(() => [], (2 * HOUR) / 5000 + 1);
	await running;
	expect(expired()).toBe(3);
});

test('room on the disk is looked for every few seconds, whatever a destination does', async () => {
	let looks = 0;
	await setUp(
		() => [],
		3,
		() => void looks++,
	).running;
	expect(looks).toBe(3);
});

test('a full disk is told, and is not a reason to end; a lost lease is', async () => {
	let error: Error = new Error('database or disk is full');
	const failing = () => {
		throw error;
	};
	const { running, told } = setUp(failing, 2);
	await running;
	expect(told).toEqual(['database or disk is full', 'database or disk is full']);
	error = new StaleLeaseError('taken over');
	await expect(setUp(failing, 2).running).rejects.toThrow(StaleLeaseError);
});
