import { createDelivery, type DeliveryNotice } from '../../../forwarder/delivery/delivery';
import { createReceiver } from '../../../forwarder/delivery/receiver';
import type { Answer } from '../../../forwarder/export/answer';
import type { Item } from '../../../forwarder/records/item';
import { settle, TestClock } from './support/clock';
import { batch, encoder } from './support/events';
import { ACCEPTED, ALONE, DENIED, DOWN } from './support/line';
import { MemoryOutbox } from './support/outbox';

const PROBE_MS = 300_000;

/** Two outboxes that are emptied into one receiver, with three batches each. */
function twoDeliveries(respond: () => Answer | undefined) {
	const clock = new TestClock();
	const notices: DeliveryNotice['kind'][] = [];
	const receiver = { respond, sent: [] as { at: number; answer: (answer: Answer) => void }[] };
	const send = (_: readonly Item[], signal: AbortSignal) =>
		new Promise<Answer>((resolve, reject) => {
			receiver.sent.push({ at: clock.now(), answer: resolve });
			signal.addEventListener('abort', () => reject(signal.reason as Error));
			const answer = receiver.respond();
			if (answer) resolve(answer);
		});
	const common = { send, clock, random: () => 0.5, inFlight: 2, probeEveryMs: PROBE_MS };
	const shared = createReceiver({ ...common, report: ({ kind }) => notices.push(kind) });
	const stop = new AbortController();
	const lines = ['a', 'b'].map((name) => {
		const outbox = new MemoryOutbox();
		outbox.add(...[1, 2, 3].map((id) => batch(id, [`${name}${id}`])));
		const delivery = createDelivery({ ...common, ...ALONE, destination: 'siem', outbox, encode: encoder() }, shared);
		return { outbox, delivery, run: delivery.run(stop.signal) };
	});
	return {
		...{ clock, notices, receiver, lines },
		async end() {
			stop.abort();
			await Promise.all(lines.map(({ run }) => run));
		},
	};
}

test('outboxes that share a receiver send no more requests at a time than one may', async () => {
	const { receiver, lines, clock, end } = twoDeliveries(() => undefined);
	await settle();
	expect(receiver.sent).toHaveLength(2);
	receiver.sent[0]!.answer(ACCEPTED);
	await clock.pass(0);
	expect(receiver.sent).toHaveLength(3);
	receiver.respond = () => ACCEPTED;
	for (const { answer } of receiver.sent) answer(ACCEPTED);
	await clock.pass(0);
	expect(lines.map(({ outbox }) => outbox.acknowledged)).toEqual([
		[1, 2, 3],
		[1, 2, 3],
	]);
	await end();
});

test('a receiver that refuses the key is halted once for all outboxes, and asked by one of them', async () => {
	const { receiver, notices, clock, lines, end } = twoDeliveries(() => DENIED);
	await clock.pass(1_000);
	expect(notices).toEqual(['halted']);
	const before = receiver.sent.length;
	await clock.pass(PROBE_MS);
	expect(receiver.sent).toHaveLength(before + 1);
	expect(lines.map(({ delivery }) => delivery.status().state)).toEqual(['halted', 'halted']);
	await end();
});

test('when one probe is accepted, all outboxes go on at once', async () => {
	const { receiver, notices, clock, lines, end } = twoDeliveries(() => DENIED);
	await clock.pass(1_000);
	receiver.respond = () => ACCEPTED;
	lines[1]!.delivery.probeNow();
	await clock.pass(10);
	expect(notices).toEqual(['halted', 'resumed']);
	for (const { outbox } of lines) expect(outbox.acknowledged).toEqual([1, 2, 3]);
	await end();
});

test('a receiver that is down is asked by one small request at a time, whoever waits', async () => {
	const { receiver, notices, clock, lines, end } = twoDeliveries(() => DOWN);
	await clock.pass(1_000);
	const before = receiver.sent.length;
	await clock.pass(10_000);
	expect(receiver.sent.length - before).toBeLessThanOrEqual(10);
	receiver.respond = () => ACCEPTED;
	await clock.pass(3_000);
	expect(notices.at(-1)).toBe('recovered');
	for (const { outbox } of lines) expect(outbox.acknowledged).toEqual([1, 2, 3]);
	await end();
});
