import { settle } from './support/clock';
import { batch, event, ids } from './support/events';
import { ACCEPTED, ALONE, DENIED, line, POISON, TOO_BIG, unless } from './support/line';

describe('too large', () => {
	it('is halved until it fits, and smaller from then on', async () => {
		const { clock, outbox, sent, delivery, stop } = line((ids) => (ids.length > 3 ? TOO_BIG : ACCEPTED), {
			inFlight: 1,
		});
		const large = (id: string) => event(id, undefined, JSON.stringify({ id, x: 'x'.repeat(50_000) }));
		outbox.add(batch(1, [], { events: ids(12).map(large) }), batch(2, [], { events: ids(6, 'f').map(large) }));
		await clock.until(delivery.drain(stop.signal));
		expect(sent.map(({ ids }) => ids.length)).toEqual([12, 6, 3, 3, 6, 3, 3, 3, 3]);
		expect(outbox).toMatchObject({ shipped: 18, deadLetters: [] });
	});

	it('puts a record aside that is too large alone', async () => {
		const { clock, outbox, delivery, stop } = line(unless(TOO_BIG, 'e3'));
		outbox.add(batch(1, ids(8)));
		await clock.until(delivery.drain(stop.signal));
		expect(outbox.shipped).toBe(7);
		expect(outbox.deadLetters).toMatchObject([{ eventId: 'e3', reason: 'too_large', detail: 'status 413' }]);
	});
});

describe('poison', () => {
	it('is isolated, and the others arrive once', async () => {
		const accepted: string[] = [];
		const bad = ['e0', 'e77', 'e99'];
		const { clock, outbox, delivery, stop } = line((ids) => {
			if (ids.some((id) => bad.includes(id))) return POISON;
			accepted.push(...ids);
			return ACCEPTED;
		});
		outbox.add(batch(1, ids(100)));
		await clock.until(delivery.drain(stop.signal));
		expect(accepted).toEqual(ids(100).filter((id) => !bad.includes(id)));
		expect(outbox.deadLetters.map(({ eventId, reason, raw }) => [eventId, reason, raw])).toEqual(
			bad.map((id) => [id, 'rejected', `{"id":"${id}"}`]),
		);
		expect(outbox.shipped).toBe(97);
	});

	it('alone in its batch is set aside', async () => {
		const { clock, outbox, delivery, stop } = line(unless(POISON, 'a', 'b'));
		outbox.add(batch(1, ['a']), batch(2, ['b']), batch(3, ['c']), batch(4, ['a']), batch(5, ['b']));
		expect(await clock.until(delivery.drain(stop.signal))).toEqual({ kind: 'drained' });
		expect(outbox.deadLetters.map(({ eventId }) => eventId)).toEqual(['a', 'b', 'a', 'b']);
	});
});

describe('a halted destination', () => {
	it.each([
		['401', DENIED, 'status 401: no'],
		['every record refused', POISON, 'every record is refused: status 400: bad'],
		['every record too large, though none is large', TOO_BIG, 'every record is refused: status 413'],
	])('keeps its data: %s', async (_, answer, message) => {
		const { clock, outbox, delivery, stop } = line(() => answer);
		outbox.add(...[1, 2, 3, 4, 5, 6].map((id) => batch(id, ids(8, `${id}-`))));
		expect(await clock.until(delivery.drain(stop.signal))).toEqual({ kind: 'halted', message });
		expect(outbox).toMatchObject({ acknowledged: [], deadLetters: [] });
		expect(outbox.batches).toHaveLength(6);
	});

	it('is not what letters make of it that are refused once more: they are letters again, and what follows is shipped', async () => {
		const { clock, outbox, delivery, stop } = line((sent) =>
			sent.some((id) => id.startsWith('bad')) ? POISON : ACCEPTED,
		);
		const retried = [1, 2, 3, 4].map((id) => ({ ...batch(id, [`bad${id}`, `bad-too${id}`]), retried: true }));
		outbox.add(...retried, batch(5, ['also-good']), batch(6, ['good']));
		expect(await clock.until(delivery.drain(stop.signal))).toEqual({ kind: 'drained' });
		expect(outbox.deadLetters).toHaveLength(8);
		expect(outbox.acknowledged).toEqual([1, 2, 3, 4, 5, 6]);
	});

	it('is probed every 5 minutes with one request, and goes on where it was', async () => {
		const { clock, outbox, sent, delivery, stop, receiver, notices } = line(() => DENIED);
		outbox.add(...[1, 2, 3, 4, 5, 6].map((id) => batch(id, [`e${id}`])));
		const run = delivery.run(stop.signal);
		await clock.pass(1_000);
		const before = sent.length;
		expect(before).toBeLessThanOrEqual(4);
		expect(delivery.status()).toMatchObject({
			state: 'halted',
			lastError: { message: 'status 401: no' },
			inFlight: {},
			nextProbeAt: (sent.at(-1)?.at ?? 0) + 300_000,
		});
		await clock.pass(3 * 300_000);
		expect(sent.length - before).toBe(3);
		receiver.respond = () => ACCEPTED;
		await clock.pass(300_000);
		expect(outbox.acknowledged).toEqual([1, 2, 3, 4, 5, 6]);
		expect(delivery.status()).toMatchObject({ state: 'ok' });
		expect(delivery.status()).not.toHaveProperty('nextProbeAt');
		expect(notices.filter(({ kind }) => kind === 'halted' || kind === 'resumed').map(({ kind }) => kind)).toEqual([
			'halted',
			'resumed',
		]);
		stop.abort();
		await run;
	});

	it('is probed in time although the wall clock is set back', async () => {
		const { clock, outbox, delivery, stop, receiver } = line(() => DENIED);
		outbox.add(batch(1, ['a']));
		const run = delivery.run(stop.signal);
		await clock.pass(1_000);
		receiver.respond = () => ACCEPTED;
		clock.step(-3_600_000);
		await clock.pass(2 * 300_000);
		expect(outbox.acknowledged).toEqual([1]);
		stop.abort();
		await run;
	});

	it('is probed at once when told', async () => {
		const { clock, outbox, delivery, stop, receiver } = line(() => DENIED);
		outbox.add(batch(1, ['a']));
		const run = delivery.run(stop.signal);
		await clock.pass(1_000);
		receiver.respond = () => ACCEPTED;
		delivery.probeNow();
		await settle();
		expect(outbox.acknowledged).toEqual([1]);
		stop.abort();
		await run;
	});

	it('sends nothing again that was accepted before it halted', async () => {
		const accepted: string[] = [];
		let denied = false;
		const { clock, outbox, delivery, stop } = line((ids) => {
			if (denied) return DENIED;
			if (ids.length > 2) return POISON;
			accepted.push(...ids);
			denied = accepted.length === 4;
			return ACCEPTED;
		});
		outbox.add(batch(1, ids(8)));
		const run = delivery.run(stop.signal);
		await clock.pass(1_000);
		expect(delivery.status().state).toBe('halted');
		denied = false;
		await clock.pass(300_000);
		expect(accepted).toEqual(ids(8));
		expect(outbox).toMatchObject({ shipped: 8, acknowledged: [1] });
		stop.abort();
		await run;
	});

	it('tries one record of a refused batch at a time, another each time', async () => {
		const { clock, outbox, sent, delivery, stop, receiver } = line(() => POISON);
		outbox.add(batch(1, ids(3)), batch(2, ids(3, 'f')));
		const run = delivery.run(stop.signal);
		await clock.pass(1_000);
		const before = sent.length;
		await clock.pass(2 * 300_000);
		expect(sent.slice(before).map(({ ids }) => ids)).toEqual([['e0'], ['e1']]);
		// right again, but the record whose turn it is is bad in itself
		receiver.respond = unless(POISON, 'e2');
		await clock.pass(2 * 300_000);
		expect(outbox.deadLetters).toMatchObject([{ eventId: 'e2', reason: 'rejected' }]);
		expect(outbox).toMatchObject({ shipped: 5, acknowledged: [1, 2] });
		stop.abort();
		await run;
	});

	it('follows three batches in a row of one refused record each', async () => {
		const { clock, outbox, delivery, stop, receiver } = line(() => POISON, ALONE);
		outbox.add(...[1, 2, 3, 4].map((id) => batch(id, [`e${id}`])));
		const run = delivery.run(stop.signal);
		await clock.pass(1_000);
		expect(delivery.status().state).toBe('halted');
		expect(outbox.deadLetters.map(({ eventId }) => eventId)).toEqual(['e1', 'e2']);
		expect(outbox.batches.map(({ id }) => id)).toEqual([3, 4]);
		receiver.respond = () => ACCEPTED;
		await clock.pass(300_000);
		expect(outbox).toMatchObject({ shipped: 2, acknowledged: [1, 2, 3, 4] });
		stop.abort();
		await run;
	});
});
