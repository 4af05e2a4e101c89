import { StaleLeaseError } from '../../../forwarder/store/contract';
import { settle } from './support/clock';
import { batch, encoder, event, ids } from './support/events';
import { ACCEPTED, ALONE, DOWN, line } from './support/line';

describe('in commit order', () => {
	it('acknowledges only when all before are answered', async () => {
		const { clock, outbox, sent, delivery, stop } = line(() => undefined, ALONE);
		outbox.add(...[1, 2, 3, 4, 5, 6].map((id) => batch(id, [`e${id}`])));
		const run = delivery.run(stop.signal);
		await settle();
		expect(sent.map(({ ids }) => ids[0])).toEqual(['e1', 'e2', 'e3', 'e4']);
		expect(delivery.status().inFlight).toEqual({ dr: 4 });
		sent[3]!.answer(ACCEPTED);
		sent[1]!.answer(ACCEPTED);
		await clock.pass(0);
		expect(outbox.acknowledged).toEqual([]);
		sent[0]!.answer(ACCEPTED);
		await clock.pass(0);
		expect(outbox.acknowledged).toEqual([1, 2]);
		expect(sent.map(({ ids }) => ids[0])).toEqual(['e1', 'e2', 'e3', 'e4', 'e5', 'e6']);
		sent[2]!.answer(ACCEPTED);
		await clock.pass(0);
		expect(outbox.acknowledged).toEqual([1, 2, 3, 4]);
		stop.abort();
		await run;
	});

	it('ships 10,000 records in batches of every size, each once', async () => {
		const { clock, outbox, sent, delivery, stop } = line(() => ACCEPTED);
		outbox.add(batch(1, ids(7_000, 'a')), batch(2, []), batch(3, ids(2_999, 'b')), batch(4, ['c']));
		expect(await clock.until(delivery.drain(stop.signal))).toEqual({ kind: 'drained' });
		expect(outbox.acknowledged).toEqual([1, 2, 3, 4]);
		expect(outbox.shipped).toBe(10_000);
		expect(Math.max(...sent.map(({ ids }) => ids.length))).toBe(512);
		expect(new Set(sent.flatMap(({ ids }) => ids)).size).toBe(10_000);
		expect(sent.flatMap(({ ids }) => ids)).toHaveLength(10_000);
	});

	it('keeps requests below 900 kB', async () => {
		const { clock, outbox, sent, delivery, stop } = line(() => ACCEPTED);
		const large = (id: string) => event(id, undefined, JSON.stringify({ id, x: 'x'.repeat(250_000) }));
		outbox.add(batch(1, [], { events: ids(7).map(large) }));
		await clock.until(delivery.drain(stop.signal));
		expect(sent.map(({ ids }) => ids.length)).toEqual([3, 3, 1]);
	});
});

describe('waking', () => {
	it('sends a new batch at once when told', async () => {
		const { clock, outbox, sent, delivery, stop } = line(() => ACCEPTED);
		const run = delivery.run(stop.signal);
		await settle();
		outbox.add(batch(1, ['a']));
		delivery.wake();
		await settle();
		expect(sent).toHaveLength(1);
		expect(clock.now()).toBe(sent[0]!.at);
		stop.abort();
		await run;
	});

	it('loses no call that comes while it looks', async () => {
		const { outbox, sent, delivery, stop } = line(() => ACCEPTED);
		const pending = outbox.pending.bind(outbox);
		let looks = 0;
		outbox.pending = async (after, limit) => {
			const found = await pending(after, limit);
			// the commit comes after the look and before the wait
			if (++looks === 1) {
				outbox.add(batch(1, ['a']));
				delivery.wake();
			}
			return found;
		};
		const run = delivery.run(stop.signal);
		await settle();
		expect(sent).toHaveLength(1);
		stop.abort();
		await run;
	});

	it('finds what nobody announced, also with a lower id', async () => {
		const { clock, outbox, delivery, stop } = line(() => ACCEPTED);
		outbox.add(batch(5, ['a']));
		const run = delivery.run(stop.signal);
		await settle();
		outbox.add(batch(4, ['b']));
		await clock.pass(5_000);
		expect(outbox.acknowledged).toEqual([5, 4]);
		stop.abort();
		await run;
	});
});

describe('a stop', () => {
	it('ends at once and acknowledges nothing that was not answered', async () => {
		const { outbox, sent, delivery, stop } = line((_, attempt) => (attempt === 1 ? ACCEPTED : undefined), ALONE);
		outbox.add(batch(1, ['a']), batch(2, ['b']), batch(3, ['c']));
		const run = delivery.run(stop.signal);
		await settle();
		expect(sent).toHaveLength(3);
		stop.abort();
		await run;
		expect(outbox.acknowledged).toEqual([1]);
		expect(outbox.batches.map(({ id }) => id)).toEqual([2, 3]);
		expect(delivery.status()).toMatchObject({ state: 'ok', inFlight: {} });
	});

	it.each([
		['a delay', DOWN],
		['a pause', { kind: 'retry', throttled: true, afterMs: 900_000, reason: 'status 429' } as const],
	])('ends %s', async (_, answer) => {
		const { outbox, delivery, stop } = line(() => answer);
		outbox.add(batch(1, ['a']));
		const run = delivery.run(stop.signal);
		await settle();
		stop.abort();
		await run;
		expect(outbox.batches).toHaveLength(1);
	});

	it('lets a second run send what was left', async () => {
		const { clock, outbox, delivery, stop, receiver, sent } = line(() => undefined);
		outbox.add(batch(1, ['a']));
		const run = delivery.run(stop.signal);
		await settle();
		stop.abort();
		await run;
		receiver.respond = () => ACCEPTED;
		expect(await clock.until(delivery.drain(new AbortController().signal))).toEqual({ kind: 'drained' });
		expect(sent.map(({ ids }) => ids)).toEqual([['a'], ['a']]);
	});
});

describe('drain', () => {
	it('waits for the loop that runs already', async () => {
		const { outbox, delivery, stop, sent } = line(() => undefined);
		outbox.add(batch(1, ['a']));
		const run = delivery.run(stop.signal);
		const drained = jest.fn();
		void delivery.drain(stop.signal).then(drained);
		await settle();
		expect(drained).not.toHaveBeenCalled();
		sent[0]!.answer(ACCEPTED);
		await settle();
		expect(drained).toHaveBeenCalledWith({ kind: 'drained' });
		stop.abort();
		await run;
	});

	it('is not answered by a look at the outbox that began before it', async () => {
		const { clock, outbox, delivery, stop } = line(() => ACCEPTED);
		const pending = outbox.pending.bind(outbox);
		let drained: Promise<number[]> | undefined;
		outbox.pending = async (after, limit) => {
			const found = await pending(after, limit);
			if (!drained) {
				outbox.add(batch(1, ['a']));
				drained = delivery.drain(stop.signal).then(() => [...outbox.acknowledged]);
			}
			return found;
		};
		const run = delivery.run(stop.signal);
		await settle();
		expect(await clock.until(drained!)).toEqual([1]);
		stop.abort();
		await run;
	});

	it('says when it was stopped', async () => {
		const { outbox, delivery, stop } = line(() => undefined);
		outbox.add(batch(1, ['a']));
		const drained = delivery.drain(stop.signal);
		await settle();
		stop.abort();
		expect(await drained).toEqual({ kind: 'stopped' });
	});
});

describe('the store', () => {
	it('ends the loop when somebody else owns it now', async () => {
		const { outbox, delivery, stop } = line(() => ACCEPTED);
		outbox.add(batch(1, ['a']));
		outbox.acknowledge = () => Promise.reject(new StaleLeaseError('taken over'));
		await expect(delivery.run(stop.signal)).rejects.toThrow(StaleLeaseError);
		await expect(delivery.drain(stop.signal)).rejects.toThrow(StaleLeaseError);
	});

	it('is waited for when it fails, and nothing is sent twice for it', async () => {
		const { clock, outbox, sent, delivery, stop } = line(() => ACCEPTED);
		outbox.add(batch(1, ['a']));
		const drained = delivery.drain(stop.signal);
		await settle();
		outbox.add(batch(2, ['b']));
		outbox.failures.push(new Error('disk full'), new Error('disk full'), new Error('disk full'));
		expect(await clock.until(drained)).toEqual({ kind: 'drained' });
		expect(await clock.until(delivery.drain(stop.signal))).toEqual({ kind: 'drained' });
		expect(sent.map(({ ids }) => ids[0])).toEqual(['a', 'b']);
		expect(outbox.acknowledged).toEqual([1, 2]);
		expect(delivery.status().lastError?.message).toBe('store: disk full');
	});
});

describe('records that are not sent', () => {
	it('are those older than the destination takes', async () => {
		const { clock, outbox, sent, delivery, stop } = line(() => ACCEPTED, { maxEventAgeMs: 18 * 3_600_000 });
		const old = event('old', '2026-11-19T17:59:59.999999Z');
		const edge = event('edge', '2026-11-19T18:00:00Z');
		const gaps = [{ reason: 'retention', from: 0n, detail: 'x' } as const];
		outbox.add(batch(1, [], { events: [old, edge], gaps }), batch(2, [], { events: [old] }));
		await clock.until(delivery.drain(stop.signal));
		expect(sent.map(({ ids }) => ids)).toEqual([['edge', 'audit-relay:gap:dr:retention:1970-01-01T00:00:00.000000Z']]);
		expect(outbox.deadLetters).toHaveLength(2);
		expect(outbox.deadLetters[0]).toEqual({
			stream: 'dr',
			destination: 'siem',
			eventId: 'old',
			raw: '{"id":"old"}',
			time: old.time,
			observed: batch(1, []).observed,
			reason: 'too_old',
			detail: 'the destination accepts no events before 2026-11-19T18:00:00Z',
		});
		expect(outbox.shipped).toBe(2);
	});

	it('are those larger than the destination takes', async () => {
		const { clock, outbox, sent, delivery, stop } = line(() => ACCEPTED, { limits: { maxRecordBytes: 1_000 } });
		const large = event('large', undefined, JSON.stringify({ x: 'x'.repeat(1_000) }));
		outbox.add(batch(1, [], { events: [event('a'), large] }));
		await clock.until(delivery.drain(stop.signal));
		expect(sent.map(({ ids }) => ids)).toEqual([['a']]);
		expect(outbox.deadLetters).toMatchObject([{ eventId: 'large', reason: 'too_large' }]);
	});
});

it('halts when a batch cannot be encoded, and keeps it', async () => {
	const { clock, outbox, delivery, stop } = line(() => ACCEPTED, { encode: encoder({ origin: () => undefined }) });
	outbox.add(batch(1, ['a']));
	expect(await clock.until(delivery.drain(stop.signal))).toEqual({
		kind: 'halted',
		message: 'source dr is not configured and its settings are not known, but it still has events to ship',
	});
	expect(outbox.batches).toHaveLength(1);
});
