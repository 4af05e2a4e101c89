import { fromMillis } from '../../../core/time';
import { settle } from './support/clock';
import { batch, event, ids } from './support/events';
import { ACCEPTED, line, POISON, unless } from './support/line';

it('sends small batches of a stream together, and acknowledges them together', async () => {
	const { outbox, sent, delivery, stop } = line(() => undefined);
	const small = [1, 2, 3, 4].map((id) => batch(id, ids(200, `${id}-`)));
	outbox.add(...small, batch(5, ['other'], { stream: 'erp' }), batch(6, ['again'], { stream: 'erp', retried: true }));
	const run = delivery.run(stop.signal);
	await settle();
	expect(sent.map(({ ids }) => [ids.length, ids[0]])).toEqual([
		[400, '1-0'],
		[400, '3-0'],
		[1, 'other'],
		[1, 'again'],
	]);
	expect(delivery.status().inFlight).toEqual({ dr: 800, erp: 2 });
	sent[0]!.answer(ACCEPTED);
	await settle();
	expect(outbox).toMatchObject({ acknowledged: [1, 2], shipped: 400 });
	stop.abort();
	await run;
});

it('lets a batch wait for company, but not for long, and a full request not at all', async () => {
	const { clock, outbox, sent, delivery, stop } = line(() => ACCEPTED, { lingerMs: 20 });
	const fresh = (id: number) => batch(id, ids(200, `${id}-`), { observed: fromMillis(clock.now()) });
	const run = delivery.run(stop.signal);
	const add = async (id: number, waitMs: number) => {
		outbox.add(fresh(id));
		delivery.wake();
		await clock.pass(waitMs);
	};
	await add(1, 19);
	expect(sent).toEqual([]);
	await clock.pass(1);
	expect(sent.map(({ ids }) => ids.length)).toEqual([200]);
	await add(2, 10);
	await add(3, 0);
	expect(sent.map(({ ids }) => ids.length)).toEqual([200, 400]);
	stop.abort();
	await run;
});

it('does not let a batch wait that was received before a restart, or before the clock was set back', async () => {
	const { clock, outbox, sent, delivery, stop } = line(() => ACCEPTED, { lingerMs: 20 });
	const at = (ms: number) => ({ observed: fromMillis(clock.now() + ms) });
	outbox.add(batch(1, ['old'], at(-3_600_000)), batch(2, ['ahead'], { ...at(3_600_000), stream: 'erp' }));
	const run = delivery.run(stop.signal);
	await clock.pass(0);
	expect(sent.map(({ ids }) => ids)).toEqual([['old'], ['ahead']]);
	stop.abort();
	await run;
});

it('keeps requests of batches that were put together below the size limit', async () => {
	const big = JSON.stringify({ text: 'x'.repeat(100_000) });
	const { clock, outbox, sent, delivery, stop } = line(() => ACCEPTED);
	const events = (id: number) => [event(`e${id}`, undefined, big)];
	outbox.add(...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((id) => batch(id, [], { events: events(id) })));
	await clock.until(delivery.drain(stop.signal));
	expect(sent.map(({ ids }) => ids.length)).toEqual([8, 2]);
	expect(outbox.acknowledged).toHaveLength(10);
});

it('writes dead letters of batches that travelled together with their own time of receipt', async () => {
	const { clock, outbox, delivery, stop } = line(unless(POISON, 'b'));
	outbox.add(batch(1, ['a'], { observed: 1n }), batch(2, ['b'], { observed: 2n }), batch(3, ['c'], { observed: 3n }));
	await clock.until(delivery.drain(stop.signal));
	expect(outbox.deadLetters).toMatchObject([{ eventId: 'b', observed: 2n, stream: 'dr' }]);
	expect(outbox).toMatchObject({ acknowledged: [1, 2, 3], shipped: 2 });
});
