import { createGates } from '../../../forwarder/run/gates';
import { createWishReader } from '../../../forwarder/run/wishes';
import type { Wishes } from '../../../forwarder/store/wishes';
import { TestClock } from '../delivery/support/clock';

function scene() {
	const clock = new TestClock();
	const gates = createGates();
	const state: { paused: string[]; wishes: Wishes['wishes']; isAway?: boolean } = { paused: [], wishes: [] };
	const probed: string[] = [];
	const said: object[] = [];
	const outlet = (name: string) => ({ config: { name }, receiver: { halt: { probeNow: () => probed.push(name) } } });
	const reader = createWishReader({
		look: async () => {
			if (state.isAway) throw new Error('away');
			const { paused, wishes } = state;
			state.wishes = [];
			return { paused, wishes };
		},
		...{ everyMs: 1000, clock, gates, outlets: () => [outlet('siem'), outlet('lake')] as never },
		onChange: (changed) => void said.push(changed),
	});
	const stop = new AbortController();
	const running = reader.run(stop.signal);
	const end = async () => {
		stop.abort();
		await running;
	};
	return { clock, gates, state, probed, said, reader, end };
}

test('what somebody pauses elsewhere is paused here within a second, and said once', async () => {
	const { clock, gates, state, said, end } = scene();
	await clock.pass(0);
	state.paused = ['dr'];
	await clock.pass(5000);
	expect(gates.of('dr').isPaused).toBe(true);
	expect(said).toEqual([{ paused: ['dr'], resumed: [] }]);
	state.paused = [];
	await clock.pass(1000);
	expect(gates.of('dr').isPaused).toBe(false);
	await end();
});

test('who changes the state by this process need not wait', async () => {
	const { clock, gates, state, reader, end } = scene();
	await clock.pass(100);
	state.paused = ['dr'];
	reader.lookSoon();
	await clock.pass(0);
	expect(gates.of('dr').isPaused).toBe(true);
	await end();
});

test('a poll and a probe that somebody wants are done once', async () => {
	const { clock, gates, state, probed, end } = scene();
	await clock.pass(100);
	state.wishes = [
		{ kind: 'poll', source: 'dr' },
		{ kind: 'probe', destination: 'siem' },
	];
	await clock.pass(3000);
	expect([gates.of('dr').calls, gates.of('erp').calls, probed]).toEqual([1, 0, ['siem']]);
	await end();
});

test('while the state is away everything stays as it was', async () => {
	const { clock, gates, state, said, end } = scene();
	state.paused = ['dr'];
	await clock.pass(1000);
	state.isAway = true;
	await clock.pass(5000);
	expect(gates.of('dr').isPaused).toBe(true);
	state.isAway = false;
	await clock.pass(1000);
	expect(said).toHaveLength(1);
	await end();
});
