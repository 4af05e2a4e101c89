import { requestOf } from '../../../forwarder/export/request';
import { fromMillis, parseInstant } from '../../../core/time';
import { decode } from '../delivery/support/decode';
import { batch, encoder, event, OBSERVED } from '../delivery/support/events';
import { ACCEPTED, line } from '../delivery/support/line';

const AGE = 18 * 3_600_000;
const old = event('old', '2026-01-02T03:04:05.000006Z');
const recent = event('recent', '2026-11-20T11:00:00.217018Z');
const restamping = encoder({ restampBefore: () => parseInstant('2026-11-19T18:00:00Z')! });

test('an old event has the time of receipt, and its own one as an attribute; others stay as they are', () => {
	const items = restamping(batch(1, [], { events: [old, recent] }));
	const [first, second] = decode(requestOf(items));
	expect(first).toMatchObject({ timeUnixNano: OBSERVED, observedTimeUnixNano: OBSERVED });
	expect(first!.attributes['audit.event.time']).toMatchObject({ stringValue: '2026-01-02T03:04:05.000006Z' });
	expect(first!.body?.stringValue).toBe(old.raw);
	expect(second!.timeUnixNano).toBe(recent.time);
	expect(second!.attributes['audit.event.time']).toBeUndefined();
});

test('a restamped event is sent, and a dead letter of it keeps its own time', async () => {
	const { clock, outbox, sent, delivery, stop } = line(() => ACCEPTED, { encode: restamping, maxEventAgeMs: AGE });
	outbox.add(batch(1, [], { events: [old] }));
	await clock.until(delivery.drain(stop.signal));
	expect(sent.map(({ ids }) => ids)).toEqual([['old']]);
	expect(restamping(batch(1, [], { events: [old] }))[0]!.time).toBe(old.time);
});

test('what waited so long that its receipt is too old as well becomes a dead letter', async () => {
	const { clock, outbox, sent, delivery, stop } = line(() => ACCEPTED, { encode: restamping, maxEventAgeMs: AGE });
	outbox.add(batch(1, [], { events: [old], observed: fromMillis(clock.now() - AGE - 1) }));
	await clock.until(delivery.drain(stop.signal));
	expect(sent).toEqual([]);
	expect(outbox.deadLetters).toMatchObject([{ eventId: 'old', reason: 'too_old', time: old.time }]);
});
