import type { Answer } from '../../../forwarder/export/answer';
import { settle } from './support/clock';
import { batch } from './support/events';
import { ACCEPTED, ALONE, DOWN, line, MAYBE } from './support/line';

const throttled = (afterMs?: number): Answer => ({ kind: 'retry', throttled: true, afterMs, reason: 'status 429' });

describe('a transient failure', () => {
	it('is asked about forever, every 1 to 1.5 s', async () => {
		for (const [random, expected] of [
			[0, 1_000],
			[0.5, 1_250],
			[0.999, 1_500],
		] as const) {
			const { clock, outbox, sent, delivery, stop } = line((_, attempt) => (attempt < 40 ? DOWN : ACCEPTED), {
				random: () => random,
			});
			outbox.add(batch(1, ['a']));
			await clock.until(delivery.drain(stop.signal));
			const waits = sent.slice(1).map(({ at }, index) => Math.round(at - sent[index]!.at));
			expect(new Set(waits)).toEqual(new Set([expected]));
			expect(sent).toHaveLength(40);
			expect(outbox.deadLetters).toEqual([]);
		}
	});

	it('waits at least for as long as the receiver says, and never hammers it', async () => {
		const answers: Answer[] = [{ ...DOWN, afterMs: 90_000 } as Answer, { ...DOWN, afterMs: 0 } as Answer, ACCEPTED];
		const { clock, outbox, sent, delivery, stop } = line((_, attempt) => answers[attempt - 1]!);
		outbox.add(batch(1, ['a']));
		await clock.until(delivery.drain(stop.signal));
		const [first, second] = sent.slice(1).map(({ at }, index) => at - sent[index]!.at);
		expect(first).toBe(90_000);
		expect(second).toBeGreaterThanOrEqual(1_000);
	});

	it('leads to a repeat, never to a loss, when the answer comes too late', async () => {
		// the receiver took the records, and we never learned of it
		const { clock, outbox, sent, delivery, stop } = line((_, attempt) =>
			attempt === 1 ? { kind: 'retry', throttled: false, reason: 'no answer (timeout)' } : ACCEPTED,
		);
		outbox.add(batch(1, ['a', 'b']));
		await clock.until(delivery.drain(stop.signal));
		expect(sent.map(({ ids }) => ids)).toEqual([['a', 'b'], ['a'], ['b']]);
		expect(outbox.shipped).toBe(2);
	});

	it('makes the destination failing at once and degraded after 5 minutes, until something is accepted', async () => {
		const { clock, outbox, delivery, stop, receiver } = line(() => DOWN);
		const begun = clock.now();
		outbox.add(batch(1, ['a']));
		const run = delivery.run(stop.signal);
		await clock.pass(299_000);
		const lastError = { message: 'status 502' };
		expect(delivery.status()).toMatchObject({ state: 'failing', since: begun, inFlight: { dr: 1 }, lastError });
		await clock.pass(2_000);
		expect(delivery.status()).toMatchObject({ state: 'degraded', since: begun });
		expect(delivery.status().consecutiveFailures).toBeGreaterThan(5);
		receiver.respond = () => ACCEPTED;
		await clock.pass(2_000);
		expect(delivery.status()).toMatchObject({ state: 'ok', consecutiveFailures: 0, inFlight: {} });
		expect(outbox.acknowledged).toEqual([1]);
		stop.abort();
		await run;
	});
});

describe('429 and 503', () => {
	it('do not pause for longer when the wall clock is set back meanwhile', async () => {
		const { clock, outbox, sent, delivery, stop } = line((_, attempt) =>
			attempt === 1 ? throttled(120_000) : ACCEPTED,
		);
		outbox.add(batch(1, ['a']));
		const run = delivery.run(stop.signal);
		await settle();
		clock.step(-3_600_000);
		await clock.pass(240_000);
		expect(sent).toHaveLength(2);
		stop.abort();
		await run;
	});

	it('pause the whole window', async () => {
		const { clock, outbox, sent, delivery, stop, receiver } = line(() => undefined, ALONE);
		outbox.add(...[1, 2, 3, 4, 5].map((id) => batch(id, [`e${id}`])));
		const begun = clock.now();
		const run = delivery.run(stop.signal);
		await settle();
		expect(sent).toHaveLength(4);
		sent[0]!.answer(ACCEPTED);
		sent[2]!.answer(throttled(120_000));
		sent[1]!.answer(DOWN);
		receiver.respond = () => ACCEPTED;
		await clock.pass(119_999);
		// neither the batch that failed otherwise nor the next one went out
		expect(sent).toHaveLength(4);
		expect(outbox.acknowledged).toEqual([1]);
		await clock.pass(1);
		expect(sent.slice(4).map(({ at }) => at - begun)).toEqual([120_000, 120_000, 120_000]);
		sent[3]!.answer(ACCEPTED);
		await settle();
		expect(outbox.acknowledged).toEqual([1, 2, 3, 4, 5]);
		stop.abort();
		await run;
	});

	it('keep the longest of several pauses', async () => {
		const { clock, outbox, sent, delivery, stop, receiver } = line(() => undefined, ALONE);
		outbox.add(batch(1, ['a']), batch(2, ['b']));
		const run = delivery.run(stop.signal);
		await settle();
		sent[0]!.answer(throttled(60_000));
		await settle();
		sent[1]!.answer(throttled(2_000));
		receiver.respond = () => ACCEPTED;
		await clock.pass(59_000);
		expect(sent).toHaveLength(2);
		await clock.pass(1_000);
		expect(outbox.acknowledged).toEqual([1, 2]);
		stop.abort();
		await run;
	});

	it('back off by themselves without Retry-After', async () => {
		const { clock, outbox, sent, delivery, stop } = line((_, attempt) => (attempt < 4 ? throttled() : ACCEPTED));
		outbox.add(batch(1, ['a']));
		await clock.until(delivery.drain(stop.signal));
		const waits = sent.slice(1).map(({ at }, index) => Math.round((at - sent[index]!.at) / 100));
		expect(waits).toEqual([15, 15, 15]);
	});
});

describe('408 and 500', () => {
	it('are transient', async () => {
		const { clock, outbox, delivery, stop } = line((_, attempt) => (attempt < 5 ? MAYBE : ACCEPTED));
		outbox.add(batch(1, ['a', 'b']));
		await clock.until(delivery.drain(stop.signal));
		expect(outbox).toMatchObject({ shipped: 2, deadLetters: [] });
	});

	it('refuse a record after 5 attempts', async () => {
		const { clock, outbox, sent, delivery, stop } = line((ids) => (ids.includes('b') ? MAYBE : ACCEPTED));
		outbox.add(batch(1, ['a', 'b', 'c', 'd']));
		await clock.until(delivery.drain(stop.signal));
		// with it, and one by one those that are not at fault
		expect(sent.map(({ ids }) => ids.join('')).slice(0, 6)).toEqual(['abcd', 'a', 'bcd', 'b', 'c', 'db']);
		expect(outbox.deadLetters).toMatchObject([{ eventId: 'b', reason: 'rejected', detail: 'status 500' }]);
		expect(outbox.shipped).toBe(3);
	});

	it('refuse nothing because of an outage that ends in the middle', async () => {
		let down = true;
		const { clock, outbox, delivery, stop } = line((ids) => {
			if (ids.join() === 'b') down = false;
			return down || ids.join() === 'b' ? (down ? MAYBE : ACCEPTED) : ACCEPTED;
		});
		outbox.add(batch(1, ['a', 'b', 'c', 'd']));
		await clock.until(delivery.drain(stop.signal));
		expect(outbox).toMatchObject({ shipped: 4, deadLetters: [], acknowledged: [1] });
	});

	it('refuse no lone record as long as the receiver accepts nothing else either', async () => {
		const { clock, outbox, delivery, stop, receiver, sent } = line(() => MAYBE);
		outbox.add(batch(1, ['a']));
		const run = delivery.run(stop.signal);
		await clock.pass(3_600_000);
		expect(outbox.batches).toHaveLength(1);
		expect(delivery.status().state).toBe('degraded');
		receiver.respond = (ids) => (ids.includes('a') ? MAYBE : ACCEPTED);
		outbox.add(batch(2, ['b']));
		await clock.pass(120_000);
		expect(outbox.deadLetters).toMatchObject([{ eventId: 'a', reason: 'rejected' }]);
		expect(outbox.acknowledged).toEqual([1, 2]);
		expect(sent.filter(({ ids }) => ids.includes('b'))).toHaveLength(1);
		stop.abort();
		await run;
	});
});
