import { createGates, Gate } from '../../../forwarder/run/gates';
import { settle, TestClock } from '../delivery/support/clock';

const never = new AbortController().signal;

/** Work that goes on until it is told to end. */
function scene() {
	const gate = new Gate();
	const stop = new AbortController();
	const said: string[] = [];
	const over = gate.during(stop.signal, (signal) => {
		said.push('begun');
		return new Promise((done) =>
			signal.addEventListener('abort', () => {
				said.push('ended');
				done();
			}),
		);
	});
	return { gate, stop, said, over };
}

test('a pause ends the work, and it begins again when the source is resumed', async () => {
	const { gate, stop, said, over } = scene();
	await settle();
	gate.pause();
	await settle();
	expect(said).toEqual(['begun', 'ended']);
	gate.resume();
	await settle();
	expect(said).toEqual(['begun', 'ended', 'begun']);
	stop.abort();
	await over;
	expect(said).toEqual(['begun', 'ended', 'begun', 'ended']);
});

test('a process that is told to stop does not wait for a paused source', async () => {
	const { gate, stop, over } = scene();
	gate.pause();
	await settle();
	stop.abort();
	await over;
});

test('work that has come to its end is not begun again', async () => {
	let times = 0;
	await new Gate().during(never, async () => void times++);
	expect(times).toBe(1);
});

test('a source that was paused before anybody reads it is not read, nor any of its logs', () => {
	const gates = createGates();
	const before = gates.of('directory.audits');
	expect(gates.pauseOnly(['dr', 'directory'])).toEqual({ paused: ['dr', 'directory'], resumed: [] });
	const paused = ['dr', 'directory.signIns', 'directoryX', 'erp'].map((name) => gates.of(name).isPaused);
	expect([...paused, before.isPaused]).toEqual([true, true, false, false, true]);
	expect(gates.pauseOnly(['dr', 'erp'])).toEqual({ paused: ['erp'], resumed: ['directory'] });
	expect(['dr', 'directory.signIns', 'erp'].map((name) => gates.of(name).isPaused)).toEqual([true, false, true]);
});

test('a call ends the wait for the next poll; one during a poll is not missed', async () => {
	const [clock, gate] = [new TestClock(), new Gate()];
	let isOver = false;
	void gate.wait(clock, 60_000, gate.calls, never).then(() => (isOver = true));
	await settle();
	expect(isOver).toBe(false);
	gate.call();
	await settle();
	expect(isOver).toBe(true);
	const before = gate.calls;
	gate.call();
	await gate.wait(clock, 60_000, before, never);
});
