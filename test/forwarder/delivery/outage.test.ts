/** A receiver that is down, overloaded or silent, and its recovery. */
import type { Answer } from '../../../forwarder/export/answer';
import type { DeliveryOptions } from '../../../forwarder/delivery/delivery';
import { settle } from './support/clock';
import { batch, ids } from './support/events';
import { ACCEPTED, ALONE, DENIED, DOWN, line, MAYBE } from './support/line';

const MINUTE = 60_000;
const PAGES = [1, 2, 3, 4, 5, 6];
/** A page has a request of its own. */
const FULL: Partial<DeliveryOptions> = { limits: { maxRecords: 100 } };

/** Six pages of a hundred events wait, and everything that is taken is kept. */
function waiting(respond: (ids: string[]) => Answer | undefined, options: Partial<DeliveryOptions> = {}) {
	const taken: string[] = [];
	const here = line(
		(sent) => {
			const answer = respond(sent);
			if (answer?.kind === 'accepted') taken.push(...sent);
			return answer;
		},
		{ ...FULL, ...options },
	);
	here.outbox.add(...PAGES.map((id) => batch(id, ids(100, `${id}-`))));
	const run = here.delivery.run(here.stop.signal);
	const end = async () => {
		here.stop.abort();
		await run;
	};
	return { ...here, taken, end };
}

it('says when it asks a receiver next that is down, and nothing of it afterwards', async () => {
	let answer: Answer = DOWN;
	const { clock, sent, delivery, end } = waiting(() => answer);
	await clock.pass(10_000);
	const { nextProbeAt = 0 } = delivery.status();
	const before = sent.length;
	answer = ACCEPTED;
	await clock.pass(2_000);
	expect(sent[before]!.at).toBe(nextProbeAt);
	expect(delivery.status().nextProbeAt).toBeUndefined();
	await end();
});

const all = PAGES.flatMap((id) => ids(100, `${id}-`));

describe.each([
	['is down', DOWN],
	['answers 500 to everything', MAYBE],
	['is overloaded', { kind: 'retry', throttled: true, reason: 'status 503' } as const],
])('a receiver that %s for 38 minutes', (_, failure) => {
	it.each([0, 400, 1_100, 1_499])(
		'gets one record a second, and all of it within 2 s of its recovery (%d)',
		async (later) => {
			let answer: Answer | undefined;
			const { clock, sent, outbox, taken, delivery, notices, end } = waiting(() => answer);
			await settle();
			// four are on their way when it goes down
			answer = failure;
			sent.forEach((request) => request.answer(failure));
			await clock.pass(38 * MINUTE + later);
			const questions = sent.slice(4);
			expect(sent.slice(0, 4).map((request) => request.ids.length)).toEqual([100, 100, 100, 100]);
			expect(new Set(questions.map((request) => request.ids.length))).toEqual(new Set([1]));
			expect(Math.min(...questions.slice(1).map(({ at }, index) => at - questions[index]!.at))).toBeGreaterThanOrEqual(
				1_000,
			);
			expect(outbox.deadLetters).toEqual([]);
			expect(delivery.status().state).toBe('degraded');

			answer = ACCEPTED;
			await clock.pass(2_000);
			expect(outbox.acknowledged).toEqual(PAGES);
			expect(taken.toSorted()).toEqual(all.toSorted());
			expect(delivery.status()).toMatchObject({ state: 'ok', inFlight: {} });
			expect(notices.filter(({ kind }) => kind === 'recovered')).toHaveLength(1);
			expect(notices.some(({ kind }) => kind === 'halted')).toBe(false);
			await end();
		},
	);
});

it('asks with another record each time: the one that was sent may be what it fails over', async () => {
	const { clock, sent, end } = waiting(() => DOWN);
	await clock.pass(MINUTE);
	const questions = sent.slice(1).map((request) => request.ids.join());
	expect(questions.length).toBeGreaterThan(30);
	expect(new Set(questions).size).toBe(questions.length);
	await end();
});

it('sends an overloaded receiver that takes single records whole requests more and more rarely', async () => {
	const { clock, sent, taken, end } = waiting((request) => (request.length > 1 ? DOWN : ACCEPTED));
	const minutes = [];
	for (let from = 0; minutes.length < 5; from = sent.length) {
		await clock.pass(MINUTE);
		minutes.push(sent.slice(from).filter((request) => request.ids.length > 1).length);
	}
	expect(minutes[0]).toBeLessThanOrEqual(4 + 6);
	expect(minutes.slice(2).every((count) => count <= 2)).toBe(true);
	// and it gets on
	expect(taken.length).toBeGreaterThan(100);
	expect(new Set(taken).size).toBe(taken.length);
	await end();
});

it('asks a silent receiver again while it may still answer, as often as requests may be under way', async () => {
	const hanging: ((answer: Answer) => void)[] = [];
	const asked: { at: number; count: number }[] = [];
	let isSilent = true;
	const here = line(() => ACCEPTED, {
		...FULL,
		timeoutMs: 10_000,
		send: (items) => {
			asked.push({ at: here.clock.now(), count: items.length });
			if (!isSilent) return Promise.resolve(ACCEPTED);
			return new Promise((resolve) => {
				hanging.push(resolve);
				void here.clock.sleep(10_000).then(() => resolve({ ...DOWN, reason: 'no answer (timeout)' } as Answer));
			});
		},
	});
	const { clock, outbox, delivery, stop } = here;
	outbox.add(...PAGES.map((id) => batch(id, ids(100, `${id}-`))));
	const run = delivery.run(stop.signal);
	await clock.pass(5 * MINUTE);
	const questions = asked.slice(4);
	expect(new Set(questions.map(({ count }) => count))).toEqual(new Set([1]));
	const waits = questions.slice(1).map(({ at }, index) => at - questions[index]!.at);
	expect(Math.min(...waits)).toBeGreaterThanOrEqual(1_000);
	expect(Math.max(...waits)).toBeLessThanOrEqual(2_500);
	isSilent = false;
	const before = outbox.shipped;
	await clock.pass(2_500);
	hanging.forEach((answer) => answer(ACCEPTED));
	await clock.pass(2_500);
	expect(before).toBe(0);
	expect(outbox.acknowledged).toEqual(PAGES);
	stop.abort();
	await run;
});

it('is not over because of what was sent before it began', async () => {
	const { clock, outbox, sent, delivery, stop, receiver } = line(() => undefined, ALONE);
	outbox.add(batch(1, ['a']), batch(2, ['b']));
	const run = delivery.run(stop.signal);
	await settle();
	receiver.respond = () => DOWN;
	sent[0]!.answer(DOWN);
	await settle();
	sent[1]!.answer(ACCEPTED);
	await clock.pass(900);
	expect(sent).toHaveLength(2);
	stop.abort();
	await run;
});

it('ends with the answer that halts: nobody goes on asking', async () => {
	let answer: Answer = DOWN;
	const { clock, sent, delivery, end } = waiting(() => answer);
	await clock.pass(MINUTE);
	answer = DENIED;
	await clock.pass(2_000);
	expect(delivery.status()).toMatchObject({ state: 'halted', lastError: { message: 'status 401: no' } });
	const before = sent.length;
	await clock.pass(4 * MINUTE);
	expect(sent).toHaveLength(before);
	await end();
});

it('goes on asking although the wall clock is set back', async () => {
	let answer: Answer = DOWN;
	const { clock, outbox, end } = waiting(() => answer);
	await clock.pass(MINUTE);
	clock.step(-60 * MINUTE);
	answer = ACCEPTED;
	await clock.pass(3_500);
	expect(outbox.acknowledged).toEqual(PAGES);
	await end();
});

it('refuses what is bad in itself as soon as the receiver is back, and goes on with the rest', async () => {
	let isDown = true;
	const refuse: Answer = { kind: 'poison', message: 'status 400: bad' };
	const { clock, outbox, taken, end } = waiting((request) => {
		if (isDown) return DOWN;
		return request.some((id) => id === '1-0' || id === '3-7') ? refuse : ACCEPTED;
	});
	await clock.pass(MINUTE);
	isDown = false;
	await clock.pass(2_000);
	expect(outbox.deadLetters.map(({ eventId }) => eventId).toSorted()).toEqual(['1-0', '3-7']);
	expect(outbox.acknowledged).toEqual(PAGES);
	expect(taken).toHaveLength(all.length - 2);
	await end();
});
