/** The receiver says how many records it refused, and not which. */
import type { Answer } from '../../../forwarder/export/answer';
import { batch, ids } from './support/events';
import { ACCEPTED, DENIED, DOWN, line, MAYBE, POISON } from './support/line';

const partial = (rejected: number, message = 'too long'): Answer => ({ kind: 'partial', rejected, message });

/** Takes the others, whatever travels with them. */
function refusing(isBad: (id: string) => boolean) {
	return (sent: string[]): Answer => {
		const rejected = sent.filter(isBad).length;
		return rejected > 0 ? partial(rejected) : ACCEPTED;
	};
}

const letters = (outbox: { deadLetters: readonly { eventId: string; reason: string }[] }, reason: string) =>
	outbox.deadLetters.filter((letter) => letter.reason === reason).map(({ eventId }) => eventId);

describe('what is refused is found', () => {
	it('1 record in 400 of 14,662: 36 letters, every other record arrives, and no batch is sent more than thrice', async () => {
		const all = ids(14_662);
		const bad = new Set(all.filter((_, index) => index % 400 === 399));
		const copies = new Map<string, number>();
		const { clock, outbox, sent, delivery, stop } = line((some) => {
			for (const id of some) copies.set(id, (copies.get(id) ?? 0) + 1);
			return refusing((id) => bad.has(id))(some);
		});
		const pages: string[][] = [];
		for (let at = 0; at < all.length; at += 100) pages.push(all.slice(at, at + 100));
		outbox.add(...pages.map((page, index) => batch(index + 1, page)));
		expect(await clock.until(delivery.drain(stop.signal))).toEqual({ kind: 'drained' });
		expect(letters(outbox, 'rejected').sort()).toEqual([...bad].sort());
		expect(outbox.deadLetters).toHaveLength(36);
		expect(outbox.deadLetters[0]).toMatchObject({ detail: 'too long', raw: '{"id":"e399"}' });
		expect(outbox.shipped).toBe(14_662 - 36);
		expect(outbox.acknowledged).toEqual(pages.map((_, index) => index + 1));
		const total = [...copies.values()].reduce((sum, count) => sum + count);
		expect(total - all.length).toBeLessThanOrEqual(2 * all.length);
		expect(sent.length).toBeLessThan(1_000);
	});

	it('in each request of a batch that needs several', async () => {
		const { clock, outbox, delivery, stop } = line(
			refusing((id) => ['e3', 'e17', 'e18'].includes(id)),
			{ limits: { maxRecords: 10 } },
		);
		outbox.add(batch(1, ids(20)));
		await clock.until(delivery.drain(stop.signal));
		expect(letters(outbox, 'rejected')).toEqual(['e3', 'e17', 'e18']);
		expect(outbox).toMatchObject({ shipped: 17, acknowledged: [1] });
		expect(outbox.deadLetters).toHaveLength(3);
	});

	it('although requests of the search fail in between', async () => {
		const { clock, outbox, delivery, stop, notices } = line((some, attempt) =>
			attempt % 3 === 0 ? DOWN : attempt % 5 === 0 ? MAYBE : refusing((id) => id === 'e7')(some),
		);
		outbox.add(batch(1, ids(30)));
		await clock.until(delivery.drain(stop.signal));
		expect(letters(outbox, 'rejected')).toEqual(['e7']);
		expect(outbox.deadLetters).toHaveLength(1);
		// once for the batch, not for each request of the search
		expect(notices.filter(({ kind }) => kind === 'warning')).toEqual([
			{ kind: 'warning', message: '1 of 30 records refused: too long' },
		]);
	});

	it('also when the destination is halted in between', async () => {
		let denied = false;
		const { clock, outbox, sent, delivery, stop } = line((some, attempt) => {
			if (attempt === 3) denied = true;
			return denied ? DENIED : refusing((id) => id === 'e7')(some);
		});
		outbox.add(batch(1, ids(30)));
		const run = delivery.run(stop.signal);
		await clock.pass(1_000);
		expect(delivery.status().state).toBe('halted');
		denied = false;
		await clock.pass(300_000);
		expect(letters(outbox, 'rejected')).toEqual(['e7']);
		expect(outbox).toMatchObject({ shipped: 29, acknowledged: [1] });
		// the batch was not started again
		expect(sent.filter((one) => one.ids.length === 30)).toHaveLength(1);
		stop.abort();
		await run;
	});

	it('when letters in doubt are retried', async () => {
		const { clock, outbox, delivery, stop } = line(refusing((id) => id === 'e7'));
		outbox.add({ ...batch(1, ids(30)), retried: true });
		await clock.until(delivery.drain(stop.signal));
		expect(letters(outbox, 'rejected')).toEqual(['e7']);
		expect(outbox.shipped).toBe(29);
	});
});

describe('what cannot be found is kept in doubt, as one entry, with the words of the receiver', () => {
	const doubtOf = (outbox: { deadLetters: readonly { reason: string; detail: string }[] }) => [
		...new Set(outbox.deadLetters.filter(({ reason }) => reason === 'doubtful').map(({ detail }) => detail)),
	];

	it('when a quota counts otherwise each time', async () => {
		let left = 300;
		const { clock, outbox, sent, delivery, stop, notices } = line((some) => {
			const rejected = Math.max(0, some.length - left);
			left = 0;
			return rejected > 0 ? partial(rejected, 'quota exceeded') : ACCEPTED;
		});
		outbox.add(batch(1, ids(512)));
		await clock.until(delivery.drain(stop.signal));
		expect(doubtOf(outbox)).toEqual([
			'212 of 512 records refused: quota exceeded; unknown which, because its counts changed when parts were sent again',
		]);
		expect(letters(outbox, 'doubtful')).toHaveLength(512);
		expect(outbox.shipped).toBe(0);
		const copies = sent.slice(1).reduce((sum, one) => sum + one.ids.length, 0);
		expect(copies).toBeLessThanOrEqual(1_024);
		expect(notices).toContainEqual(expect.objectContaining({ kind: 'acknowledged', deadLettered: 0, doubtful: 512 }));
	});

	it.each<[string, Answer, RegExp]>([
		['refuses copies as duplicates', partial(1, 'duplicate record'), /already has/],
		[
			'refuses copies with 409',
			{ kind: 'misconfigured', message: 'status 409: conflict' },
			/refused differently: status 409/,
		],
		['refuses the parts as a whole', POISON, /refused differently: status 400/],
	])('when it %s', async (_, then, why) => {
		const { clock, outbox, sent, delivery, stop } = line((_some, attempt) => (attempt === 1 ? partial(1) : then));
		outbox.add(batch(1, ids(30)));
		expect(await clock.until(delivery.drain(stop.signal))).toEqual({ kind: 'drained' });
		expect(doubtOf(outbox)).toEqual([expect.stringMatching(why)]);
		expect(letters(outbox, 'doubtful')).toHaveLength(30);
		expect(sent.length).toBe(2);
	});

	it('when too many are refused here and there; what was taken whole meanwhile is none of it', async () => {
		const { clock, outbox, sent, delivery, stop } = line(
			refusing((id) => Number(id.slice(1)) % 4 === 0 && id !== 'e0'),
		);
		outbox.add(batch(1, ids(512)));
		await clock.until(delivery.drain(stop.signal));
		expect(doubtOf(outbox)).toEqual([
			expect.stringMatching(/^127 of 512 records refused: too long; .*resend too much/),
		]);
		expect(sent.slice(1).reduce((sum, one) => sum + one.ids.length, 0)).toBeLessThanOrEqual(1_024);
	});

	it('of several requests of one batch: one text for all', async () => {
		const { clock, outbox, delivery, stop } = line((some) => partial(1, `of ${some.length}`), {
			limits: { maxRecords: 10 },
		});
		outbox.add(batch(1, ids(25)));
		await clock.until(delivery.drain(stop.signal));
		expect(letters(outbox, 'doubtful')).toHaveLength(25);
		expect(doubtOf(outbox)).toHaveLength(1);
	});

	it('at once, after three in a row that found nothing out, until something is taken whole', async () => {
		const { clock, outbox, sent, delivery, stop, receiver } = line(() => partial(1, 'sampled'), { inFlight: 1 });
		outbox.add(...[1, 2, 3, 4, 5, 6].map((id) => batch(id, ids(512, `${id}-`))));
		await clock.until(delivery.drain(stop.signal));
		expect(sent.filter((one) => one.ids.length === 512)).toHaveLength(6);
		expect(sent).toHaveLength(3 * 3 + 3);
		receiver.respond = () => ACCEPTED;
		outbox.add(batch(7, ids(512, '7-')));
		await clock.until(delivery.drain(stop.signal));
		receiver.respond = refusing((id) => id === '8-100');
		outbox.add(batch(8, ids(512, '8-')));
		await clock.until(delivery.drain(stop.signal));
		expect(letters(outbox, 'rejected')).toEqual(['8-100']);
	});
});

describe('a receiver that refuses every record', () => {
	it('in the words of a partial success halts the destination, and keeps its data', async () => {
		const { clock, outbox, sent, delivery, stop, receiver } = line((some) => partial(some.length, 'quota exceeded'));
		outbox.add(batch(1, ids(30)));
		expect(await clock.until(delivery.drain(stop.signal))).toEqual({
			kind: 'halted',
			message: 'every record is refused: quota exceeded',
		});
		expect(sent).toHaveLength(1);
		expect(outbox).toMatchObject({ acknowledged: [], deadLetters: [] });
		receiver.respond = () => ACCEPTED;
		await clock.until(delivery.drain(stop.signal));
		expect(outbox).toMatchObject({ shipped: 30, acknowledged: [1] });
	});

	it('of one request of several: letters for these, and the others arrive', async () => {
		const { clock, outbox, delivery, stop } = line(
			(some) => (some.includes('e0') ? partial(some.length, 'too old') : ACCEPTED),
			{ limits: { maxRecords: 10 } },
		);
		outbox.add(batch(1, ids(20)));
		await clock.until(delivery.drain(stop.signal));
		expect(letters(outbox, 'rejected')).toEqual(ids(10));
		expect(outbox.shipped).toBe(10);
	});

	it('alone in its batch is set aside', async () => {
		const { clock, outbox, delivery, stop } = line(refusing((id) => id === 'a'));
		outbox.add(batch(1, ['a']));
		await clock.until(delivery.drain(stop.signal));
		expect(outbox.deadLetters).toMatchObject([{ eventId: 'a', reason: 'rejected', detail: 'too long' }]);
	});
});
