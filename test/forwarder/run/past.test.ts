import type { Backfiller } from '../../../forwarder/run/backfill';
import { workOnPast } from '../../../forwarder/run/past';
import { StaleLeaseError } from '../../../forwarder/store/contract';
import { TestClock } from '../delivery/support/clock';

/** Back-fills by stream, each of which goes on until it is told to end. */
function scene() {
	const clock = new TestClock();
	const begun: string[] = [];
	const ends = new Map<string, (error?: Error) => void>();
	const made = (stream: string): Backfiller => ({
		run: (signal) => {
			begun.push(stream);
			return new Promise((resolve, reject) => {
				ends.set(stream, (error) => (error ? reject(error) : resolve()));
				signal.addEventListener('abort', () => resolve());
			});
		},
		finish: () => Promise.reject(new Error('not asked for')),
	});
	let looks = 0;
	const state: { unfinished: string[]; error?: Error } = { unfinished: [] };
	const unfinished = async () => {
		looks++;
		if (state.error) throw state.error;
		return state.unfinished;
	};
	const stop = new AbortController();
	const backfillerOf = (stream: string) => (stream === 'gone' ? undefined : made(stream));
	const running = workOnPast({ unfinished, backfillerOf, clock }, stop.signal);
	running.catch(() => undefined);
	const end = async () => {
		stop.abort();
		await running;
	};
	return { clock, begun, ends, state, running, end, looks: () => looks };
}

test('a back-fill that is asked for while the daemon runs begins within a second', async () => {
	const { clock, begun, state, end } = scene();
	await clock.pass(5000);
	state.unfinished = ['erp', 'gone'];
	await clock.pass(1000);
	expect(begun).toEqual(['erp']);
	await end();
});

test('work that goes on is not begun twice, and after it ended the next job begins', async () => {
	const { clock, begun, ends, state, end } = scene();
	state.unfinished = ['erp', 'dr'];
	await clock.pass(10_000);
	expect(begun).toEqual(['erp', 'dr']);
	ends.get('erp')!();
	await clock.pass(1000);
	expect(begun).toEqual(['erp', 'dr', 'erp']);
	await end();
});

test('the state is asked once a second, however many sources there are', async () => {
	const { clock, looks, end } = scene();
	await clock.pass(10_000);
	expect(looks()).toBe(11);
	await end();
});

test('a state that cannot be asked is asked again; a lost lease ends all of it', async () => {
	const { clock, begun, state, running } = scene();
	state.error = new Error('unreachable');
	await clock.pass(3000);
	state.error = undefined;
	state.unfinished = ['erp'];
	await clock.pass(1000);
	expect(begun).toEqual(['erp']);
	state.error = new StaleLeaseError('another process owns the state');
	await clock.pass(1000);
	await expect(running).rejects.toThrow('another process owns the state');
});

test('a back-fill that must not go on ends the others too', async () => {
	const { clock, ends, state, running } = scene();
	state.unfinished = ['erp'];
	await clock.pass(1000);
	ends.get('erp')!(new StaleLeaseError('another process owns the state'));
	await clock.pass(1000);
	await expect(running).rejects.toThrow('another process owns the state');
});
